package dev.heliograph.writer.store;

import dev.heliograph.model.id.SeriesKey;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The ids of the series used last. Bounded, thread-safe. */
final class SeriesCache {
    private final int capacity;
    private final Map<SeriesKey, Integer> ids;

    SeriesCache(int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity must be at least 1, was " + capacity);
        }
        this.capacity = capacity;
        this.ids = new LinkedHashMap<>(1_024, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<SeriesKey, Integer> eldest) {
                return size() > SeriesCache.this.capacity;
            }
        };
    }

    synchronized @Nullable Integer get(SeriesKey series) {
        return ids.get(series);
    }

    synchronized void put(SeriesKey series, int id) {
        ids.put(series, id);
    }

    /** Forgets everything: after a failure the store may be another one, restored from a backup. */
    synchronized void clear() {
        ids.clear();
    }

    synchronized int size() {
        return ids.size();
    }
}
