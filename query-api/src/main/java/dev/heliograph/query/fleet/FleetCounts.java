package dev.heliograph.query.fleet;

import dev.heliograph.model.id.TenantId;
import dev.heliograph.query.database.StoreState;
import dev.heliograph.query.fleet.FoldMeters.Waiting;
import dev.heliograph.query.schedule.RecurringTask;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Keeps the store's counts of fleets up to date: what changed of devices and their presence is noted there by triggers, and
 * is counted when somebody asks, and every few seconds besides, so that no more than a few seconds of changes wait. It costs
 * what changed, not what there is. Any number of instances may; one counts at a time.
 */
final class FleetCounts extends RecurringTask {
    private static final Logger LOG = LoggerFactory.getLogger(FleetCounts.class);
    private static final Duration BETWEEN_ROUNDS = Duration.ofSeconds(5);
    private static final int BATCH = 5_000;
    private static final int BATCHES_FOR_A_CALLER = 4;
    private static final int MOST_COUNTED = 100_000;
    private static final String FOLD = "SELECT fold_fleet(" + BATCH + ")";
    private static final String WAITING = "SELECT waiting, oldest_seconds FROM fleet_waiting(" + MOST_COUNTED + ")";
    private static final String OLDEST = "SELECT at FROM fleet_note WHERE tenant = :tenant ORDER BY id LIMIT 1";

    private final JdbcClient jdbc;
    private final StoreState store;
    private final FoldMeters meters;

    FleetCounts(JdbcClient jdbc, StoreState store, FoldMeters meters) {
        super("fleet-counts", BETWEEN_ROUNDS);
        this.jdbc = jdbc;
        this.store = store;
        this.meters = meters;
    }

    /**
     * Counts what changed of a tenant, up to a bound that keeps a caller from waiting long.
     *
     * @return since when changes wait that are not counted; empty where all are
     */
    Optional<Instant> count(TenantId tenant) {
        for (int batch = 0; batch < BATCHES_FOR_A_CALLER; batch++) {
            if (waitingSince(tenant).isEmpty()) {
                return Optional.empty();
            }
            try {
                fold();
            } catch (DataAccessException busy) {
                // Somebody else counts, and for long: what is counted already is an answer, and its age is told.
                LOG.debug("Changes of the fleet wait: {}", busy.getMessage());
                break;
            }
        }
        return waitingSince(tenant);
    }

    private Optional<Instant> waitingSince(TenantId tenant) {
        return jdbc.sql(OLDEST)
                .param("tenant", tenant.value())
                .query(OffsetDateTime.class)
                .optional()
                .map(OffsetDateTime::toInstant);
    }

    private int fold() {
        return meters.fold(() -> jdbc.sql(FOLD).query(Integer.class).single());
    }

    @Override
    protected void round() {
        if (!store.usable()) {
            return;
        }
        try {
            while (!Thread.currentThread().isInterrupted() && fold() == BATCH) {
                // More waits than one batch.
            }
        } finally {
            look();
        }
    }

    /** Looks how far the counts are behind. Where that can not be seen, they grow older until it can. */
    private void look() {
        try {
            meters.seen(jdbc.sql(WAITING)
                    .query((row, number) -> new Waiting(row.getLong(1), row.getDouble(2)))
                    .single());
        } catch (DataAccessException away) {
            LOG.debug("How many changes of the fleet wait is not known now: {}", away.getMessage());
        }
    }
}
