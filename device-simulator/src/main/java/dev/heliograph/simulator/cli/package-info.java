/** The command line. */
@NullMarked
package dev.heliograph.simulator.cli;

import org.jspecify.annotations.NullMarked;
