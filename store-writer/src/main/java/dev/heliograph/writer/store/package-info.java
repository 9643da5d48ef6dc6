/** The store that a plan is written to: the port and its PostgreSQL adapter. */
@NullMarked
package dev.heliograph.writer.store;

import org.jspecify.annotations.NullMarked;
