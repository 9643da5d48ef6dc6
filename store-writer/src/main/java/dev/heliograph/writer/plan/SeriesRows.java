package dev.heliograph.writer.plan;

import dev.heliograph.model.id.SeriesKey;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The measurements of one series in one batch, in order of arrival and each time once. Columns instead of objects: a
 * batch holds thousands.
 */
public final class SeriesRows {
    private static final int TYPICAL_ROWS = 4;

    private final SeriesKey series;
    private final MetricKind kind;
    private int size;
    private long[] times = new long[TYPICAL_ROWS];
    private double[] values = new double[TYPICAL_ROWS];
    private long[] received = new long[TYPICAL_ROWS];
    private int newest;
    // Devices mostly report in order, and then no time can repeat: the index is made for the first that does not.
    private @Nullable Set<Long> seen;

    SeriesRows(SeriesKey series, MetricKind kind) {
        this.series = series;
        this.kind = kind;
    }

    /** Takes a measurement unless its time is there already; says whether it did. */
    boolean offer(long timeMicros, double value, long receivedMicros) {
        if (has(timeMicros)) {
            return false;
        }
        append(timeMicros, value, receivedMicros);
        return true;
    }

    private boolean has(long timeMicros) {
        if (size == 0 || timeMicros > times[newest]) {
            return false;
        }
        if (seen == null) {
            seen = HashSet.newHashSet(size * 2);
            for (int row = 0; row < size; row++) {
                seen.add(times[row]);
            }
        }
        return seen.contains(timeMicros);
    }

    private void append(long timeMicros, double value, long receivedMicros) {
        if (size == times.length) {
            times = Arrays.copyOf(times, size * 2);
            values = Arrays.copyOf(values, size * 2);
            received = Arrays.copyOf(received, size * 2);
        }
        times[size] = timeMicros;
        values[size] = value;
        received[size] = receivedMicros;
        if (size == 0 || timeMicros > times[newest]) {
            newest = size;
        }
        if (seen != null) {
            seen.add(timeMicros);
        }
        size++;
    }

    public SeriesKey series() {
        return series;
    }

    public MetricKind kind() {
        return kind;
    }

    /** How many measurements. */
    public int size() {
        return size;
    }

    /** Device time of a row, µs since the epoch. */
    public long time(int row) {
        return times[row];
    }

    public double value(int row) {
        return values[row];
    }

    /** Time of receipt of a row, µs since the epoch. */
    public long received(int row) {
        return received[row];
    }

    /** The row with the newest device time. */
    public int newest() {
        return newest;
    }
}
