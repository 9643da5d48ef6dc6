package dev.heliograph.simulator.replay;

import java.time.Duration;

/**
 * When a recorded reading is sent and which time it carries; see {@link ReplaySettings.Times}. The end of the recording, as long
 * as {@code live} says, is played in real time; what is before it, at the speed.
 *
 * @param startMicros when the replay begins, µs since the epoch
 * @param firstMillis earliest time of what is played
 * @param lastMillis latest time of what is played
 * @param speed times real time, may be infinite
 * @param times which times to carry
 * @param live length of the end that is played in real time, 0 or more
 */
record ReplayClock(
        long startMicros, long firstMillis, long lastMillis, double speed, ReplaySettings.Times times, Duration live) {
    /** When a reading of the recording is sent, µs since the epoch. */
    long sendMicros(long recordedMillis) {
        long atSpeed = Math.min(recordedMillis, liveFromMillis()) - firstMillis;
        long inRealTime = Math.max(recordedMillis - liveFromMillis(), 0);
        return startMicros + (long) (atSpeed * 1_000.0 / speed) + inRealTime * 1_000;
    }

    /** The time that it carries, ms since the epoch. */
    long carriedMillis(long recordedMillis) {
        return switch (times) {
            case KEEP -> recordedMillis;
            case SHIFT, SHIFT_EACH -> {
                // The reading that is dated when it is sent; all others are dated in the past of their sending.
                long anchor = speed >= 1 ? liveFromMillis() : firstMillis;
                yield recordedMillis - anchor + sendMicros(anchor) / 1_000;
            }
        };
    }

    private long liveFromMillis() {
        return Math.max(lastMillis - live.toMillis(), firstMillis);
    }
}
