package dev.heliograph.ingest.sparkplug;

/**
 * When an edge node may be asked for its births. Each request doubles the time to the next one, up to 32 times; a pause of
 * four times that makes it short again. So a node that does not answer, and one whose answers do not help, are asked seldom.
 * Times are microseconds. Not thread-safe.
 */
final class RebirthTimer {
    private static final int MAX_DOUBLINGS = 5;
    private static final int PAUSE = 4;

    private final long intervalMicros;
    private int doublings = -1;
    private long askedAt;
    private boolean isWanted;
    private boolean isAwaited;

    RebirthTimer(long intervalMicros) {
        this.intervalMicros = intervalMicros;
    }

    /** A birth would help. */
    void want() {
        isWanted = true;
    }

    /** Whether a birth would help and may be asked for now. */
    boolean isDue(long nowMicros) {
        return isWanted && (doublings < 0 || nowMicros - askedAt >= intervalMicros << doublings);
    }

    /** The request is sent. */
    void asked(long nowMicros) {
        boolean pause = doublings >= 0 && nowMicros - askedAt >= (intervalMicros << doublings) * PAUSE;
        doublings = pause ? 0 : Math.min(doublings + 1, MAX_DOUBLINGS);
        askedAt = nowMicros;
        isWanted = false;
        isAwaited = true;
    }

    /** Whether the birth of the last request has not come yet. */
    boolean isAwaited() {
        return isAwaited;
    }

    /** Whether it has not come for at least this long. */
    boolean isOverdue(long nowMicros, long patienceMicros) {
        return isAwaited && nowMicros - askedAt >= patienceMicros;
    }

    /** Whether no birth is wanted and none awaited. */
    boolean isQuiet() {
        return !isWanted && !isAwaited;
    }

    /** A birth has come, or is waited for no longer. */
    void settle() {
        isWanted = false;
        isAwaited = false;
    }

    /** Lets the next request be sent at once: a new connection to the broker. */
    void forget() {
        settle();
        doublings = -1;
    }
}
