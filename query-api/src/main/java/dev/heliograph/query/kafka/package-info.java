/** The clients of Kafka: how they are set up and where it is. */
@NullMarked
package dev.heliograph.query.kafka;

import org.jspecify.annotations.NullMarked;
