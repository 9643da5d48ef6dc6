package dev.heliograph.model.window;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Spans in a map, as bytes, so that every load is a restart of that part of the state. */
final class StoredSpans implements SpanStore {
    final Map<Long, byte[]> bytes = new HashMap<>();

    @Override
    public byte @Nullable [] load(long startMicros) {
        return bytes.get(startMicros);
    }

    @Override
    public void save(long startMicros, byte[] span) {
        bytes.put(startMicros, span);
    }

    @Override
    public void forget(long startMicros) {
        bytes.remove(startMicros);
    }
}
