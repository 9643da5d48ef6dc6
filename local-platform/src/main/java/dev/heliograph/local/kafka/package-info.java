/** A single-node Kafka inside this process. */
@NullMarked
package dev.heliograph.local.kafka;

import org.jspecify.annotations.NullMarked;
