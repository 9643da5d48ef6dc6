package dev.heliograph.writer.plan;

import dev.heliograph.model.id.SeriesKey;

/**
 * A measurement whose identity came before in the same batch. Whether it is a duplicate or a conflict depends on what is
 * stored, which may be neither of the two: only the store can tell.
 */
public record Repeat(SeriesKey series, long timeMicros, double value, long receivedMicros) {}
