package dev.heliograph.ingest.sparkplug;

/** How many edge nodes may be asked for their births in a second. Thread-safe. */
final class RebirthPace {
    private static final long MICROS_PER_SECOND = 1_000_000;

    private final int perSecond;
    private long second = Long.MIN_VALUE;
    private int asked;

    RebirthPace(int perSecond) {
        this.perSecond = perSecond;
    }

    /** Counts a request, or says that there were enough of them in this second. */
    synchronized boolean mayAsk(long nowMicros) {
        long now = Math.floorDiv(nowMicros, MICROS_PER_SECOND);
        if (now != second) {
            second = now;
            asked = 0;
        }
        if (asked >= perSecond) {
            return false;
        }
        asked++;
        return true;
    }
}
