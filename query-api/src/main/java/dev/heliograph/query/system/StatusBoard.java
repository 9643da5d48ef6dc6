package dev.heliograph.query.system;

import dev.heliograph.model.reading.Micros;
import dev.heliograph.model.wire.ServiceStatusRecord;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What the services said of themselves: for each instance the heartbeats of the last minute, so that counters become rates.
 * An instance that has said nothing for ten seconds is down; after five minutes it is forgotten. Thread-safe.
 */
public final class StatusBoard {
    static final Duration GONE = Duration.ofSeconds(10);
    private static final Duration FORGOTTEN = Duration.ofMinutes(5);
    private static final Duration RATE_WINDOW = Duration.ofSeconds(10);
    private static final Duration ERROR_WINDOW = Duration.ofSeconds(60);
    private static final int MAX_HEARTBEATS = 64;
    private static final int MAX_INSTANCES = 1_000;
    private static final double MICROS_PER_SECOND = 1e6;

    private final Clock clock;
    private final Map<String, History> instances = new HashMap<>();

    public StatusBoard(Clock clock) {
        this.clock = clock;
    }

    /** An instance as it last spoke. */
    record View(ServiceStatusRecord newest, boolean alive) {}

    private static final class History {
        final Deque<ServiceStatusRecord> heartbeats = new ArrayDeque<>();
        Instant heardAt = Instant.MIN;
    }

    /** Takes a heartbeat; older ones than the newest of the instance are ignored. */
    public synchronized void accept(ServiceStatusRecord heartbeat) {
        Instant now = clock.instant();
        instances.values().removeIf(history -> history.heardAt.isBefore(now.minus(FORGOTTEN)));
        String key = heartbeat.service() + "/" + heartbeat.instance();
        if (!instances.containsKey(key) && instances.size() >= MAX_INSTANCES) {
            return;
        }
        History history = instances.computeIfAbsent(key, ignored -> new History());
        ServiceStatusRecord last = history.heartbeats.peekLast();
        if (last != null && heartbeat.at() <= last.at()) {
            return;
        }
        if (last != null && last.startedAt() != heartbeat.startedAt()) {
            history.heartbeats.clear(); // counters began again
        }
        history.heartbeats.addLast(heartbeat);
        if (history.heartbeats.size() > MAX_HEARTBEATS) {
            history.heartbeats.removeFirst();
        }
        // The time it was said, unless that is in our future: a replay of the topic must not revive the dead.
        Instant said = Micros.toInstant(heartbeat.at());
        history.heardAt = said.isBefore(now) && Duration.between(said, now).compareTo(GONE) > 0 ? said : now;
    }

    /** The instances of a service by name, those that are down included. */
    synchronized List<View> instances(String service) {
        Instant now = clock.instant();
        List<View> views = new ArrayList<>();
        for (History history : instances.values()) {
            ServiceStatusRecord newest = history.heartbeats.peekLast();
            if (newest != null && newest.service().equals(service)) {
                views.add(new View(newest, !history.heardAt.isBefore(now.minus(GONE))));
            }
        }
        views.sort(Comparator.comparing(view -> view.newest().instance()));
        return views;
    }

    /** Sum over the living instances of what a counter grew a second; empty while nobody has spoken twice. */
    public synchronized OptionalDouble rate(String service, String counter) {
        boolean known = false;
        double sum = 0;
        for (History history : living(service)) {
            ServiceStatusRecord newest = history.heartbeats.getLast();
            ServiceStatusRecord oldest = oldest(history, newest, RATE_WINDOW);
            double seconds = (newest.at() - oldest.at()) / MICROS_PER_SECOND;
            if (seconds > 0) {
                known = true;
                sum += Math.max(0, value(newest, counter) - value(oldest, counter)) / seconds;
            }
        }
        return known ? OptionalDouble.of(sum) : OptionalDouble.empty();
    }

    /** What counters grew over the last minute, over the living instances; empty where nobody lives. */
    synchronized OptionalLong grown(String service, String... counters) {
        List<History> living = living(service);
        long sum = 0;
        for (History history : living) {
            ServiceStatusRecord newest = history.heartbeats.getLast();
            ServiceStatusRecord oldest = oldest(history, newest, ERROR_WINDOW);
            for (String counter : counters) {
                sum += Math.max(0, value(newest, counter) - value(oldest, counter));
            }
        }
        return living.isEmpty() ? OptionalLong.empty() : OptionalLong.of(sum);
    }

    /** Sum of a gauge over the living instances; empty where none has it. */
    public synchronized OptionalDouble sum(String service, String gauge) {
        return gauges(service, gauge).stream()
                .reduce(Double::sum)
                .map(OptionalDouble::of)
                .orElse(OptionalDouble.empty());
    }

    /** Largest value of a gauge over the living instances; empty where none has it. */
    public synchronized OptionalDouble max(String service, String gauge) {
        return gauges(service, gauge).stream()
                .reduce(Math::max)
                .map(OptionalDouble::of)
                .orElse(OptionalDouble.empty());
    }

    /** When the slowest living instance of a service spoke last. */
    synchronized @Nullable Instant spokeAt(String service) {
        return living(service).stream()
                .map(history -> Micros.toInstant(history.heartbeats.getLast().at()))
                .min(Comparator.naturalOrder())
                .orElse(null);
    }

    /** How long ago the instance that is silent for longest spoke, those that are down included; empty where there is none. */
    synchronized OptionalDouble silentSeconds(String service) {
        Instant now = clock.instant();
        return instances.values().stream()
                .filter(history -> !history.heartbeats.isEmpty()
                        && history.heartbeats.getLast().service().equals(service))
                .mapToDouble(history -> Duration.between(history.heardAt, now).toMillis() / 1_000.0)
                .max();
    }

    private List<Double> gauges(String service, String gauge) {
        List<Double> values = new ArrayList<>();
        for (History history : living(service)) {
            Double value = history.heartbeats.getLast().gauges().get(gauge);
            if (value != null) {
                values.add(value);
            }
        }
        return values;
    }

    private List<History> living(String service) {
        Instant oldest = clock.instant().minus(GONE);
        return instances.values().stream()
                .filter(history -> !history.heartbeats.isEmpty()
                        && history.heartbeats.getLast().service().equals(service)
                        && !history.heardAt.isBefore(oldest))
                .toList();
    }

    private static ServiceStatusRecord oldest(History history, ServiceStatusRecord newest, Duration window) {
        long from = newest.at() - window.toNanos() / 1_000;
        for (ServiceStatusRecord one : history.heartbeats) {
            if (one.at() >= from) {
                return one;
            }
        }
        return newest;
    }

    private static long value(ServiceStatusRecord record, String counter) {
        Long value = record.counters().get(counter);
        return value == null ? 0 : value;
    }
}
