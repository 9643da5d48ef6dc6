package dev.heliograph.model.clock;

import java.time.Duration;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * Notices that somebody set the wall clock: it has gone another way than the clock of durations. Kafka's clients count their
 * pauses by the wall clock: when it goes back by an hour, they wait for an hour more.
 *
 * <p>Not thread-safe.
 */
public final class WallSteps {
    private static final long LEAST_MILLIS = 1_000;
    private static final long LONGEST_LOOK_NANOS = 100_000_000;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final InstantSource wall;
    private final LongSupplier nanoTime;
    private long last;

    /**
     * Watches from now on.
     *
     * @param wall the clock of the machine
     * @param nanoTime a clock as {@link System#nanoTime}
     */
    public WallSteps(InstantSource wall, LongSupplier nanoTime) {
        this.wall = wall;
        this.nanoTime = nanoTime;
        this.last = difference();
    }

    /** Looks again where the thread stood still between the looks at the two clocks: that would seem to be a step. */
    private long difference() {
        long before;
        long seen;
        do {
            before = nanoTime.getAsLong();
            seen = wall.millis();
        } while (nanoTime.getAsLong() - before > LONGEST_LOOK_NANOS);
        return seen - before / NANOS_PER_MILLI;
    }

    /** How far it was set since the last look, negative for back; zero where that is less than a second. */
    public Duration look() {
        long now = difference();
        long step = now - last;
        last = now;
        return Math.abs(step) < LEAST_MILLIS ? Duration.ZERO : Duration.ofMillis(step);
    }
}
