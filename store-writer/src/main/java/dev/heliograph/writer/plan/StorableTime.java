package dev.heliograph.writer.plan;

import dev.heliograph.model.wire.WireFormatException;

/** The times that a table can hold: years 1 to 9999. A refusal needs one too, so it is checked before the database does. */
final class StorableTime {
    private static final long MIN_MICROS = -62_135_596_800_000_000L;
    private static final long MAX_MICROS = 253_402_300_799_999_999L;

    private StorableTime() {}

    static void require(String field, long micros) {
        if (!holds(micros)) {
            throw new WireFormatException(field + " must lie in the years 1 to 9999, was " + micros + " µs");
        }
    }

    /** Microseconds of a record's timestamp in milliseconds, or the epoch where it has none that can be stored. */
    static long orEpoch(long millis) {
        return millis >= 0 && millis <= MAX_MICROS / 1_000 ? millis * 1_000 : 0;
    }

    private static boolean holds(long micros) {
        return micros >= MIN_MICROS && micros <= MAX_MICROS;
    }
}
