package dev.heliograph.query.data;

import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.QueryTimeoutException;

/** The statement that a query is running, and whether anybody still waits for its answer. Thread-safe. */
final class Running {
    private static final Logger LOG = LoggerFactory.getLogger(Running.class);

    /** Nobody waits for the answer any more. */
    static final class ClientLeftException extends RuntimeException {
        ClientLeftException() {
            super("the client has left", null, false, false);
        }
    }

    private final Clock clock;
    private final Instant deadline;
    private @Nullable Statement statement;
    private boolean left;

    Running(Clock clock, Duration longest) {
        this.clock = clock;
        this.deadline = clock.instant().plus(longest);
    }

    synchronized void started(Statement running) {
        check();
        statement = running;
    }

    synchronized void ended() {
        statement = null;
    }

    /** Stops the statement in the database, and those that would follow. */
    synchronized void stop() {
        left = true;
        Statement running = statement;
        if (running != null) {
            try {
                running.cancel();
            } catch (SQLException notStopped) {
                LOG.warn("A query whose client has left goes on to its timeout: {}", notStopped.getMessage());
            }
        }
    }

    /**
     * @throws ClientLeftException if it was stopped
     * @throws QueryTimeoutException if the answer as a whole has taken too long
     */
    synchronized void check() {
        if (left) {
            throw new ClientLeftException();
        }
        if (clock.instant().isAfter(deadline)) {
            throw new QueryTimeoutException("the answer took too long");
        }
    }
}
