package dev.heliograph.stream.device;

import dev.heliograph.model.window.SpanStore;
import dev.heliograph.model.window.WindowSize;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The minutes or the hours of one device in the store of spans, under {@code tenant/device@} and the number of the minute,
 * or {@code h} and that of the hour.
 */
record StoredSpans(String prefix, WindowSize span, KeyValueStore<String, byte[]> store) implements SpanStore {
    static StoredSpans minutes(String device, KeyValueStore<String, byte[]> store) {
        return new StoredSpans(device + "@", WindowSize.ONE_MINUTE, store);
    }

    static StoredSpans hours(String device, KeyValueStore<String, byte[]> store) {
        return new StoredSpans(device + "@h", WindowSize.ONE_HOUR, store);
    }

    @Override
    @SuppressWarnings("NullAway") // A store answers null for what it does not have, whatever its signature says.
    public byte @Nullable [] load(long startMicros) {
        return store.get(key(startMicros));
    }

    @Override
    public void save(long startMicros, byte[] bytes) {
        store.put(key(startMicros), bytes);
    }

    @Override
    public void forget(long startMicros) {
        store.delete(key(startMicros));
    }

    private String key(long startMicros) {
        return prefix + startMicros / span.micros();
    }
}
