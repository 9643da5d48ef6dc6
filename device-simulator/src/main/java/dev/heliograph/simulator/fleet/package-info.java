/** Which devices there are and when each is due. */
@NullMarked
package dev.heliograph.simulator.fleet;

import org.jspecify.annotations.NullMarked;
