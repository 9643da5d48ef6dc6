/** Registers the fleet through the REST API and keeps its keys. */
@NullMarked
package dev.heliograph.simulator.provision;

import org.jspecify.annotations.NullMarked;
