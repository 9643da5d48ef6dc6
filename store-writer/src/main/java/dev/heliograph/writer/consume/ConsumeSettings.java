package dev.heliograph.writer.consume;

import java.time.Duration;
import java.util.Map;

/**
 * How the writer reads from Kafka.
 *
 * @param bootstrapServers addresses of the brokers
 * @param consumer name of the consumer group and of the consumer in {@code consumer_offset}
 * @param threads consumers that share the partitions, each with its own connection to the database
 * @param sessionTimeout how long a consumer may give no sign of life before its partitions go to another
 * @param maxBatchRecords most records in one transaction
 * @param maxBatchBytes a batch is closed once it holds this many bytes of values
 * @param linger how long a batch that is not full waits for more; 0 writes what is there at once
 * @param firstRetry pause after the first failure of an outage
 * @param longestRetry longest pause during an outage
 * @param properties further properties of the Kafka consumer, such as those of security
 */
public record ConsumeSettings(
        String bootstrapServers,
        String consumer,
        int threads,
        Duration sessionTimeout,
        int maxBatchRecords,
        int maxBatchBytes,
        Duration linger,
        Duration firstRetry,
        Duration longestRetry,
        Map<String, String> properties) {
    /** @throws IllegalArgumentException if a number or a duration is out of its range */
    public ConsumeSettings {
        require(!bootstrapServers.isBlank(), "bootstrapServers must be given");
        require(!consumer.isBlank(), "consumer must be given");
        require(threads >= 1 && threads <= 64, "threads must be 1 to 64, was " + threads);
        require(sessionTimeout.toMillis() >= 3, "sessionTimeout must be at least 3 ms, was " + sessionTimeout);
        require(
                maxBatchRecords >= 1 && maxBatchRecords <= 100_000,
                "maxBatchRecords must be 1 to 100000, was " + maxBatchRecords);
        require(maxBatchBytes >= 1_024, "maxBatchBytes must be at least 1024, was " + maxBatchBytes);
        require(
                !linger.isNegative() && linger.compareTo(Duration.ofSeconds(10)) <= 0,
                "linger must be 0 to 10 s, was " + linger);
        require(firstRetry.isPositive(), "firstRetry must be positive, was " + firstRetry);
        require(
                longestRetry.compareTo(firstRetry) >= 0 && longestRetry.compareTo(Duration.ofMinutes(1)) <= 0,
                "longestRetry must be firstRetry to 1 min, was " + longestRetry);
        properties = Map.copyOf(properties);
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
