package dev.heliograph.query.data.calc;

import dev.heliograph.model.sketch.QuantileSketch;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What has been gathered of one bucket of one answer's series, from one or more stored series. */
public final class Cell {
    private static final double[] NONE = {};

    private long count;
    private double sum;
    private double min = Double.POSITIVE_INFINITY;
    private double max = Double.NEGATIVE_INFINITY;
    private double mean;
    private double m2;
    private long firstMicros = Long.MAX_VALUE;
    private double first;
    private long lastMicros = Long.MIN_VALUE;
    private double last;
    private double rate = Double.NaN;
    private double delta = Double.NaN;
    private double area = Double.NaN;
    private double[] samples = NONE;
    private int sampled;
    private @Nullable QuantileSketch sketch;

    /** Adds a summary without mean and deviation. */
    public void add(
            long more,
            double moreSum,
            double least,
            double most,
            long from,
            double earliest,
            long until,
            double latest) {
        count += more;
        sum += moreSum;
        min = Math.min(min, least);
        max = Math.max(max, most);
        if (from < firstMicros) {
            firstMicros = from;
            first = earliest;
        }
        if (until > lastMicros) {
            lastMicros = until;
            last = latest;
        }
    }

    /** Adds a window or sample. Source of the merge: Chan, Golub, LeVeque, The American Statistician 37(3), 1983. */
    void add(Piece piece) {
        double distance = piece.mean() - mean;
        double all = (double) count + piece.count();
        m2 += piece.m2() + distance * distance * (count * (piece.count() / all));
        mean += distance * (piece.count() / all);
        add(
                piece.count(),
                piece.sum(),
                piece.min(),
                piece.max(),
                piece.firstMicros(),
                piece.first(),
                piece.lastMicros(),
                piece.last());
    }

    void addRate(double perSecond) {
        rate = orZero(rate) + perSecond;
    }

    void addDelta(double change) {
        delta = orZero(delta) + change;
    }

    void addArea(double more) {
        area = orZero(area) + more;
    }

    /** Adds the values of a window or sample to those that percentiles are taken of. */
    void addValues(Piece piece) {
        QuantileSketch more = piece.sketch();
        if (more != null) {
            QuantileSketch all = sketch;
            if (all == null) {
                sketch = more;
            } else {
                all.merge(more);
            }
        } else if (piece.count() == 1) {
            addSample(piece.first());
        }
    }

    void addSample(double value) {
        if (sampled == samples.length) {
            samples = Arrays.copyOf(samples, Math.max(16, sampled * 2));
        }
        samples[sampled++] = value;
    }

    private static double orZero(double value) {
        return Double.isNaN(value) ? 0 : value;
    }

    /** How many samples. */
    public long count() {
        return count;
    }

    /** Whether there is anything to tell. */
    public boolean isEmpty() {
        return count == 0 && Double.isNaN(area);
    }

    /** The value of an aggregate; NaN where it has none. */
    public double value(Aggregate aggregate) {
        return switch (aggregate.kind()) {
            case COUNT -> count;
            case SUM -> count == 0 ? Double.NaN : bounded(sum);
            case AVG -> count == 0 ? Double.NaN : Math.clamp(bounded(sum) / count, min, max);
            case MIN -> count == 0 ? Double.NaN : min;
            case MAX -> count == 0 ? Double.NaN : max;
            case FIRST -> count == 0 ? Double.NaN : first;
            case LAST -> count == 0 ? Double.NaN : last;
            case STDDEV -> count < 2 ? Double.NaN : bounded(Math.sqrt(Math.max(0, m2) / (count - 1)));
            case RATE -> bounded(rate);
            case DELTA -> bounded(delta);
            case INTEGRAL -> bounded(area);
            case PERCENTILE -> percentile(aggregate.percent());
            case TIME_IN_STATE -> Double.NaN;
        };
    }

    // JSON has no infinity; finite values of the largest size can still sum to it.
    private static double bounded(double value) {
        return Double.isNaN(value) ? value : Math.clamp(value, -Double.MAX_VALUE, Double.MAX_VALUE);
    }

    // Of windows whose values are no longer known there is no percentile, rather than that of the others.
    private double percentile(int percent) {
        QuantileSketch all = sketch;
        if (count == 0 || sampled + (all == null ? 0 : all.count()) != count) {
            return Double.NaN;
        }
        if (all != null) {
            for (int i = 0; i < sampled; i++) {
                all.add(samples[i]);
            }
            sampled = 0;
            return Math.clamp(all.quantile(percent / 100.0), min, max);
        }
        if (samples.length != sampled) {
            samples = Arrays.copyOf(samples, sampled);
        }
        Arrays.sort(samples);
        return Percentiles.ofSorted(samples, percent / 100.0);
    }
}
