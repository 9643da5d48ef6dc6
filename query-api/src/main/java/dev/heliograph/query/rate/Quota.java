package dev.heliograph.query.rate;

/**
 * How many requests somebody may make: a bucket that holds {@code burst} and is filled by {@code perSecond}.
 *
 * @param perSecond requests a second in the long run; above 0
 * @param burst requests at once; 1 or more
 */
record Quota(double perSecond, int burst) {
    private static final double NANOS = 1e9;

    Quota {
        if (!(perSecond > 0) || burst < 1) {
            throw new IllegalArgumentException("a quota needs a rate above 0 and a burst of 1 or more");
        }
    }

    /** Seconds in which an empty bucket is full, at least 1: the window of the draft. */
    long windowSeconds() {
        return Math.max(1, (long) Math.ceil(burst / perSecond));
    }

    /** Tokens that come in a time. */
    double tokensIn(long nanos) {
        return Math.max(0, nanos) / NANOS * perSecond;
    }

    /** Whole seconds until so many tokens have come, at least 1. */
    long secondsFor(double tokens) {
        return Math.max(1, (long) Math.ceil(tokens / perSecond));
    }
}
