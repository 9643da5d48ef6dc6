package dev.heliograph.model.reading;

/** What the intake noticed about a reading that it accepted. */
public enum ReadingFlag {
    /** The device sent no time; the time of the reading is that of its receipt. */
    TS_SERVER,
    /** A number was an integer beyond 2^53, where doubles have gaps. */
    PRECISION,
    /** The device's local time occurs twice (the end of summer time); the occurrence nearest to the receipt was taken. */
    TS_AMBIGUOUS,
    /** A metric came with another unit or of another kind than this device last sent it. */
    SCHEMA_CHANGED,
    /** The device's sequence number has jumped ahead within a connection or a message: readings before this one are missing. */
    SEQ_GAP,
    /**
     * It tells of the past and came by the way of history, not from the device: it is stored and summarised from what is
     * stored, and nobody's presence, alerts or live view learn of it.
     */
    BACKFILL
}
