package dev.heliograph.writer.plan;

import dev.heliograph.model.id.SeriesKey;

/**
 * A window to be recomputed from the stored measurements once a certain reading is stored.
 *
 * @param startMicros start of the window, µs since the epoch
 * @param sourcePartition partition of {@code readings} that holds the reading
 * @param sourceOffset its offset there
 */
public record RepairRow(SeriesKey series, WindowSize size, long startMicros, int sourcePartition, long sourceOffset) {}
