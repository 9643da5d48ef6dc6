package dev.heliograph.model.window;

import dev.heliograph.model.id.MetricName;
import dev.heliograph.model.reading.Sample;
import dev.heliograph.model.sketch.QuantileSketch;
import dev.heliograph.model.state.StateReader;
import dev.heliograph.model.state.StateWriter;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The samples of one series in one minute, in the order of their times, and what was told of the windows in it.
 *
 * <p>A series that is not {@link #whole} holds no samples: something of the minute was let go, so only the stored
 * measurements know it all, and each window that is touched asks for its repair.
 */
final class SeriesMinute {
    /** What became of a sample. */
    enum Outcome {
        KEPT,
        DUPLICATE,
        CONFLICT,
        OVERFLOW,
        FOR_REPAIR
    }

    private static final int OPEN = -1;
    /** Of a sample: eight for its value, and a distance in microseconds to the one before. */
    private static final int SAMPLE_BYTES = Double.BYTES + 4;
    /** Of the rest: a name, and what was told of each window. */
    private static final int OTHER_BYTES = 64;

    private static final int FIRST_CAPACITY = 8;
    private static final WindowSlot[] SLOTS = WindowSlot.allOfAMinute();

    private final MetricName metric;
    private final long minuteStart;
    private boolean whole;
    private long[] times = new long[FIRST_CAPACITY];
    private double[] values = new double[FIRST_CAPACITY];
    private int size;
    private final int[] counts = new int[SLOTS.length];
    private final int[] told = new int[SLOTS.length];
    private final int[] revisions = new int[SLOTS.length];
    private long toRepair;
    private @Nullable SourcePosition repairSource;

    SeriesMinute(MetricName metric, long minuteStart, boolean whole) {
        this.metric = metric;
        this.minuteStart = minuteStart;
        this.whole = whole;
        Arrays.fill(revisions, OPEN);
    }

    MetricName metric() {
        return metric;
    }

    int size() {
        return size;
    }

    Outcome add(long time, double value, SourcePosition source, boolean room) {
        if (!whole) {
            askRepair(time, source);
            return Outcome.FOR_REPAIR;
        }
        int at = size == 0 || times[size - 1] < time ? -size - 1 : Arrays.binarySearch(times, 0, size, time);
        if (at >= 0) {
            return Sample.isSameValue(values[at], value) ? Outcome.DUPLICATE : Outcome.CONFLICT;
        }
        if (!room) {
            handOver(time, source);
            return Outcome.OVERFLOW;
        }
        insert(-at - 1, time, value);
        return Outcome.KEPT;
    }

    private void insert(int at, long time, double value) {
        if (size == times.length) {
            times = Arrays.copyOf(times, size * 2);
            values = Arrays.copyOf(values, size * 2);
        }
        System.arraycopy(times, at, times, at + 1, size - at);
        System.arraycopy(values, at, values, at + 1, size - at);
        times[at] = time;
        values[at] = value;
        size++;
        count(time);
    }

    private void count(long time) {
        for (int slot = 0; slot < SLOTS.length; slot++) {
            if (SLOTS[slot].holds(time - minuteStart)) {
                counts[slot]++;
            }
        }
    }

    /** Notes a sample that only the stored measurements have: from now on they alone know this minute. */
    void handOver(long time, SourcePosition source) {
        letGo(source);
        askRepair(time, source);
    }

    /** Gives up what is held: the windows that have samples ask for their repair. */
    void letGo(SourcePosition source) {
        if (!whole) {
            return;
        }
        for (int slot = 0; slot < SLOTS.length; slot++) {
            if (counts[slot] > 0) {
                toRepair |= 1L << slot;
            }
            counts[slot] = 0;
            told[slot] = 0;
        }
        whole = false;
        size = 0;
        times = new long[0];
        values = new double[0];
        repairSource = source;
    }

    private void askRepair(long time, SourcePosition source) {
        for (int slot = 0; slot < SLOTS.length; slot++) {
            if (SLOTS[slot].holds(time - minuteStart)) {
                toRepair |= 1L << slot;
            }
        }
        repairSource = source;
    }

    /** Whether something changed that was not told yet. */
    boolean hasNews() {
        return toRepair != 0 || !Arrays.equals(counts, told);
    }

    /** The device time at which the next open window with samples closes, or {@link Long#MAX_VALUE}. */
    long nextCloseMicros(long lateness) {
        long next = Long.MAX_VALUE;
        for (int slot = 0; slot < SLOTS.length; slot++) {
            if (counts[slot] > 0 && revisions[slot] == OPEN) {
                next = Math.min(next, closeOf(slot, lateness));
            }
        }
        return next;
    }

    private long closeOf(int slot, long lateness) {
        return minuteStart + SLOTS[slot].endOffset() + lateness;
    }

    /**
     * Tells what is new, and closes the windows that the device's clock has left behind.
     *
     * @param deviceTime the device's clock; {@link Long#MAX_VALUE} closes every window
     */
    void tell(long deviceTime, long lateness, WindowEvents events) {
        SourcePosition source = repairSource;
        for (int slot = 0; slot < SLOTS.length; slot++) {
            if (source != null && (toRepair & 1L << slot) != 0) {
                events.result(resultOf(slot, WindowPhase.REPAIR, 0, source));
            } else if (counts[slot] > 0) {
                tellSlot(slot, closeOf(slot, lateness) <= deviceTime, events);
            }
        }
        toRepair = 0;
        repairSource = null;
    }

    private void tellSlot(int slot, boolean closes, WindowEvents events) {
        boolean news = counts[slot] != told[slot];
        if (revisions[slot] != OPEN) {
            if (news) {
                events.result(resultOf(slot, WindowPhase.REVISED, ++revisions[slot], null));
            }
        } else if (closes) {
            revisions[slot] = 0;
            events.result(resultOf(slot, WindowPhase.FINAL, 0, null));
        } else if (news) {
            events.result(resultOf(slot, WindowPhase.EARLY, 0, null));
        }
        told[slot] = counts[slot];
    }

    private WindowResult resultOf(int slot, WindowPhase phase, int revision, @Nullable SourcePosition source) {
        WindowSize window = SLOTS[slot].size();
        long start = minuteStart + SLOTS[slot].startOffset();
        if (phase == WindowPhase.REPAIR) {
            return new WindowResult(metric, window, start, phase, revision, null, null, source);
        }
        int from = firstFrom(start);
        int to = from + counts[slot];
        WindowStats stats = WindowStats.of(times, values, from, to);
        boolean sketched = window.hasSketch() && phase != WindowPhase.EARLY;
        QuantileSketch sketch = sketched ? QuantileSketch.of(values, from, to) : null;
        return new WindowResult(metric, window, start, phase, revision, stats, sketch, null);
    }

    /** About how much {@link #write} will append. */
    int expectedBytes() {
        return size * SAMPLE_BYTES + OTHER_BYTES;
    }

    void write(StateWriter out) {
        out.writeText(metric.value()).writeFlag(whole);
        if (!whole) {
            SourcePosition source = repairSource;
            out.writeLong(toRepair);
            out.writeLong(source == null ? 0 : source.partition());
            out.writeLong(source == null ? 0 : source.offset());
            return;
        }
        out.writeLong(size);
        long before = minuteStart;
        for (int i = 0; i < size; i++) {
            out.writeLong(times[i] - before).writeDouble(values[i]);
            before = times[i];
        }
        for (int slot = 0; slot < SLOTS.length; slot++) {
            out.writeLong(told[slot]).writeLong(revisions[slot]);
        }
    }

    static SeriesMinute read(StateReader in, long minuteStart) {
        MetricName metric = new MetricName(in.readText());
        SeriesMinute series = new SeriesMinute(metric, minuteStart, Boolean.TRUE.equals(in.readFlag()));
        if (!series.whole) {
            series.toRepair = in.readLong();
            SourcePosition source = new SourcePosition(in.readCount(), in.readLong());
            series.repairSource = series.toRepair == 0 ? null : source;
            return series;
        }
        series.readSamples(in);
        for (int slot = 0; slot < SLOTS.length; slot++) {
            series.told[slot] = in.readCount();
            series.revisions[slot] = (int) in.readLong();
        }
        return series;
    }

    private void readSamples(StateReader in) {
        size = in.readCount();
        times = new long[Math.max(size + 1, FIRST_CAPACITY)];
        values = new double[times.length];
        long before = minuteStart;
        for (int i = 0; i < size; i++) {
            before += in.readLong();
            times[i] = before;
            values[i] = in.readDouble();
        }
        for (int slot = 0; slot < SLOTS.length; slot++) {
            counts[slot] = firstFrom(minuteStart + SLOTS[slot].endOffset())
                    - firstFrom(minuteStart + SLOTS[slot].startOffset());
        }
    }

    /** The index of the first sample that is not before a time. */
    private int firstFrom(long time) {
        int found = Arrays.binarySearch(times, 0, size, time);
        return found < 0 ? -found - 1 : found;
    }
}
