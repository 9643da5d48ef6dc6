package dev.heliograph.query.idempotency;

import dev.heliograph.query.schedule.RecurringTask;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Deletes keys whose time is over, of all tenants, a batch at a time. Any instance may; they do not disturb each other. */
final class IdempotencySweep extends RecurringTask {
    private static final Logger LOG = LoggerFactory.getLogger(IdempotencySweep.class);
    private static final int BATCH = 5_000;
    private static final String DELETE = """
            DELETE FROM idempotency_key
             WHERE ctid = ANY(ARRAY(SELECT ctid FROM idempotency_key WHERE created_at < :expired LIMIT :batch
                                       FOR UPDATE SKIP LOCKED))
            """;

    private final JdbcClient jdbc;
    private final IdempotencySettings settings;
    private final Clock clock;

    IdempotencySweep(JdbcClient jdbc, IdempotencySettings settings, Clock clock) {
        super("idempotency-sweep", settings.sweepEvery());
        this.jdbc = jdbc;
        this.settings = settings;
        this.clock = clock;
    }

    /** Deletes what is older than keys are kept; returns how many. */
    int sweep() {
        Instant expired = clock.instant().minus(settings.keptFor());
        int all = 0;
        int deleted;
        do {
            deleted = jdbc.sql(DELETE)
                    .param("expired", expired.atOffset(ZoneOffset.UTC))
                    .param("batch", BATCH)
                    .update();
            all += deleted;
        } while (deleted == BATCH);
        return all;
    }

    @Override
    protected void round() {
        try {
            sweep();
        } catch (DataAccessException away) {
            LOG.debug("Old idempotency keys stay for now: {}", away.getMessage());
        }
    }
}
