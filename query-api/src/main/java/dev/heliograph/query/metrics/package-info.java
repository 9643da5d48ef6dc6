/** The catalogue of what is measured. */
@NullMarked
package dev.heliograph.query.metrics;

import org.jspecify.annotations.NullMarked;
