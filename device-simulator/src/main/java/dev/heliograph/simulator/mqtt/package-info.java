/** One device's connection: bounded in flight, nothing forgotten before its PUBACK, back-off with jitter. */
@NullMarked
package dev.heliograph.simulator.mqtt;

import org.jspecify.annotations.NullMarked;
