package dev.heliograph.model.window;

import dev.heliograph.model.id.MetricName;
import dev.heliograph.model.sketch.QuantileSketch;
import org.jspecify.annotations.Nullable;

/**
 * What is to be told of one window of one series.
 *
 * @param metric of the series
 * @param size of the window
 * @param startMicros its start, inclusive, µs since the epoch
 * @param phase how settled it is
 * @param revision 0 until the window was final, then one more each time
 * @param stats the summary; null exactly in the phase {@link WindowPhase#REPAIR}
 * @param sketch of the same values, for their percentiles; null before the window has closed, in a repair, and where the
 *     size has none ({@link WindowSize#hasSketch})
 * @param source the reading that asks for the repair; null in every other phase
 */
public record WindowResult(
        MetricName metric,
        WindowSize size,
        long startMicros,
        WindowPhase phase,
        int revision,
        @Nullable WindowStats stats,
        @Nullable QuantileSketch sketch,
        @Nullable SourcePosition source) {
    /** @throws IllegalArgumentException if the summary or the source is there or missing against the phase */
    public WindowResult {
        boolean repair = phase == WindowPhase.REPAIR;
        if (repair != (stats == null) || repair != (source != null)) {
            throw new IllegalArgumentException("a repair has a source and no summary, another phase the reverse");
        }
    }

    /** End of the window, exclusive, µs since the epoch. */
    public long endMicros() {
        return startMicros + size.micros();
    }
}
