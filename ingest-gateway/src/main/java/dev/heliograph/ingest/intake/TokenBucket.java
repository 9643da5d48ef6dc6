package dev.heliograph.ingest.intake;

/**
 * A rate with a burst. Time is handed in, in nanoseconds of a clock as {@link System#nanoTime}. Thread-safe.
 */
public final class TokenBucket {
    private static final double NANOS_PER_SECOND = 1e9;

    private final double tokensPerNano;
    private final double capacity;
    private double tokens;
    private long filledAt;

    /**
     * A full bucket.
     *
     * @param tokensPerSecond sustained rate; 0 or less for no limit
     * @param capacity most tokens at once
     * @param nowNanos the time now
     */
    public TokenBucket(double tokensPerSecond, double capacity, long nowNanos) {
        this.tokensPerNano = tokensPerSecond / NANOS_PER_SECOND;
        this.capacity = capacity;
        this.tokens = capacity;
        this.filledAt = nowNanos;
    }

    /** Takes a token if there is one. */
    public synchronized boolean tryTake(long nowNanos) {
        if (tokensPerNano <= 0) {
            return true;
        }
        fill(nowNanos);
        if (tokens < 1) {
            return false;
        }
        tokens--;
        return true;
    }

    /** Takes a token even where there is none, and says how long to wait until the debt is paid. Nanoseconds, 0 for none. */
    public synchronized long takeOnCredit(long nowNanos) {
        if (tokensPerNano <= 0) {
            return 0;
        }
        fill(nowNanos);
        tokens--;
        return tokens >= 0 ? 0 : (long) Math.ceil(-tokens / tokensPerNano);
    }

    private void fill(long nowNanos) {
        tokens = Math.min(capacity, tokens + (nowNanos - filledAt) * tokensPerNano);
        filledAt = nowNanos;
    }
}
