package dev.heliograph.ingest.kafka;

import dev.heliograph.connections.kafka.KafkaTls;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import java.util.Map;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How to reach Kafka; shared by all services.
 *
 * @param bootstrapServers comma-separated {@code host:port} of some brokers
 * @param properties further client settings by Kafka's own names, such as {@code security.protocol}; applied last
 * @param partitions partitions of the topics that are keyed by device
 * @param replication replicas of every topic
 * @param minInSyncReplicas replicas that must have a record before it is acknowledged
 * @param retention how long events are kept; the registry and the rules are kept for good
 * @param createTopics whether topics that are missing are created; existing ones are checked in any case
 * @param deliveryTimeout how long an accepted message may wait for Kafka before it fails, unacknowledged
 * @param compression how batches are compressed: {@code zstd}, {@code lz4}, {@code none}, ...
 * @param linger how long the producer gathers a batch
 */
@Validated
@ConfigurationProperties("heliograph.kafka")
public record KafkaSettings(
        @NotBlank @DefaultValue("localhost:9092") String bootstrapServers,
        @DefaultValue Map<String, String> properties,
        @Min(1) @Max(1_000) @DefaultValue("6") int partitions,
        @Min(1) @Max(7) @DefaultValue("1") short replication,
        @Min(1) @Max(7) @DefaultValue("1") int minInSyncReplicas,
        @NotNull @DurationMin(hours = 1) @DefaultValue("7d") Duration retention,
        @DefaultValue("true") boolean createTopics,

        @NotNull @DurationMin(seconds = 10) @DefaultValue("10m")
        Duration deliveryTimeout,

        @NotBlank @DefaultValue("lz4") String compression,

        @NotNull @DurationMin(millis = 0) @DefaultValue("2ms")
        Duration linger) {

    /** Refuses a minimum of in-sync replicas that no topic of this replication can reach. */
    public KafkaSettings {
        properties = KafkaTls.complete(properties);
        if (minInSyncReplicas > replication) {
            throw new IllegalArgumentException("min-in-sync-replicas (" + minInSyncReplicas
                    + ") must not exceed replication (" + replication + ")");
        }
    }

    /** What every client needs to know. */
    Map<String, Object> clientProperties(String clientId) {
        Map<String, Object> all = new java.util.HashMap<>();
        all.put("bootstrap.servers", bootstrapServers);
        all.put("client.id", clientId);
        all.putAll(properties);
        return all;
    }
}
