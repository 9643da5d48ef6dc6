package dev.heliograph.query.stream;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The live stream and its bounds.
 *
 * @param tick what comes within this time goes out in one write
 * @param heartbeat longest silence on a connection
 * @param retry what clients are told to wait before they come again
 * @param connectionsPerUser most open streams of one user; beyond: 429
 * @param connections most open streams of the instance; beyond: 503
 * @param maxViews most subscriptions that one stream may have
 * @param maxDevices most devices that one stream may name
 * @param maxMetrics most metrics that one stream may name
 * @param queueBytes what may wait for a slow reader before only the newest of each series is kept; twice that ends it
 * @param queueFrames how many ticks may wait before only the newest of each series is kept
 * @param writeDeadline longest time that one write may take
 * @param replayRecords most records that a resuming client may have missed; beyond: reset
 * @param replays resuming clients served from Kafka at the same time; the others are told to reset
 * @param behindRecords how far this instance may be behind before it jumps to now and tells everybody to reset
 * @param linger how long a partition of a live topic is read on when no viewer needs it any more
 * @param joinWait longest time that a stream waits for the partitions of its devices to be read
 * @param ledger time between two looks at the ledgers that somebody watches
 */
@Validated
@ConfigurationProperties("heliograph.query.stream")
public record StreamSettings(
        @DefaultValue("50ms") Duration tick,
        @DefaultValue("5s") Duration heartbeat,
        @DefaultValue("2s") Duration retry,
        @Min(1) @DefaultValue("20") int connectionsPerUser,
        @Min(1) @DefaultValue("5000") int connections,
        @Min(1) @Max(1_000) @DefaultValue("20") int maxViews,
        @Min(1) @Max(10_000) @DefaultValue("200") int maxDevices,
        @Min(1) @DefaultValue("100") int maxMetrics,
        @Min(1_024) @DefaultValue("524288") int queueBytes,
        @Min(2) @DefaultValue("128") int queueFrames,
        @DefaultValue("10s") Duration writeDeadline,
        @Min(0) @DefaultValue("50000") long replayRecords,
        @Min(1) @DefaultValue("4") int replays,
        @Min(1_000) @DefaultValue("200000") long behindRecords,
        @DefaultValue("30s") Duration linger,
        @DefaultValue("5s") Duration joinWait,
        @DefaultValue("5s") Duration ledger) {}
