/** The stream processor: readings in; windows, presence and alert transitions out. */
@NullMarked
package dev.heliograph.stream;

import org.jspecify.annotations.NullMarked;
