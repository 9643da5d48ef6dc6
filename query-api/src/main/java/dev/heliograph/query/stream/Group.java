package dev.heliograph.query.stream;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one subscription. Where that asks for fewer samples than come, it holds the newest of each series until
 * the pace allows it. Not thread-safe.
 */
final class Group {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final Subscription subscription;
    private final Set<Connection> connections = new LinkedHashSet<>();
    private final Map<String, Fragment> held = new LinkedHashMap<>();
    private long heldUntilNanos;
    private @Nullable Need need;
    private int needVersion;

    Group(Subscription subscription) {
        this.subscription = subscription;
    }

    Set<Connection> connections() {
        return connections;
    }

    /** The partitions that hold what it shows. */
    Need need(Needs needs) {
        Need known = need;
        if (known == null || needVersion != needs.version()) {
            known = needs.of(subscription);
            need = known;
            needVersion = needs.version();
        }
        return known;
    }

    /** What of this goes out now; samples that must wait are held. */
    List<Fragment> pass(List<Fragment> chosen, long nowNanos) {
        if (subscription.samplesPerSecond() == Subscription.EVERY_SAMPLE) {
            return chosen;
        }
        List<Fragment> passed = new ArrayList<>();
        for (Fragment fragment : chosen) {
            Fragment newest = fragment.newest();
            if (newest == null || newest.key() == null) {
                passed.add(fragment);
            } else {
                hold(newest.key(), newest, nowNanos);
            }
        }
        return passed;
    }

    private void hold(String series, Fragment newest, long nowNanos) {
        if (held.isEmpty()) {
            // After a pause the first sample goes out with the next tick, not after a whole interval.
            heldUntilNanos = Math.max(heldUntilNanos, nowNanos);
        }
        held.put(series, newest);
    }

    /** Whether samples are waiting: a position behind them must not be told before they are. */
    boolean holds() {
        return !held.isEmpty();
    }

    /** The held samples, where their time has come. */
    List<Fragment> due(long nowNanos) {
        if (held.isEmpty() || nowNanos - heldUntilNanos < 0) {
            return List.of();
        }
        heldUntilNanos = nowNanos + NANOS_PER_SECOND / subscription.samplesPerSecond();
        return release();
    }

    /** The held samples, whether their time has come or not: whoever joins must not be given what is older than it. */
    List<Fragment> release() {
        List<Fragment> released = List.copyOf(held.values());
        held.clear();
        return released;
    }

    void offer(List<Fragment> fragments, @Nullable String id) {
        if (!fragments.isEmpty()) {
            Frame frame = Frame.of(fragments, id);
            connections.forEach(connection -> connection.offer(frame));
        }
    }
}
