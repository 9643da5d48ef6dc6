package dev.heliograph.query.metrics;

import org.jspecify.annotations.Nullable;

/**
 * A quantity that devices report.
 *
 * @param kind {@code number}, {@code boolean} or {@code state}
 * @param series how many devices report it
 */
public record Metric(
        String name,
        @Nullable String unit,
        String kind,
        @Nullable String description,
        long series) {}
