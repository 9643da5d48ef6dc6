package dev.heliograph.query.web;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps answers for a short time, so that a hundred open screens ask the store once. One caller loads an answer; who comes
 * meanwhile gets the one before it, and waits only where there is none. What was costly to load is kept for longer: ten times
 * as long as that took, so that no question takes more than a tenth of one connection, however often it is asked. Thread-safe.
 *
 * @param <K> what is asked
 * @param <V> the answer; its age is for the answer to tell
 */
public final class ShortCache<K, V> {
    private static final int LIVES_OF_LOADING = 10;

    private final Clock clock;
    private final Duration life;
    private final Map<K, Slot<V>> slots;

    /**
     * An empty cache.
     *
     * @param life of an answer that was loaded fast
     * @param most answers that are kept; the one not asked for longest makes room
     */
    public ShortCache(Clock clock, Duration life, int most) {
        this.clock = clock;
        this.life = life;
        this.slots = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<K, Slot<V>> eldest) {
                return size() > most;
            }
        };
    }

    private record Kept<V>(V value, Instant freshUntil) {}

    private static final class Slot<V> {
        final ReentrantLock loading = new ReentrantLock();
        volatile @Nullable Kept<V> kept;
    }

    /** The answer to this question, loaded by this caller where it is not at hand or too old. */
    public V get(K question, Supplier<V> load) {
        Slot<V> slot;
        synchronized (slots) {
            slot = slots.computeIfAbsent(question, ignored -> new Slot<>());
        }
        Kept<V> kept = slot.kept;
        if (kept != null && isFresh(kept)) {
            return kept.value();
        }
        if (kept == null) {
            slot.loading.lock();
        } else if (!slot.loading.tryLock()) {
            return kept.value();
        }
        try {
            Kept<V> meanwhile = slot.kept;
            if (meanwhile != null && isFresh(meanwhile)) {
                return meanwhile.value();
            }
            Instant started = clock.instant();
            V value = load.get();
            Duration costly = Duration.between(started, clock.instant()).multipliedBy(LIVES_OF_LOADING);
            slot.kept = new Kept<>(value, started.plus(costly.compareTo(life) > 0 ? costly : life));
            return value;
        } finally {
            slot.loading.unlock();
        }
    }

    private boolean isFresh(Kept<V> kept) {
        return clock.instant().isBefore(kept.freshUntil());
    }
}
