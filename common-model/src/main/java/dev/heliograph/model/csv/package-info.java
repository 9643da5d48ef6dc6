/** Readings as lines of a CSV file: what a recording and an upload of history have in common. */
@NullMarked
package dev.heliograph.model.csv;

import org.jspecify.annotations.NullMarked;
