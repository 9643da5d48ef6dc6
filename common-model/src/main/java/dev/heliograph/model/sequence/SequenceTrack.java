package dev.heliograph.model.sequence;

import java.util.ArrayList;
import java.util.List;

/**
 * What the sequence numbers of one device tell about readings that never came. Fed in order of arrival; what comes late
 * fills the gap that it left. Not thread-safe.
 *
 * <ul>
 *   <li>The first number is the beginning; nothing is missing before it.
 *   <li>A number ahead of the highest by more than one leaves a gap. Ahead by more than {@code longestGap}, it is a jump:
 *       counted, taken as the new position, and no gap, because a counter was set rather than a million readings lost.
 *   <li>A number behind the highest fills its gap if it lies in one. Otherwise, if its reading is newer by device time than
 *       all before, the device's counter began again: a reset, and a new run. Otherwise it is a repetition.
 * </ul>
 *
 * <p><b>Bounds.</b> At most {@code mostGaps} gaps are remembered; the oldest is forgotten first, stays counted as missing,
 * and can no longer be filled.
 *
 * <p><b>Limits.</b> What is lost at the end of a run or before the first number of one cannot be seen. A counter that
 * begins again inside a gap of its own run fills that gap until it leaves it.
 */
public final class SequenceTrack {
    private static final long NONE = -1;

    private final long longestGap;
    private final int mostGaps;
    private final List<SequenceGap> gaps;
    private long run;
    private long highest;
    private long highestMicros;
    private long runSinceMicros;
    private long missing;
    private long filled;
    private long resets;
    private long jumps;

    /**
     * What is known of a device, to be kept.
     *
     * @param run which run of the counter
     * @param highest highest number of the run; -1 where there was none yet
     * @param highestMicros newest device time seen
     * @param runSinceMicros device time of the first reading of the run
     * @param missing numbers that are missing now, forgotten gaps included
     * @param filled numbers that were missing and came late
     * @param resets how often the counter began again
     * @param jumps how often it leapt ahead too far for a gap
     * @param gaps the newest gaps, oldest first
     */
    public record State(
            long run,
            long highest,
            long highestMicros,
            long runSinceMicros,
            long missing,
            long filled,
            long resets,
            long jumps,
            List<SequenceGap> gaps) {
        /** A device that has sent no number yet. */
        public static final State NEW = new State(0, NONE, 0, 0, 0, 0, 0, 0, List.of());

        public State {
            gaps = List.copyOf(gaps);
        }
    }

    /**
     * Goes on from what is known.
     *
     * @param longestGap most numbers that a gap may have, at least 1
     * @param mostGaps most gaps that are remembered, at least 1
     */
    public SequenceTrack(State state, long longestGap, int mostGaps) {
        if (longestGap < 1 || mostGaps < 1) {
            throw new IllegalArgumentException(
                    "longestGap and mostGaps must be at least 1, were " + longestGap + " and " + mostGaps);
        }
        this.longestGap = longestGap;
        this.mostGaps = mostGaps;
        this.gaps = new ArrayList<>(state.gaps());
        this.run = state.run();
        this.highest = state.highest();
        this.highestMicros = state.highestMicros();
        this.runSinceMicros = state.runSinceMicros();
        this.missing = state.missing();
        this.filled = state.filled();
        this.resets = state.resets();
        this.jumps = state.jumps();
    }

    /**
     * Takes the number of one reading.
     *
     * @param number its sequence number, not negative
     * @param timeMicros its device time, µs since the epoch
     */
    public void see(long number, long timeMicros) {
        if (highest == NONE) {
            begin(number, timeMicros);
        } else if (timeMicros < runSinceMicros || number < highest) {
            behind(number, timeMicros);
        } else if (number > highest) {
            ahead(number, timeMicros);
        }
    }

    private void begin(long number, long timeMicros) {
        highest = number;
        highestMicros = timeMicros;
        runSinceMicros = timeMicros;
    }

    private void ahead(long number, long timeMicros) {
        long skipped = number - highest - 1;
        if (skipped > longestGap) {
            jumps++;
        } else if (skipped > 0) {
            gaps.add(new SequenceGap(run, highest + 1, number - 1, highestMicros, timeMicros));
            missing += skipped;
            if (gaps.size() > mostGaps) {
                gaps.removeFirst();
            }
        }
        highest = number;
        highestMicros = Math.max(highestMicros, timeMicros);
    }

    private void behind(long number, long timeMicros) {
        int gap = gapOf(number, timeMicros);
        if (gap >= 0) {
            fill(gap, number);
        } else if (timeMicros > highestMicros) {
            resets++;
            run++;
            begin(number, timeMicros);
        }
    }

    private int gapOf(long number, long timeMicros) {
        boolean ofThisRun = timeMicros >= runSinceMicros;
        for (int index = gaps.size() - 1; index >= 0; index--) {
            SequenceGap gap = gaps.get(index);
            boolean fits = ofThisRun && gap.run() == run
                    || gap.afterMicros() <= timeMicros && timeMicros <= gap.beforeMicros();
            if (fits && gap.holds(number)) {
                return index;
            }
        }
        return -1;
    }

    private void fill(int index, long number) {
        SequenceGap gap = gaps.remove(index);
        int at = index;
        if (number > gap.from()) {
            gaps.add(at++, new SequenceGap(gap.run(), gap.from(), number - 1, gap.afterMicros(), gap.beforeMicros()));
        }
        if (number < gap.to()) {
            gaps.add(at, new SequenceGap(gap.run(), number + 1, gap.to(), gap.afterMicros(), gap.beforeMicros()));
        }
        if (gaps.size() > mostGaps) {
            gaps.removeFirst();
        }
        missing--;
        filled++;
    }

    /** What is known now. */
    public State state() {
        return new State(run, highest, highestMicros, runSinceMicros, missing, filled, resets, jumps, gaps);
    }
}
