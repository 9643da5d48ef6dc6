/** A PostgreSQL server as a child process that never outlives this one. */
@NullMarked
package dev.heliograph.local.postgres;

import org.jspecify.annotations.NullMarked;
