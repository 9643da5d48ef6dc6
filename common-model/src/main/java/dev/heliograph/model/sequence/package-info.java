/** Numbers that a device gives its readings, and what they tell about readings that never came. */
@NullMarked
package dev.heliograph.model.sequence;

import org.jspecify.annotations.NullMarked;
