package dev.heliograph.model.sketch;

import dev.heliograph.model.state.StateReader;
import dev.heliograph.model.state.StateWriter;
import java.util.Arrays;

/**
 * Counts of values in buckets whose bounds grow by a constant factor, so that every percentile is known within a relative
 * error, and the sketch of two sets of values is the sum of their sketches.
 *
 * <p><b>Error.</b> {@link #quantile} differs from the value of that rank by at most {@link #RELATIVE_ACCURACY} of it. A
 * value nearer to zero than {@link Double#MIN_NORMAL} counts as zero.
 *
 * <p><b>Bound.</b> At most {@link #MAX_BUCKETS} buckets are kept for the positive and as many for the negative values.
 * Past that the ones nearest to zero are joined: the error still holds for every value of a larger size than those. It takes
 * values of the same sign that fill buckets over nine orders of magnitude to come to that.
 *
 * <p><b>Order.</b> The same values give the same sketch in any order and by any sequence of merges, joined buckets
 * included.
 *
 * <p>Not thread-safe.
 *
 * <p><b>Source.</b> Masson, Rim, Lee: DDSketch, PVLDB 12(12), 2019; here with sparse buckets.
 */
public final class QuantileSketch {
    /** Largest relative error of a percentile: one percent. */
    public static final double RELATIVE_ACCURACY = 0.01;

    /** Most buckets of one sign. */
    public static final int MAX_BUCKETS = 1_024;

    private static final int VERSION = 1;
    private static final double GAMMA = (1 + RELATIVE_ACCURACY) / (1 - RELATIVE_ACCURACY);
    private static final double LOG_GAMMA = Math.log(GAMMA);
    // The value of a bucket has the same relative distance to both of its bounds.
    private static final double LOG_MIDDLE = Math.log(2 / (1 + GAMMA));

    private long zeros;
    private final Buckets positive = new Buckets();
    private final Buckets negative = new Buckets();

    /** The sketch of no values. */
    public QuantileSketch() {}

    /** The sketch of the values at {@code from} (inclusive) to {@code to} (exclusive). */
    public static QuantileSketch of(double[] values, int from, int to) {
        QuantileSketch sketch = new QuantileSketch();
        for (int i = from; i < to; i++) {
            sketch.add(values[i]);
        }
        return sketch;
    }

    /** @throws IllegalArgumentException if the value is not finite */
    public void add(double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("value must be finite, was " + value);
        }
        if (value >= Double.MIN_NORMAL) {
            positive.add(indexOf(value), 1);
        } else if (value <= -Double.MIN_NORMAL) {
            negative.add(indexOf(-value), 1);
        } else {
            zeros++;
        }
    }

    /** Adds the values of another sketch, which stays as it is. */
    public void merge(QuantileSketch other) {
        zeros += other.zeros;
        positive.merge(other.positive);
        negative.merge(other.negative);
    }

    /** How many values it was given. */
    public long count() {
        return zeros + positive.count() + negative.count();
    }

    /** How many buckets it keeps. */
    public int buckets() {
        return positive.size + negative.size + (zeros > 0 ? 1 : 0);
    }

    /**
     * The value at rank {@code floor(q * (count - 1))} of the sorted values, the first rank being 0, within
     * {@link #RELATIVE_ACCURACY}.
     *
     * @param q 0 (smallest) to 1 (largest)
     * @throws IllegalArgumentException if q is out of its range
     * @throws IllegalStateException if the sketch is empty
     */
    public double quantile(double q) {
        if (!(q >= 0 && q <= 1)) {
            throw new IllegalArgumentException("q must be within 0..1, was " + q);
        }
        long all = count();
        if (all == 0) {
            throw new IllegalStateException("no value, so no quantile");
        }
        long before = Math.min((long) Math.floor(q * (all - 1)), all - 1);
        long negatives = negative.count();
        if (before < negatives) {
            return -valueOf(negative.indexAt(negatives - 1 - before));
        }
        if (before < negatives + zeros) {
            return 0;
        }
        return valueOf(positive.indexAt(before - negatives - zeros));
    }

    private static int indexOf(double magnitude) {
        return (int) Math.ceil(Math.log(magnitude) / LOG_GAMMA);
    }

    private static double valueOf(int index) {
        return Math.min(Math.exp(index * LOG_GAMMA + LOG_MIDDLE), Double.MAX_VALUE);
    }

    /** Versioned bytes: two or three for each bucket where values are near each other. */
    public byte[] toBytes() {
        StateWriter out = new StateWriter();
        writeTo(out);
        return out.toBytes();
    }

    /**
     * Reads what {@link #toBytes} made.
     *
     * @throws dev.heliograph.model.state.StateFormatException if the bytes are of another version or cut short
     */
    public static QuantileSketch fromBytes(byte[] bytes) {
        return readFrom(new StateReader(bytes));
    }

    /** Appends the bytes of {@link #toBytes}. */
    public void writeTo(StateWriter out) {
        out.writeByte(VERSION).writeLong(zeros);
        positive.write(out);
        negative.write(out);
    }

    /** Reads what {@link #writeTo} appended. */
    public static QuantileSketch readFrom(StateReader in) {
        in.expectVersion(VERSION, "sketch");
        QuantileSketch sketch = new QuantileSketch();
        sketch.zeros = in.readLong();
        sketch.positive.read(in);
        sketch.negative.read(in);
        return sketch;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof QuantileSketch that && Arrays.equals(toBytes(), that.toBytes());
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(toBytes());
    }

    @Override
    public String toString() {
        return "sketch of " + count() + " values in " + buckets() + " buckets";
    }

    /** Counts by the index of the bucket, in the order of the indexes; an index grows with the size of the values in it. */
    private static final class Buckets {
        private static final int FIRST_CAPACITY = 8;

        private int[] indexes = new int[FIRST_CAPACITY];
        private long[] counts = new long[FIRST_CAPACITY];
        private int size;

        void add(int index, long count) {
            int at = Arrays.binarySearch(indexes, 0, size, index);
            if (at >= 0) {
                counts[at] += count;
            } else if (size == MAX_BUCKETS && at == -1) {
                counts[0] += count;
            } else {
                insert(-at - 1, index, count);
                joinSmallest();
            }
        }

        private void insert(int at, int index, long count) {
            if (size == indexes.length) {
                indexes = Arrays.copyOf(indexes, size * 2);
                counts = Arrays.copyOf(counts, size * 2);
            }
            System.arraycopy(indexes, at, indexes, at + 1, size - at);
            System.arraycopy(counts, at, counts, at + 1, size - at);
            indexes[at] = index;
            counts[at] = count;
            size++;
        }

        private void joinSmallest() {
            int over = size - MAX_BUCKETS;
            if (over <= 0) {
                return;
            }
            for (int i = 0; i < over; i++) {
                counts[over] += counts[i];
            }
            System.arraycopy(indexes, over, indexes, 0, MAX_BUCKETS);
            System.arraycopy(counts, over, counts, 0, MAX_BUCKETS);
            size = MAX_BUCKETS;
        }

        void merge(Buckets other) {
            if (other.size == 0) {
                return;
            }
            int[] bothIndexes = new int[size + other.size];
            long[] bothCounts = new long[bothIndexes.length];
            int mine = 0;
            int theirs = 0;
            int both = 0;
            while (mine < size || theirs < other.size) {
                boolean takeMine = mine < size && (theirs == other.size || indexes[mine] <= other.indexes[theirs]);
                boolean takeTheirs = theirs < other.size && (mine == size || other.indexes[theirs] <= indexes[mine]);
                bothIndexes[both] = takeMine ? indexes[mine] : other.indexes[theirs];
                bothCounts[both++] = (takeMine ? counts[mine++] : 0) + (takeTheirs ? other.counts[theirs++] : 0);
            }
            indexes = bothIndexes;
            counts = bothCounts;
            size = both;
            joinSmallest();
        }

        long count() {
            long sum = 0;
            for (int i = 0; i < size; i++) {
                sum += counts[i];
            }
            return sum;
        }

        int indexAt(long before) {
            long seen = 0;
            for (int i = 0; i < size; i++) {
                seen += counts[i];
                if (seen > before) {
                    return indexes[i];
                }
            }
            throw new IllegalStateException("rank " + before + " of " + seen);
        }

        void write(StateWriter out) {
            out.writeLong(size);
            int last = 0;
            for (int i = 0; i < size; i++) {
                out.writeLong(indexes[i] - last).writeLong(counts[i]);
                last = indexes[i];
            }
        }

        void read(StateReader in) {
            int count = in.readCount();
            int last = 0;
            for (int i = 0; i < count; i++) {
                last += (int) in.readLong();
                add(last, in.readLong());
            }
        }
    }
}
