package dev.heliograph.simulator.mqtt;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** Growing delays between attempts; half of each is random, so that a fleet does not come back in one beat. One thread at a time. */
final class Backoff {
    private static final int MOST_DOUBLINGS = 20;

    private final long firstMillis;
    private final long longestMillis;
    private final RandomGenerator random;
    private int failures;

    Backoff(Duration first, Duration longest, RandomGenerator random) {
        this.firstMillis = first.toMillis();
        this.longestMillis = longest.toMillis();
        this.random = random;
    }

    /** How long to wait after one more failure, ms. */
    long nextMillis() {
        long full = Math.min(longestMillis, firstMillis << Math.min(failures, MOST_DOUBLINGS));
        failures++;
        return full / 2 + random.nextLong(full / 2 + 1);
    }

    void succeeded() {
        failures = 0;
    }
}
