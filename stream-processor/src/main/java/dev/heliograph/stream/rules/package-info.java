/** The rules, read by every instance from the compacted topic. */
@NullMarked
package dev.heliograph.stream.rules;

import org.jspecify.annotations.NullMarked;
