package dev.heliograph.systemtests.faults.plant;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waits for conditions, and lets the time of a fault pass. */
public final class Waiting {
    private static final long POLL_MILLIS = 50;

    private Waiting() {}

    /** @throws AssertionError if the condition does not hold within the limit */
    public static void until(String what, Duration limit, BooleanSupplier condition) {
        long end = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("not within " + limit + ": " + what);
            }
            pause(Duration.ofMillis(POLL_MILLIS));
        }
    }

    /** A fault lasts so long: there is nothing to wait for but time. */
    public static void pause(Duration duration) {
        try {
            TimeUnit.NANOSECONDS.sleep(duration.toNanos());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}
