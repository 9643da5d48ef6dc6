package dev.heliograph.writer.plan;

import dev.heliograph.model.id.SeriesKey;

/**
 * What a metric was in readings that the gateway flagged because the device's metrics are not what they were. Whether it
 * differs from the catalogue, the store finds out.
 *
 * @param unit the unit that the device named; empty for none
 * @param firstMicros receipt of the first of them, µs since the epoch
 * @param lastMicros receipt of the last
 * @param times how many
 */
public record SchemaChange(
        SeriesKey series, MetricKind kind, String unit, long firstMicros, long lastMicros, long times) {

    /** What two have in common that are counted together. */
    record Id(SeriesKey series, MetricKind kind, String unit) {}

    Id id() {
        return new Id(series, kind, unit);
    }

    SchemaChange and(SchemaChange other) {
        return new SchemaChange(
                series,
                kind,
                unit,
                Math.min(firstMicros, other.firstMicros),
                Math.max(lastMicros, other.lastMicros),
                times + other.times);
    }
}
