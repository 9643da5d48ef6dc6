package dev.heliograph.writer.store;

import dev.heliograph.model.sketch.QuantileSketch;
import dev.heliograph.model.window.WindowStats;
import java.util.Arrays;

/** The stored measurements of one window in the order of their times; reused from window to window. */
final class StoredSamples {
    private static final int FIRST_CAPACITY = 256;

    private long[] times = new long[FIRST_CAPACITY];
    private double[] values = new double[FIRST_CAPACITY];
    private int size;

    void clear() {
        size = 0;
    }

    void add(long timeMicros, double value) {
        if (size == times.length) {
            times = Arrays.copyOf(times, size * 2);
            values = Arrays.copyOf(values, size * 2);
        }
        times[size] = timeMicros;
        values[size] = value;
        size++;
    }

    /** The same summary, to the bit, as the stream makes of the same samples in one minute. */
    WindowStats stats() {
        return WindowStats.of(times, values, 0, size);
    }

    byte[] sketch() {
        return QuantileSketch.of(values, 0, size).toBytes();
    }
}
