package dev.heliograph.stream.device;

import dev.heliograph.model.window.Minutes;
import dev.heliograph.model.window.WindowSize;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** The minutes of one device in the store of minutes, under {@code tenant/device@minute}. */
record StoredMinutes(String device, KeyValueStore<String, byte[]> store) implements Minutes {
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
        return device + "@" + startMicros / WindowSize.ONE_MINUTE.micros();
    }
}
