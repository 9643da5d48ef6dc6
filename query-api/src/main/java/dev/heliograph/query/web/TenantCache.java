package dev.heliograph.query.web;

import dev.heliograph.model.id.TenantId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Keeps an answer of each tenant for a short time, so that a hundred open screens ask the store once. Thread-safe. */
public final class TenantCache<V> {
    private static final int MAX_TENANTS = 10_000;

    private final Clock clock;
    private final Duration life;
    private final Function<TenantId, V> load;
    private final ConcurrentMap<TenantId, Entry<V>> entries = new ConcurrentHashMap<>();

    public TenantCache(Clock clock, Duration life, Function<TenantId, V> load) {
        this.clock = clock;
        this.life = life;
        this.load = load;
    }

    private static final class Entry<V> {
        final ReentrantLock loading = new ReentrantLock();

        @Nullable
        V value;

        Instant loadedAt = Instant.EPOCH;
    }

    /** The answer of this tenant, at most one life old; one caller loads it, the others wait for that. */
    public V get(TenantId tenant) {
        if (entries.size() > MAX_TENANTS) {
            entries.clear();
        }
        Entry<V> entry = entries.computeIfAbsent(tenant, ignored -> new Entry<>());
        entry.loading.lock();
        try {
            Instant now = clock.instant();
            V value = entry.value;
            if (value == null || entry.loadedAt.plus(life).isBefore(now)) {
                value = load.apply(tenant);
                entry.value = value;
                entry.loadedAt = now;
            }
            return value;
        } finally {
            entry.loading.unlock();
        }
    }
}
