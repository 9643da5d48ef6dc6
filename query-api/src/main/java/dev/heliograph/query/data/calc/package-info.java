/** The arithmetic of range queries: buckets of the calendar, aggregates, filling and thinning. No clock, no I/O. */
@NullMarked
package dev.heliograph.query.data.calc;

import org.jspecify.annotations.NullMarked;
