package dev.heliograph.query.data.calc;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Adds the pieces of one stored series, in the order of time, to the buckets of an answer's series. What lies before the
 * first bucket or behind the last only forms pairs.
 */
public final class SeriesFold {
    private static final double MICROS_PER_SECOND = 1e6;
    private static final double MICROS_PER_HOUR = 3_600e6;

    private final Buckets buckets;
    private final @Nullable Cell[] cells;
    private final long maxGapMicros;
    private final boolean pairs;
    private final boolean areas;
    private final boolean samples;
    private @Nullable Piece before;
    private int rateBucket = -1;
    private double increase;
    private double observedSeconds;

    /**
     * A fold into the cells, one for each bucket, which are made where something is added.
     *
     * @param maxGapMicros the longest time between two samples that form a pair
     */
    public SeriesFold(Buckets buckets, @Nullable Cell[] cells, Set<Aggregate> aggregates, long maxGapMicros) {
        this.buckets = buckets;
        this.cells = cells;
        this.maxGapMicros = maxGapMicros;
        this.pairs = aggregates.stream().anyMatch(Aggregate::ofPairs);
        this.areas = aggregates.stream().anyMatch(one -> one.kind() == Aggregate.Kind.INTEGRAL);
        this.samples = aggregates.stream().anyMatch(one -> one.kind() == Aggregate.Kind.PERCENTILE);
    }

    /** Adds the next piece. */
    public void add(Piece piece) {
        int bucket = buckets.indexOf(piece.firstMicros());
        boolean inside = bucket >= 0 && bucket < buckets.size();
        if (inside && piece.count() > 0) {
            Cell cell = cell(bucket);
            cell.add(piece);
            if (samples) {
                cell.addValues(piece);
            }
        }
        if (pairs) {
            pair(piece, inside ? bucket : -1);
        }
    }

    /** Adds a sample of a window that was added without a sketch: it counts for percentiles only. */
    public void addToWindow(long micros, double value) {
        int bucket = buckets.indexOf(micros);
        if (samples && bucket >= 0 && bucket < buckets.size()) {
            cell(bucket).addSample(value);
        }
    }

    /** Ends the series. */
    public void end() {
        flushRate();
        before = null;
    }

    private void pair(Piece piece, int bucket) {
        Piece earlier = before;
        if (earlier != null && piece.firstMicros() <= earlier.lastMicros()) {
            return; // a neighbour that is known already
        }
        if (earlier != null && piece.firstMicros() - earlier.lastMicros() <= maxGapMicros) {
            if (areas) {
                area(earlier, piece);
            }
            if (bucket >= 0) {
                double rise = piece.first() - earlier.last();
                cell(bucket).addDelta(rise);
                grow(bucket, rise < 0 ? piece.first() : rise, piece.firstMicros() - earlier.lastMicros());
            }
        }
        if (bucket >= 0 && piece.count() > 1 && piece.lastMicros() > piece.firstMicros()) {
            cell(bucket).addDelta(piece.last() - piece.first());
            if (areas) {
                cell(bucket).addArea(piece.area());
            }
            grow(bucket, piece.increase(), piece.lastMicros() - piece.firstMicros());
        }
        before = piece;
    }

    private void grow(int bucket, double rise, long micros) {
        if (bucket != rateBucket) {
            flushRate();
            rateBucket = bucket;
        }
        increase += rise;
        observedSeconds += micros / MICROS_PER_SECOND;
    }

    private void flushRate() {
        if (rateBucket >= 0 && observedSeconds > 0) {
            cell(rateBucket).addRate(increase / observedSeconds);
        }
        rateBucket = -1;
        increase = 0;
        observedSeconds = 0;
    }

    /** The trapezoid between two pieces, cut at the edges of buckets; what is outside the range is left out. */
    private void area(Piece from, Piece to) {
        long start = from.lastMicros();
        long end = to.firstMicros();
        double slope = (to.first() - from.last()) / (end - start);
        long at = Math.max(start, buckets.start());
        while (at < end && at < buckets.end()) {
            int bucket = buckets.indexOf(at);
            long until = Math.min(end, buckets.edge(bucket + 1));
            double left = from.last() + slope * (at - start);
            double right = until == end ? to.first() : from.last() + slope * (until - start);
            cell(bucket).addArea((left + right) / 2 * ((until - at) / MICROS_PER_HOUR));
            at = until;
        }
    }

    private Cell cell(int bucket) {
        Cell cell = cells[bucket];
        if (cell == null) {
            cell = new Cell();
            cells[bucket] = cell;
        }
        return cell;
    }
}
