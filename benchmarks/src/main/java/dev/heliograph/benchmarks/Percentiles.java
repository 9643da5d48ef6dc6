package dev.heliograph.benchmarks;

import org.HdrHistogram.Histogram;

/** Latencies of one kind; thread-safe by its monitor. */
final class Percentiles {
    private static final long MAX_MICROS = 600_000_000;

    private final Histogram micros = new Histogram(MAX_MICROS, 3);

    synchronized void recordNanos(long nanos) {
        micros.recordValue(Math.clamp(nanos / 1_000, 0, MAX_MICROS));
    }

    /** One line: count, p50, p99, maximum in milliseconds. */
    synchronized String summary() {
        return "n=%,d p50=%.1f ms p99=%.1f ms max=%.1f ms"
                .formatted(
                        micros.getTotalCount(),
                        micros.getValueAtPercentile(50) / 1e3,
                        micros.getValueAtPercentile(99) / 1e3,
                        micros.getMaxValue() / 1e3);
    }
}
