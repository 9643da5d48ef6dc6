package dev.heliograph.writer.plan;

import dev.heliograph.model.id.SeriesKey;

/** One text sample; times in µs since the epoch. */
public record StateRow(SeriesKey series, long timeMicros, String text, long receivedMicros) {
    /** Identity of a text sample. */
    public record Id(SeriesKey series, long timeMicros) {}

    public Id id() {
        return new Id(series, timeMicros);
    }
}
