package dev.heliograph.model.window;

import org.jspecify.annotations.Nullable;

/** Where spans of one length (minutes, or hours) of one device are kept between readings, by their start in µs since the epoch. */
public interface SpanStore {
    /** The bytes last saved for a span, or null where there are none. */
    byte @Nullable [] load(long startMicros);

    /** Keeps the bytes of a span in place of those before. */
    void save(long startMicros, byte[] bytes);

    /** Forgets a span. */
    void forget(long startMicros);
}
