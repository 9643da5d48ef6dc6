package dev.heliograph.query.data.calc;

/**
 * Percentiles of samples. Source: definition 7 of Hyndman and Fan, Sample Quantiles in Statistical Packages, The American
 * Statistician 50(4), 1996; the same as PostgreSQL's {@code percentile_cont}.
 */
final class Percentiles {
    private Percentiles() {}

    /** The value below which the fraction lies, drawn linearly between the two samples nearest in rank. */
    static double ofSorted(double[] sorted, double fraction) {
        double rank = fraction * (sorted.length - 1);
        int below = (int) Math.floor(rank);
        int above = Math.min(below + 1, sorted.length - 1);
        double share = rank - below;
        return sorted[below] * (1 - share) + sorted[above] * share;
    }
}
