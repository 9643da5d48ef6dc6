package dev.heliograph.query.data;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Buckets and the stored windows that they are made of. Buckets begin at whole multiples of their length since 1970-01-01
 * 00:00 UTC.
 *
 * @param bucket length of a bucket, a multiple of the window
 * @param window length of the stored windows
 * @param table where those are
 */
record Resolution(Duration bucket, Duration window, String table) {
    /** The finest windows that are stored. */
    static final Duration FINEST = Duration.ofSeconds(10);

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final List<Duration> STEPS = List.of(
            Duration.ofSeconds(10),
            Duration.ofSeconds(20),
            Duration.ofSeconds(30),
            MINUTE,
            Duration.ofMinutes(2),
            Duration.ofMinutes(5),
            Duration.ofMinutes(10),
            Duration.ofMinutes(15),
            Duration.ofMinutes(30),
            HOUR,
            Duration.ofHours(2),
            Duration.ofHours(3),
            Duration.ofHours(6),
            Duration.ofHours(12),
            Duration.ofDays(1),
            Duration.ofDays(2),
            Duration.ofDays(7),
            Duration.ofDays(30));

    /** Buckets of the given length, from the coarsest windows that divide it. */
    static Resolution of(Duration bucket) {
        if (bucket.toSeconds() % HOUR.toSeconds() == 0) {
            return new Resolution(bucket, HOUR, "window_1h");
        }
        return bucket.toSeconds() % MINUTE.toSeconds() == 0
                ? new Resolution(bucket, MINUTE, "window_1m")
                : new Resolution(bucket, FINEST, "window_10s");
    }

    /** The finest buckets of which no more than {@code points} begin in a range of this length. */
    static Resolution fitting(Duration range, int points) {
        for (Duration step : STEPS) {
            if (range.dividedBy(step) < points) {
                return of(step);
            }
        }
        return of(STEPS.getLast());
    }

    /** The start of the bucket that holds the instant. */
    Instant floor(Instant time) {
        long length = bucket.toSeconds();
        return Instant.ofEpochSecond(Math.floorDiv(time.getEpochSecond(), length) * length);
    }

    /** Rows of stored windows that one series has at most in a range. */
    long rows(Duration range) {
        return range.dividedBy(window) + 2;
    }
}
