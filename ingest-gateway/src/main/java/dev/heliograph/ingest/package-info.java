/** The gateway: transports that carry bytes, one funnel that judges them, and Kafka behind it. */
@NullMarked
package dev.heliograph.ingest;

import org.jspecify.annotations.NullMarked;
