/** Plays a CSV file of real measurements as if its devices were alive. */
@NullMarked
package dev.heliograph.simulator.replay;

import org.jspecify.annotations.NullMarked;
