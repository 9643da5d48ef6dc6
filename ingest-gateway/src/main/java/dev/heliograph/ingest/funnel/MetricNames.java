package dev.heliograph.ingest.funnel;

import dev.heliograph.model.id.MetricName;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** Metric names, shared: a fleet has few distinct ones, and sharing spares the check and an object for every sample. */
final class MetricNames {
    private static final int MAX_SHARED = 10_000;
    private static final ConcurrentMap<String, MetricName> SHARED = new ConcurrentHashMap<>();

    private MetricNames() {}

    /** The metric of this name, or null where the text breaks the grammar. */
    static @Nullable MetricName find(String text) {
        MetricName shared = SHARED.get(text);
        if (shared != null) {
            return shared;
        }
        MetricName fresh = MetricName.parse(text).orElse(null);
        if (fresh != null && SHARED.size() < MAX_SHARED) {
            SHARED.putIfAbsent(text, fresh);
        }
        return fresh;
    }
}
