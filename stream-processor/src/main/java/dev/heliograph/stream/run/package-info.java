/** Running the topology: its configuration, life, health, and heartbeat. */
@NullMarked
package dev.heliograph.stream.run;

import org.jspecify.annotations.NullMarked;
