/** Summaries from which percentiles come, and that can be added: pure. */
@NullMarked
package dev.heliograph.model.sketch;

import org.jspecify.annotations.NullMarked;
