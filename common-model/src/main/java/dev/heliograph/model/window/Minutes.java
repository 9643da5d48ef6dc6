package dev.heliograph.model.window;

import org.jspecify.annotations.Nullable;

/** Where the minutes of one device are kept between readings, by the start of the minute in µs since the epoch. */
public interface Minutes {
    /** The bytes last saved for a minute, or null where there are none. */
    byte @Nullable [] load(long startMicros);

    /** Keeps the bytes of a minute in place of those before. */
    void save(long startMicros, byte[] bytes);

    /** Forgets a minute. */
    void forget(long startMicros);
}
