package dev.heliograph.query.stream;

import dev.heliograph.query.problem.Problems;
import dev.heliograph.query.security.Caller;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Counts open streams: of each user, and of the instance. Thread-safe. */
final class Seats {
    private static final Duration RETRY_USER = Duration.ofSeconds(10);
    private static final Duration RETRY_INSTANCE = Duration.ofSeconds(5);

    private final StreamSettings settings;
    private final StreamMetrics metrics;
    private final ConcurrentMap<String, Integer> open = new ConcurrentHashMap<>();

    Seats(StreamSettings settings, StreamMetrics metrics) {
        this.settings = settings;
        this.metrics = metrics;
    }

    /** Gives it back on close. */
    interface Seat extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Takes a seat.
     *
     * @throws dev.heliograph.query.problem.ProblemException 429 if the user has too many, 503 if the instance has
     */
    Seat take(Caller caller) {
        if (metrics.opened() > settings.connections()) {
            metrics.closed();
            throw Problems.unavailable("full", "This instance has no stream left.", RETRY_INSTANCE);
        }
        String user = caller.tenant() + "/" + caller.subject();
        if (open.merge(user, 1, Integer::sum) > settings.connectionsPerUser()) {
            release(user);
            throw Problems.tooMany("A user may have " + settings.connectionsPerUser() + " streams open.", RETRY_USER);
        }
        return () -> release(user);
    }

    private void release(String user) {
        open.computeIfPresent(user, (name, count) -> count > 1 ? count - 1 : null);
        metrics.closed();
    }
}
