package dev.heliograph.model.sequence;

/**
 * Numbers that a device skipped: readings that it made and that never came.
 *
 * @param run which run of the device's counter, from 0; a counter that starts again begins a new run
 * @param from first missing number
 * @param to last missing number
 * @param afterMicros device time of the reading before them, µs since the epoch
 * @param beforeMicros device time of the reading behind them, µs since the epoch
 */
public record SequenceGap(long run, long from, long to, long afterMicros, long beforeMicros) {
    /** @throws IllegalArgumentException if the range is empty */
    public SequenceGap {
        if (from > to) {
            throw new IllegalArgumentException("from must not be behind to, was " + from + " > " + to);
        }
    }

    /** How many numbers are missing. */
    public long missing() {
        return to - from + 1;
    }

    boolean holds(long number) {
        return from <= number && number <= to;
    }
}
