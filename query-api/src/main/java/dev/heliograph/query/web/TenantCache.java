package dev.heliograph.query.web;

import dev.heliograph.model.id.TenantId;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Function;

/** Keeps an answer of each tenant for a short time, as {@link ShortCache} does. Thread-safe. */
public final class TenantCache<V> {
    private static final int MAX_TENANTS = 10_000;

    private final ShortCache<TenantId, V> answers;
    private final Function<TenantId, V> load;

    public TenantCache(Clock clock, Duration life, Function<TenantId, V> load) {
        this.answers = new ShortCache<>(clock, life, MAX_TENANTS);
        this.load = load;
    }

    /** The answer of this tenant; one caller loads it. */
    public V get(TenantId tenant) {
        return answers.get(tenant, () -> load.apply(tenant));
    }
}
