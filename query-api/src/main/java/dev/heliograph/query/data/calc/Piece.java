package dev.heliograph.query.data.calc;

import dev.heliograph.model.sketch.QuantileSketch;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a series between two instants: a window, or a single sample. Times in µs since the epoch.
 *
 * @param count how many samples; 0 for a neighbour of the range, which counts for nothing but the pair that it forms
 * @param m2 sum of the squared distances from the mean
 * @param sketch of its values; null for a sample, which needs none, and for a window that has none
 */
public record Piece(
        long firstMicros,
        double first,
        long lastMicros,
        double last,
        long count,
        double sum,
        double min,
        double max,
        double mean,
        double m2,
        @Nullable QuantileSketch sketch) {
    private static final double MICROS_PER_HOUR = 3_600e6;

    /** A single sample. */
    public static Piece sample(long micros, double value) {
        return new Piece(micros, value, micros, value, 1, value, value, value, value, 0, null);
    }

    /** A sample outside the range. */
    public static Piece neighbour(long micros, double value) {
        return new Piece(micros, value, micros, value, 0, 0, value, value, value, 0, null);
    }

    /**
     * How much a counter grew inside. Exact for a single sample and without a reset; a reset shows by a value below the
     * first, and then the counter is taken to have grown to the maximum, begun again at zero once, and reached the last.
     */
    double increase() {
        return min < first || last < first ? max - first + last : last - first;
    }

    /** Area inside in unit x hours: exact where samples are evenly spaced, as a trapezoid of the mean otherwise. */
    double area() {
        if (count < 2) {
            return 0;
        }
        double hours = (lastMicros - firstMicros) / MICROS_PER_HOUR;
        return hours / (count - 1) * (sum - (first + last) / 2);
    }
}
