package dev.heliograph.query.data.calc;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is told of a bucket. Values keep the unit of the metric unless said otherwise. Of several series taken together,
 * {@code avg}, {@code min}, {@code max}, {@code sum}, {@code count}, {@code stddev} and percentiles are those of all their
 * samples; {@code first} and {@code last} those of the earliest and latest sample of them all; {@code rate}, {@code delta},
 * {@code integral} and times in states are the sums of those of each series.
 *
 * <p>{@code rate}, {@code delta} and {@code integral} look at pairs of consecutive samples of a series that are at most the
 * longest gap apart; over a longer silence nothing is assumed.
 *
 * @param kind which
 * @param percent of a percentile, 1 to 99; 0 otherwise
 */
public record Aggregate(Kind kind, int percent) implements Comparable<Aggregate> {
    /** The kinds, in the order of columns. */
    public enum Kind {
        /** Mean of the samples: each counts the same, however long it was the newest. */
        AVG,
        MIN,
        MAX,
        SUM,
        COUNT,
        /** Value of the earliest sample by device time. */
        FIRST,
        /** Value of the latest sample by device time. */
        LAST,
        /** Standard deviation of a sample (n - 1); none below two samples. */
        STDDEV,
        /**
         * Increase of a counter per second: the increases of the pairs whose later sample is in the bucket, over the time
         * between their samples. A value below the one before it is a counter that began again at zero, so the whole of it
         * counts (Prometheus does the same, without its extrapolation to the edges of the range).
         */
        RATE,
        /** Change: sum of the differences of the pairs whose later sample is in the bucket. Buckets add up to the range. */
        DELTA,
        /**
         * Area under the straight lines between samples (trapezoidal rule), in unit x hours: power in W gives energy in Wh.
         * A line that crosses an edge is cut there.
         */
        INTEGRAL,
        /**
         * Where samples are read, exact: linear between the two nearest in rank (type 7 of Hyndman and Fan, 1996). Where windows
         * are read, from their sketches: within 1 % of the value of the rank below. None where a window has no sketch and
         * its samples are no longer stored.
         */
        PERCENTILE,
        /** How long each state held, ms: from its change to the next, to the end of the bucket or to now. */
        TIME_IN_STATE;

        /** Its name in parameters and columns. */
        String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private static final Pattern PERCENT = Pattern.compile("p([1-9][0-9]?)");

    public static final Aggregate AVG = new Aggregate(Kind.AVG, 0);
    public static final Aggregate MIN = new Aggregate(Kind.MIN, 0);
    public static final Aggregate MAX = new Aggregate(Kind.MAX, 0);
    public static final Aggregate COUNT = new Aggregate(Kind.COUNT, 0);

    /** @throws IllegalArgumentException if the percentage does not go with the kind */
    public Aggregate {
        if ((kind == Kind.PERCENTILE) != (percent >= 1 && percent <= 99)) {
            throw new IllegalArgumentException("no percentage " + percent + " of " + kind);
        }
    }

    /** The aggregate of a name; empty where there is none. */
    public static Optional<Aggregate> parse(String name) {
        Matcher percent = PERCENT.matcher(name);
        if (percent.matches()) {
            return Optional.of(new Aggregate(Kind.PERCENTILE, Integer.parseInt(percent.group(1))));
        }
        for (Kind kind : Kind.values()) {
            if (kind != Kind.PERCENTILE && kind.label().equals(name)) {
                return Optional.of(new Aggregate(kind, 0));
            }
        }
        return Optional.empty();
    }

    /** Its name in parameters and columns: {@code avg}, {@code p95}, {@code time-in-state}. */
    public String label() {
        return kind == Kind.PERCENTILE ? "p" + percent : kind.label();
    }

    /** Whether it is told by pairs of consecutive samples. */
    public boolean ofPairs() {
        return kind == Kind.RATE || kind == Kind.DELTA || kind == Kind.INTEGRAL;
    }

    /** Whether the database computes it; the others are computed from the windows or samples themselves. */
    public boolean inDatabase() {
        return kind.compareTo(Kind.LAST) <= 0;
    }

    /** Whether it is a level that can be carried over or drawn between neighbours, rather than an amount. */
    public boolean isLevel() {
        return switch (kind) {
            case AVG, MIN, MAX, FIRST, LAST, RATE, PERCENTILE -> true;
            case SUM, COUNT, STDDEV, DELTA, INTEGRAL, TIME_IN_STATE -> false;
        };
    }

    @Override
    public int compareTo(Aggregate other) {
        int byKind = kind.compareTo(other.kind);
        return byKind != 0 ? byKind : Integer.compare(percent, other.percent);
    }
}
