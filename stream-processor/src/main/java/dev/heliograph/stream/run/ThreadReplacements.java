package dev.heliograph.stream.run;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Replaces a failed stream thread, but not for ever: past the bound the client is stopped and started anew, with pauses. */
final class ThreadReplacements implements StreamsUncaughtExceptionHandler {
    private static final Logger LOG = LoggerFactory.getLogger(ThreadReplacements.class);

    private final int most;
    private final Duration period;
    private final Clock clock;
    private final Deque<Instant> replaced = new ArrayDeque<>();

    ThreadReplacements(int most, Duration period, Clock clock) {
        this.most = most;
        this.period = period;
        this.clock = clock;
    }

    @Override
    public synchronized StreamThreadExceptionResponse handle(Throwable failure) {
        Instant now = clock.instant();
        while (!replaced.isEmpty() && replaced.peekFirst().isBefore(now.minus(period))) {
            replaced.removeFirst();
        }
        if (replaced.size() >= most) {
            LOG.error("A stream thread failed, the {}th within {}: starting anew", most + 1, period, failure);
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        }
        replaced.addLast(now);
        LOG.error("A stream thread failed and is replaced, {} of {} within {}", replaced.size(), most, period, failure);
        return StreamThreadExceptionResponse.REPLACE_THREAD;
    }
}
