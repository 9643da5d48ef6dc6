/** Encrypted connections to Kafka whose certificates and authorities change while a service runs. */
@NullMarked
package dev.heliograph.connections.kafka;

import org.jspecify.annotations.NullMarked;
