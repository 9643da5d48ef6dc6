package dev.heliograph.ingest;

import dev.heliograph.ingest.funnel.FunnelLimits;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * What all transports of the gateway share.
 *
 * @param instance name of this instance in the heartbeat
 * @param maxPayloadBytes most bytes of a payload
 * @param maxMembers most metrics of a reading, and readings of an array
 * @param maxUserProperties most MQTT 5 user properties of a message
 * @param maxAhead how far a device's time may be ahead
 * @param maxAge how far a device's time may be behind
 * @param maxHistoryAge the same where a device brings history; no longer than the store keeps its longest windows ({@code
 *     heliograph.writer.retention.windows1h}), because what is older would be deleted at once
 * @param maxMetricsPerDevice most distinct metrics of a device
 * @param maxInFlightMessages most messages received and not yet safe in Kafka; past it nothing is read
 * @param maxInFlightBytes most bytes of these
 * @param degradedAfter age of the oldest message in flight from which the gateway calls itself degraded
 * @param startTimeout how long a start waits for Kafka
 * @param ledgerInterval how often the gateway writes to the ledger what Kafka has acknowledged
 */
@Validated
@ConfigurationProperties("heliograph.ingest")
public record IngestSettings(
        @NotBlank @DefaultValue("local") String instance,
        @Min(64) @Max(1_048_576) @DefaultValue("262144") int maxPayloadBytes,
        @Min(1) @Max(10_000) @DefaultValue("500") int maxMembers,
        @Min(0) @DefaultValue("32") int maxUserProperties,

        @NotNull @DurationMin(millis = 0) @DefaultValue("5m")
        Duration maxAhead,

        @NotNull @DurationMin(minutes = 1) @DefaultValue("30d")
        Duration maxAge,

        @NotNull @DurationMin(minutes = 1) @DefaultValue("1830d")
        Duration maxHistoryAge,

        @Min(1) @DefaultValue("500") int maxMetricsPerDevice,
        @Min(1) @DefaultValue("20000") int maxInFlightMessages,
        @Min(1_048_576) @DefaultValue("67108864") long maxInFlightBytes,

        @NotNull @DurationMin(seconds = 1) @DefaultValue("10s")
        Duration degradedAfter,

        @NotNull @DurationMin(seconds = 1) @DefaultValue("2m")
        Duration startTimeout,

        @NotNull @DurationMin(millis = 100) @DefaultValue("1s")
        Duration ledgerInterval) {

    FunnelLimits funnelLimits() {
        return new FunnelLimits(maxPayloadBytes, maxMembers, maxUserProperties, maxAhead, maxAge, maxHistoryAge);
    }
}
