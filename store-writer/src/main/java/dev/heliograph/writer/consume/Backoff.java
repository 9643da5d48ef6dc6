package dev.heliograph.writer.consume;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** Growing pauses between attempts: each twice as long as the one before up to a bound, less up to a fifth by chance. */
final class Backoff {
    private static final double JITTER = 0.2;

    private final Duration first;
    private final Duration longest;
    private final RandomGenerator random;
    private Duration next;

    Backoff(Duration first, Duration longest, RandomGenerator random) {
        this.first = first;
        this.longest = longest;
        this.random = random;
        this.next = first;
    }

    Duration next() {
        Duration pause = next;
        Duration doubled = next.multipliedBy(2);
        next = doubled.compareTo(longest) > 0 ? longest : doubled;
        return Duration.ofNanos((long) (pause.toNanos() * (1 - JITTER * random.nextDouble())));
    }

    void reset() {
        next = first;
    }
}
