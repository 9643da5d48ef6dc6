/** What goes wrong with devices: decorators of what they measure and of what they send, each with a rate and a seed. */
@NullMarked
package dev.heliograph.simulator.fault;

import org.jspecify.annotations.NullMarked;
