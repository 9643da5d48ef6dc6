package dev.heliograph.simulator.replay;

/**
 * When a recorded reading is sent and which time it carries; see {@link ReplaySettings.Times}.
 *
 * @param startMicros when the replay begins, µs since the epoch
 * @param firstMillis earliest time of the recording
 * @param lastMillis latest time of the recording
 * @param speed times real time, may be infinite
 * @param times which times to carry
 */
record ReplayClock(long startMicros, long firstMillis, long lastMillis, double speed, ReplaySettings.Times times) {
    /** When a reading of the recording is sent, µs since the epoch. */
    long sendMicros(long recordedMillis) {
        return startMicros + (long) ((recordedMillis - firstMillis) * 1_000.0 / speed);
    }

    /** The time that it carries, ms since the epoch. */
    long carriedMillis(long recordedMillis) {
        return switch (times) {
            case KEEP -> recordedMillis;
            case SHIFT -> {
                long anchor = speed >= 1 ? lastMillis : firstMillis;
                yield recordedMillis - anchor + sendMicros(anchor) / 1_000;
            }
        };
    }
}
