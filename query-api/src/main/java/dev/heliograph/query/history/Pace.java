package dev.heliograph.query.history;

import java.util.function.LongSupplier;

/** So many readings a second, all uploads together and each in its turn. Thread-safe; says how long to wait, does not wait. */
final class Pace {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final long nanosPerReading;
    private final LongSupplier nanoClock;
    private long free;

    Pace(int readingsPerSecond, LongSupplier nanoClock) {
        this.nanosPerReading = NANOS_PER_SECOND / readingsPerSecond;
        this.nanoClock = nanoClock;
        this.free = nanoClock.getAsLong();
    }

    /** Takes places for so many readings; the nanoseconds until they may be sent, 0 or more. */
    synchronized long take(int readings) {
        long now = nanoClock.getAsLong();
        // What was not used is gone: a burst would be in the way of live data.
        long mine = free - now > 0 ? free : now;
        free = mine + nanosPerReading * readings;
        return mine - now;
    }
}
