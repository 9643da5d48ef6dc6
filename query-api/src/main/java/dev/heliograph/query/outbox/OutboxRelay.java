package dev.heliograph.query.outbox;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Carries the outbox to Kafka in order. One relay at a time over all instances, by an advisory lock that ends with its
 * transaction; a row is deleted when Kafka has it, so a crash between the two sends it again, never loses it. Works when it
 * is told to, and looks each second in case somebody crashed before telling.
 */
public final class OutboxRelay implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(OutboxRelay.class);
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);
    private static final int BATCH = 500;
    // Any number that no other user of the database's advisory locks takes.
    private static final long LOCK = 0x68656c696f_6f6278L;

    private static final String TRY_LOCK = "SELECT pg_try_advisory_xact_lock(:lock)";
    private static final String OLDEST = "SELECT id, topic, key, value FROM outbox ORDER BY id LIMIT :batch";
    private static final String DELETE = "DELETE FROM outbox WHERE id = ANY(:ids)";
    private static final String WAITING = "SELECT EXISTS (SELECT 1 FROM outbox WHERE id = ANY(:ids))";

    private final JdbcClient jdbc;
    private final TransactionTemplate transactions;
    private final ConfigurationTopics topics;
    private final Semaphore wake = new Semaphore(0);
    private volatile long pending;
    private volatile @Nullable Thread worker;

    public OutboxRelay(
            JdbcClient jdbc, TransactionTemplate transactions, ConfigurationTopics topics, MeterRegistry meters) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.topics = topics;
        Gauge.builder("heliograph.query.outbox.pending", () -> pending).register(meters);
    }

    /** Makes the relay work now; call it after the commit. */
    public void wake() {
        wake.release();
    }

    /** Waits until the rows are published; false if the time is up before. */
    public boolean awaitPublished(List<Long> ids, Duration wait) {
        wake();
        Long[] wanted = ids.toArray(Long[]::new);
        long deadline = System.nanoTime() + wait.toNanos();
        try {
            while (isWaiting(wanted)) {
                if (System.nanoTime() >= deadline) {
                    return false;
                }
                Thread.sleep(LOOK_AGAIN);
            }
            return true;
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private boolean isWaiting(Long[] ids) {
        return jdbc.sql(WAITING).param("ids", ids).query(Boolean.class).single();
    }

    /** Publishes one batch; true if there may be more to do at once. */
    public boolean relayOnce() {
        return Boolean.TRUE.equals(transactions.execute(status -> {
            if (!jdbc.sql(TRY_LOCK).param("lock", LOCK).query(Boolean.class).single()) {
                return false;
            }
            List<OutboxRow> rows = jdbc.sql(OLDEST)
                    .param("batch", BATCH)
                    .query((row, number) ->
                            new OutboxRow(row.getLong(1), row.getString(2), row.getString(3), row.getString(4)))
                    .list();
            pending = rows.size();
            if (rows.isEmpty()) {
                return false;
            }
            int kept = topics.publish(rows);
            Long[] done = rows.subList(0, kept).stream().map(OutboxRow::id).toArray(Long[]::new);
            jdbc.sql(DELETE).param("ids", done).update();
            pending = rows.size() - kept;
            return kept == rows.size();
        }));
    }

    private void run() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                if (wake.tryAcquire(INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
                    wake.drainPermits();
                }
                while (relayOnce()) {
                    // a full batch: there may be more
                }
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            } catch (DataAccessException | TransactionException away) {
                LOG.debug("The outbox can not be read now: {}", away.getMessage());
            }
        }
    }

    @Override
    public void start() {
        worker = Thread.ofVirtual().name("outbox-relay").start(this::run);
    }

    @Override
    public void stop() {
        Thread running = worker;
        if (running != null) {
            running.interrupt();
        }
        worker = null;
    }

    @Override
    public boolean isRunning() {
        return worker != null;
    }
}
