package dev.heliograph.query.history;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How much history may come at once, and how far back it may reach.
 *
 * @param requests backfills at the same time; one more is answered 429
 * @param readingsPerSecond readings of all backfills of this instance a second: what is left of the platform is for live data
 * @param maxReadings most readings of a request; what is behind them is not read, and the answer says where to go on
 * @param maxDevices most devices named in one request
 * @param maxMetrics most metrics of a reading
 * @param pauseBehind a backfill waits while the store is behind by more than this
 * @param acknowledgeWait longest wait for Kafka, and for a store that is behind
 * @param listedRefusals refused readings that the answer lists; all are counted
 * @param maxAhead how far a time may be ahead of this instance's clock
 * @param maxCorrectionRows most samples that one deletion or correction touches; live data of its partition waits for it
 * @param maxPoints most points of one correction
 * @param rawRetention how long measurements are kept, until the writer has told how long it keeps those of a tenant
 * @param windowRetention the same of the longest windows: what is older is refused, because it would be deleted at once
 */
@Validated
@ConfigurationProperties("heliograph.query.history")
public record HistorySettings(
        @Min(1) @DefaultValue("2") int requests,
        @Min(1) @DefaultValue("2000") int readingsPerSecond,
        @Min(1) @Max(1_000_000) @DefaultValue("20000") int maxReadings,
        @Min(1) @DefaultValue("1000") int maxDevices,
        @Min(1) @Max(10_000) @DefaultValue("500") int maxMetrics,
        @DurationMin(seconds = 1) @DefaultValue("5s") Duration pauseBehind,
        @DurationMin(seconds = 1) @DefaultValue("20s") Duration acknowledgeWait,
        @Min(1) @Max(10_000) @DefaultValue("100") int listedRefusals,
        @DefaultValue("5m") Duration maxAhead,
        @Min(1) @DefaultValue("1000000") long maxCorrectionRows,
        @Min(1) @Max(10_000) @DefaultValue("1000") int maxPoints,
        @DurationMin(hours = 1) @DefaultValue("30d") Duration rawRetention,
        @DurationMin(hours = 1) @DefaultValue("1830d") Duration windowRetention) {}
