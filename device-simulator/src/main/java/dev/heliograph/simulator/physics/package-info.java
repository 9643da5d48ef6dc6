/** What devices measure: pure functions of seed, device and time. No clock, no I/O. */
@NullMarked
package dev.heliograph.simulator.physics;

import org.jspecify.annotations.NullMarked;
