/** What time it is where the clock of a machine may be wrong: pure, by clocks that are handed in. */
@NullMarked
package dev.heliograph.model.clock;

import org.jspecify.annotations.NullMarked;
