package dev.heliograph.model.reading;

/** What the intake noticed about a reading that it accepted. */
public enum ReadingFlag {
    /** The device sent no time; the time of the reading is that of its receipt. */
    TS_SERVER,
    /** A number was an integer beyond 2^53, where doubles have gaps. */
    PRECISION
}
