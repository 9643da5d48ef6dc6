package dev.heliograph.stream.run;

import dev.heliograph.model.state.StateFormatException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces a failed stream thread, but not for ever: past the bound the client is stopped and started anew, with pauses. So
 * it is at once where a thread cannot read the kept state, since the next one could not either.
 */
final class ThreadReplacements implements StreamsUncaughtExceptionHandler {
    private static final Logger LOG = LoggerFactory.getLogger(ThreadReplacements.class);

    private final int most;
    private final Duration period;
    private final Clock clock;
    private final Deque<Instant> replaced = new ArrayDeque<>();
    private volatile @Nullable String refusal;

    ThreadReplacements(int most, Duration period, Clock clock) {
        this.most = most;
        this.period = period;
        this.clock = clock;
    }

    @Override
    public synchronized StreamThreadExceptionResponse handle(Throwable failure) {
        StateFormatException unreadable = unreadable(failure);
        if (unreadable != null) {
            refusal = "the kept state cannot be read: " + unreadable.getMessage()
                    + (unreadable.isNewer() ? "; start the version that wrote it, see the runbook upgrade.md" : "");
            LOG.error("The stream stops: {}", refusal);
            LOG.debug("The kept state cannot be read", failure);
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        }
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

    private static @Nullable StateFormatException unreadable(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof StateFormatException unreadable) {
                return unreadable;
            }
        }
        return null;
    }

    /** Why the stream cannot go on, for a person; empty where it may. */
    Optional<String> refusal() {
        return Optional.ofNullable(refusal);
    }
}
