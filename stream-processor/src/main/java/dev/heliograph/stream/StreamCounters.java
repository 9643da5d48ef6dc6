package dev.heliograph.stream;

import dev.heliograph.model.window.WindowPhase;
import dev.heliograph.model.window.WindowSize;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/**
 * What this instance has done since it started. Thread-safe. Work that a transaction took back is counted as well: these
 * say what was done, the topics say what counts.
 */
public final class StreamCounters {
    private final LongAdder readings = new LongAdder();
    private final LongAdder backfilled = new LongAdder();
    private final LongAdder corrections = new LongAdder();
    private final LongAdder duplicates = new LongAdder();
    private final LongAdder conflicts = new LongAdder();
    private final LongAdder overflows = new LongAdder();
    private final LongAdder outOfOrder = new LongAdder();
    private final LongAdder transitions = new LongAdder();
    private final LongAdder presenceChanges = new LongAdder();
    private final LongAdder looks = new LongAdder();
    private final LongAdder poison = new LongAdder();
    private final LongAdder refusedRules = new LongAdder();
    private final AtomicLongArray windows =
            new AtomicLongArray(WindowSize.values().length * WindowPhase.values().length);
    private final AtomicLong devices = new AtomicLong();
    private final AtomicLong openMinutes = new AtomicLong();
    private final AtomicLong tasksBehind = new AtomicLong();

    /** A reading was processed. */
    public void reading() {
        readings.increment();
    }

    /** A reading told of the past; it is counted as a reading too. */
    public void backfilled() {
        backfilled.increment();
    }

    /** What is stored of a device was changed. */
    public void corrected() {
        corrections.increment();
    }

    /** A sample came again; with another value if it conflicts. */
    public void duplicate(boolean conflicting) {
        (conflicting ? conflicts : duplicates).increment();
    }

    /** A series had more samples in a minute than are kept. */
    public void overflow() {
        overflows.increment();
    }

    /** A sample was too old for the alerts of its series. */
    public void outOfOrder() {
        outOfOrder.increment();
    }

    /** An alert made a step. */
    public void transition() {
        transitions.increment();
    }

    /** A device changed its presence. */
    public void presenceChange() {
        presenceChanges.increment();
    }

    /** A device was looked at without a reading. */
    public void looked() {
        looks.increment();
    }

    /** A record could not be read. */
    public void poison() {
        poison.increment();
    }

    /** A rule could not be used. */
    public void refusedRule() {
        refusedRules.increment();
    }

    /** A window result was told. */
    public void window(WindowSize size, WindowPhase phase) {
        windows.incrementAndGet(slot(size, phase));
    }

    /** The number of known devices changed. */
    public void devices(long change) {
        devices.addAndGet(change);
    }

    /** The number of minutes with an open window changed. */
    public void openMinutes(long change) {
        openMinutes.addAndGet(change);
    }

    /** The number of tasks with readings waiting changed. */
    public void tasksBehind(long change) {
        tasksBehind.addAndGet(change);
    }

    private static int slot(WindowSize size, WindowPhase phase) {
        return size.ordinal() * WindowPhase.values().length + phase.ordinal();
    }

    /** Window results of one size and phase. */
    public long windows(WindowSize size, WindowPhase phase) {
        return windows.get(slot(size, phase));
    }

    /** Window results of one phase, all sizes. */
    public long windows(WindowPhase phase) {
        long sum = 0;
        for (WindowSize size : WindowSize.values()) {
            sum += windows(size, phase);
        }
        return sum;
    }

    public long readings() {
        return readings.sum();
    }

    public long backfilledReadings() {
        return backfilled.sum();
    }

    public long corrections() {
        return corrections.sum();
    }

    public long duplicates() {
        return duplicates.sum();
    }

    public long conflicts() {
        return conflicts.sum();
    }

    public long overflows() {
        return overflows.sum();
    }

    public long samplesOutOfOrder() {
        return outOfOrder.sum();
    }

    public long transitions() {
        return transitions.sum();
    }

    public long presenceChanges() {
        return presenceChanges.sum();
    }

    public long looks() {
        return looks.sum();
    }

    public long poisonRecords() {
        return poison.sum();
    }

    public long refusedRules() {
        return refusedRules.sum();
    }

    /** Devices known to the tasks of this instance. */
    public long deviceCount() {
        return devices.get();
    }

    /** Minutes of devices that have a window which is not final. */
    public long openMinuteCount() {
        return openMinutes.get();
    }

    /** Tasks of this instance with readings waiting. */
    public long tasksBehindCount() {
        return tasksBehind.get();
    }
}
