package dev.heliograph.model.reading;

import java.time.Instant;

/** Instants as whole microseconds since 1970-01-01T00:00Z: the resolution of a measurement's identity and of PostgreSQL. */
public final class Micros {
    private static final long PER_SECOND = 1_000_000;

    private Micros() {}

    /** Microseconds since the epoch; what is finer is cut off towards the past. */
    public static long of(Instant instant) {
        return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), PER_SECOND), instant.getNano() / 1_000);
    }

    /** The instant of a count of microseconds. */
    public static Instant toInstant(long micros) {
        return Instant.ofEpochSecond(Math.floorDiv(micros, PER_SECOND), Math.floorMod(micros, PER_SECOND) * 1_000);
    }
}
