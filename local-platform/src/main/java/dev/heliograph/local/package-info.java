/** The whole platform on one machine, in one process and one PostgreSQL child. */
@NullMarked
package dev.heliograph.local;

import org.jspecify.annotations.NullMarked;
