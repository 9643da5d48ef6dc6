package dev.heliograph.writer.plan;

import dev.heliograph.model.id.SeriesKey;
import dev.heliograph.model.wire.WindowRecord;

/**
 * A summary as the stream computed it.
 *
 * @param phase 0 early, 1 final, 2 revised
 */
public record WindowRow(SeriesKey series, WindowSize size, int phase, WindowRecord summary) {
    /** One row of a window table. */
    public record Id(SeriesKey series, WindowSize size, long start) {}

    Id id() {
        return new Id(series, size, summary.start());
    }

    /** Whether this summary replaces another of the same window: more counted, or as much and decided later. */
    boolean supersedes(WindowRow other) {
        if (summary.count() != other.summary.count()) {
            return summary.count() > other.summary.count();
        }
        return summary.rev() > other.summary.rev() || (summary.rev() == other.summary.rev() && phase > other.phase);
    }
}
