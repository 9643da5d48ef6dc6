package dev.heliograph.query.metrics;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A quantity that devices report.
 *
 * @param kind {@code number}, {@code boolean} or {@code state}
 * @param series how many devices report it
 * @param min smallest value that was stored; null while none was
 * @param max largest value that was stored
 * @param firstSeen its earliest measurement, by device time
 * @param lastSeen its newest sample, by device time
 */
public record Metric(
        String name,
        @Nullable String unit,
        String kind,
        @Nullable String description,
        long series,
        @Nullable Double min,
        @Nullable Double max,
        @Nullable Instant firstSeen,
        @Nullable Instant lastSeen) {}
