package dev.heliograph.ingest.intake;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.LongSupplier;

/**
 * Age of the oldest message that is not yet safe in Kafka, to the second. Open messages are counted by the second of their
 * arrival in a ring, so a message costs two additions and no memory, however long another one hangs. Thread-safe.
 */
public final class UnackedWatch {
    /** Ages beyond this read as this. Seconds; longer than any delivery timeout. */
    private static final int RING_SECONDS = 4_096;

    private final LongSupplier nanoTime;
    private final long originNanos;
    private final AtomicIntegerArray openBySecond = new AtomicIntegerArray(RING_SECONDS);

    /** @param nanoTime a clock as {@link System#nanoTime} */
    public UnackedWatch(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.originNanos = nanoTime.getAsLong();
    }

    /** Counts a message as open; the answer is what {@link #finished} wants to know. */
    int started() {
        int slot = (int) (second() % RING_SECONDS);
        openBySecond.incrementAndGet(slot);
        return slot;
    }

    void finished(int slot) {
        openBySecond.decrementAndGet(slot);
    }

    /** How long the oldest open message has been waiting, in whole seconds; zero when none is. */
    public Duration oldestAge() {
        long now = second();
        for (long age = Math.min(now, RING_SECONDS - 1); age > 0; age--) {
            if (openBySecond.get((int) ((now - age) % RING_SECONDS)) > 0) {
                return Duration.ofSeconds(age);
            }
        }
        return Duration.ZERO;
    }

    private long second() {
        return TimeUnit.NANOSECONDS.toSeconds(nanoTime.getAsLong() - originNanos);
    }
}
