package dev.heliograph.writer.plan;

import dev.heliograph.model.id.SeriesKey;

/** One text sample; times in µs since the epoch. */
public record StateRow(SeriesKey series, long timeMicros, String text, long receivedMicros) {}
