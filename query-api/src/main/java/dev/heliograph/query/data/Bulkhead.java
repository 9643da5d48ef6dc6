package dev.heliograph.query.data;

import dev.heliograph.query.problem.Problems;
import dev.heliograph.query.web.LimitSettings;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Lets only so many range queries run at a time; the others wait for a moment and are then refused. */
final class Bulkhead {
    private static final Duration RETRY = Duration.ofSeconds(2);

    private final Semaphore places;
    private final Duration wait;

    Bulkhead(LimitSettings limits) {
        this.places = new Semaphore(limits.heavyQueries(), true);
        this.wait = limits.heavyWait();
    }

    /** A place that is given back when it is closed. */
    interface Place extends AutoCloseable {
        @Override
        void close();
    }

    Place enter() {
        try {
            if (!places.tryAcquire(wait.toMillis(), TimeUnit.MILLISECONDS)) {
                throw Problems.unavailable("busy", "Too many range queries are running.", RETRY);
            }
            return places::release;
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw Problems.unavailable("busy", "The service is stopping.", RETRY);
        }
    }
}
