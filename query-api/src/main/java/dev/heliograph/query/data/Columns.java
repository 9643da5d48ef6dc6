package dev.heliograph.query.data;

import dev.heliograph.query.data.DataAnswer.Series;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The growing columns of one series: primitive arrays, since an answer has hundreds of thousands of numbers. */
final class Columns {
    private static final int AT_FIRST = 64;
    private static final int AGGREGATES = 6;

    private long[] times = new long[AT_FIRST];
    private long[] counts = new long[AT_FIRST];
    private final double[][] numbers = new double[AGGREGATES][AT_FIRST];
    private final List<String> texts = new ArrayList<>();
    private int size;

    int size() {
        return size;
    }

    void raw(long timeMillis, double value) {
        grow();
        times[size] = timeMillis;
        numbers[0][size++] = value;
    }

    void text(long timeMillis, String text) {
        grow();
        times[size++] = timeMillis;
        texts.add(text);
    }

    /** @param values avg, min, max, sum, first, last */
    void bucket(long startMillis, long count, double... values) {
        grow();
        times[size] = startMillis;
        counts[size] = count;
        for (int i = 0; i < values.length; i++) {
            numbers[i][size] = values[i];
        }
        size++;
    }

    private void grow() {
        if (size == times.length) {
            times = Arrays.copyOf(times, size * 2);
            counts = Arrays.copyOf(counts, size * 2);
            for (int i = 0; i < AGGREGATES; i++) {
                numbers[i] = Arrays.copyOf(numbers[i], size * 2);
            }
        }
    }

    Series asRaw(StoredSeries series, int most) {
        int shown = Math.min(size, most);
        return new Series(
                series.metric(),
                series.unit(),
                series.kind(),
                Arrays.copyOf(times, shown),
                column(0, shown),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    Series asTexts(StoredSeries series, int most) {
        int shown = Math.min(size, most);
        return new Series(
                series.metric(),
                series.unit(),
                series.kind(),
                Arrays.copyOf(times, shown),
                null,
                texts.subList(0, shown).toArray(String[]::new),
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    Series asBuckets(StoredSeries series, Set<String> aggregates) {
        return new Series(
                series.metric(),
                series.unit(),
                series.kind(),
                Arrays.copyOf(times, size),
                null,
                null,
                column(0, size),
                column(1, size),
                column(2, size),
                Arrays.copyOf(counts, size),
                asked(aggregates, "sum", 3),
                asked(aggregates, "first", 4),
                asked(aggregates, "last", 5));
    }

    private double @Nullable [] asked(Set<String> aggregates, String name, int column) {
        return aggregates.contains(name) ? column(column, size) : null;
    }

    private double[] column(int column, int length) {
        return Arrays.copyOf(numbers[column], length);
    }
}
