package dev.heliograph.model.window;

/**
 * Summary of one series over one window.
 *
 * <p><b>Units.</b> Every value keeps the unit of its metric; {@code squaredDeviations} has that unit squared.
 *
 * <p><b>Error.</b> The relative error of {@code squaredDeviations} is about {@code count * (mean / deviation) * 2^-53};
 * the textbook formula by sums of squares has that ratio squared. A value beyond the range of doubles stays at their
 * largest.
 *
 * <p><b>Source.</b> Welford, Technometrics 4(3), 1962; merging: Chan, Golub, LeVeque, The American Statistician 37(3),
 * 1983.
 *
 * @param count how many samples, at least one
 * @param sum of the values, added in the order of their times
 * @param min smallest value
 * @param max largest value
 * @param first value of the earliest sample
 * @param firstMicros its time, µs since the epoch
 * @param last value of the latest sample
 * @param lastMicros its time, µs since the epoch
 * @param mean of the values
 * @param squaredDeviations sum of the squared distances from the mean ({@code m2})
 */
public record WindowStats(
        long count,
        double sum,
        double min,
        double max,
        double first,
        long firstMicros,
        double last,
        long lastMicros,
        double mean,
        double squaredDeviations) {
    /** @throws IllegalArgumentException if there is no sample or the last is before the first */
    public WindowStats {
        if (count < 1) {
            throw new IllegalArgumentException("count must be 1 or more, was " + count);
        }
        if (lastMicros < firstMicros) {
            throw new IllegalArgumentException("last sample " + lastMicros + " is before the first " + firstMicros);
        }
    }

    /** The summary of a single sample. */
    public static WindowStats of(long timeMicros, double value) {
        return new WindowStats(1, value, value, value, value, timeMicros, value, timeMicros, value, 0);
    }

    /**
     * The summary of the samples at {@code from} (inclusive) to {@code to} (exclusive), which must be in the order of
     * their times. The same samples give the same bits, in whatever order they arrived.
     */
    public static WindowStats of(long[] timesMicros, double[] values, int from, int to) {
        double sum = 0;
        double min = values[from];
        double max = values[from];
        double mean = 0;
        double squares = 0;
        for (int i = from; i < to; i++) {
            double value = values[i];
            double fromOldMean = value - mean;
            mean += fromOldMean / (i - from + 1);
            squares += fromOldMean * (value - mean);
            sum += value;
            min = Math.min(min, value);
            max = Math.max(max, value);
        }
        int last = to - 1;
        return bounded(
                to - from,
                sum,
                min,
                max,
                new Ends(values[from], timesMicros[from], values[last], timesMicros[last]),
                mean,
                squares);
    }

    /** The summary of both sets of samples, which must not overlap. */
    public WindowStats merge(WindowStats other) {
        WindowStats early = firstMicros <= other.firstMicros ? this : other;
        WindowStats late = lastMicros > other.lastMicros ? this : other;
        long all = count + other.count;
        double distance = other.mean - mean;
        return bounded(
                all,
                sum + other.sum,
                Math.min(min, other.min),
                Math.max(max, other.max),
                new Ends(early.first, early.firstMicros, late.last, late.lastMicros),
                mean + distance * ((double) other.count / all),
                squaredDeviations
                        + other.squaredDeviations
                        + distance * distance * ((double) count * other.count / all));
    }

    private record Ends(double first, long firstMicros, double last, long lastMicros) {}

    private static WindowStats bounded(
            long count, double sum, double min, double max, Ends ends, double mean, double squares) {
        // Finite values of the largest size can still sum to infinity, and their differences to no number at all.
        double boundedMean = Double.isFinite(mean) ? mean : Math.clamp(min / 2 + max / 2, min, max);
        double boundedSquares = Double.isFinite(squares) ? Math.max(squares, 0) : Double.MAX_VALUE;
        double boundedSum = Double.isNaN(sum) ? 0 : Math.clamp(sum, -Double.MAX_VALUE, Double.MAX_VALUE);
        return new WindowStats(
                count,
                boundedSum,
                min,
                max,
                ends.first,
                ends.firstMicros,
                ends.last,
                ends.lastMicros,
                boundedMean,
                boundedSquares);
    }
}
