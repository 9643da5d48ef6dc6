/** The way from Kafka to the store: polling, retrying, pausing, and what is counted on the way. */
@NullMarked
package dev.heliograph.writer.consume;

import org.jspecify.annotations.NullMarked;
