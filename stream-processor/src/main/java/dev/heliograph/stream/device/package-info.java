/** One device at a time: its windows, presence and alerts, carried by Kafka Streams and decided by the domain. */
@NullMarked
package dev.heliograph.stream.device;

import org.jspecify.annotations.NullMarked;
