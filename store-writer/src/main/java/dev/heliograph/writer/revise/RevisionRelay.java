package dev.heliograph.writer.revise;

import dev.heliograph.model.reading.Micros;
import dev.heliograph.model.wire.WindowRecord;
import dev.heliograph.model.wire.WindowRevisionRecord;
import dev.heliograph.model.wire.WireCodec;
import dev.heliograph.writer.plan.SeriesChange;
import dev.heliograph.writer.store.RevisionNotices;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries notices to the topic: after their commit, in order, one relay at a time over all instances by an advisory lock that
 * ends with its transaction. A notice goes when Kafka has it: a crash between the two tells it again, never loses it. What
 * came within an interval is told as one where it is near, so that a year of history is told by ranges, not by windows.
 */
public final class RevisionRelay implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RevisionRelay.class);
    private static final Duration STOP_WAIT = Duration.ofSeconds(10);
    private static final int NOTICES_AT_ONCE = 5_000;
    private static final int MOST_INTERVALS = 10;
    // Any number that no other user of the database's advisory locks takes.
    private static final String TRY_LOCK = "SELECT pg_try_advisory_xact_lock(" + 0x68656c696f_726576L + ")";

    private final DataSource database;
    private final RevisionNotices notices;
    private final RevisionTopic topic;
    private final Duration interval;
    private final long mostWaiting;
    private final Clock clock;
    private final Counter told;
    private final Counter dropped;
    private final Thread thread =
            Thread.ofPlatform().name("revision-relay").daemon().unstarted(this::run);
    private volatile long waiting;
    private volatile boolean stopping;

    /**
     * @param interval shortest time between two batches
     * @param mostWaiting notices that are kept while Kafka does not take them; beyond, the oldest go
     */
    public RevisionRelay(
            DataSource database,
            RevisionNotices notices,
            RevisionTopic topic,
            Duration interval,
            long mostWaiting,
            Clock clock,
            MeterRegistry meters) {
        this.database = database;
        this.notices = notices;
        this.topic = topic;
        this.interval = interval;
        this.mostWaiting = mostWaiting;
        this.clock = clock;
        told = Counter.builder("heliograph.writer.revisions.told")
                .description("Changes of stored windows told to live viewers")
                .register(meters);
        dropped = Counter.builder("heliograph.writer.revisions.dropped")
                .description("Notices of changed windows that live viewers were never told")
                .register(meters);
        Gauge.builder("heliograph.writer.revisions.waiting", this, relay -> relay.waiting)
                .description("Notices of changed windows that were not told at the last attempt")
                .register(meters);
    }

    /** Starts; once. */
    public void start() {
        thread.start();
    }

    private void run() {
        while (!stopping) {
            try {
                // Those that another instance left behind are found without being woken, only later.
                notices.await(interval.multipliedBy(MOST_INTERVALS));
                Thread.sleep(interval);
                boolean more = true;
                while (more && !stopping) {
                    more = relayOnce();
                }
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
                return;
            } catch (SQLException away) {
                LOG.debug("Notices can not be read now: {}", away.getMessage());
            } catch (RuntimeException fault) {
                LOG.error("Notices of changed windows were not told this time", fault);
            }
        }
    }

    /**
     * Tells one batch.
     *
     * @return whether there may be more to do at once
     */
    public boolean relayOnce() throws SQLException {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try {
                boolean more = relay(connection);
                connection.commit();
                return more;
            } catch (SQLException | RuntimeException failure) {
                rollback(connection, failure);
                throw failure;
            }
        }
    }

    private boolean relay(Connection connection) throws SQLException {
        if (!isAlone(connection)) {
            return false;
        }
        RevisionNotices.Batch batch = RevisionNotices.oldest(connection, NOTICES_AT_ONCE);
        if (batch.ids().isEmpty()) {
            waiting = 0;
            return false;
        }
        // So that a fault between here and the end shows as something that waits.
        waiting = batch.ids().size();
        List<WindowRevisionRecord> revisions = revisions(connection, batch);
        if (!topic.publish(revisions)) {
            int pruned = RevisionNotices.prune(connection, mostWaiting);
            if (pruned > 0) {
                LOG.warn("Kafka does not take what changed in the store: {} notices are given up", pruned);
                dropped.increment(pruned);
            }
            waiting = RevisionNotices.waiting(connection);
            return false;
        }
        RevisionNotices.delete(connection, batch.ids());
        told.increment(revisions.size());
        waiting = 0;
        return batch.ids().size() == NOTICES_AT_ONCE;
    }

    private List<WindowRevisionRecord> revisions(Connection connection, RevisionNotices.Batch batch)
            throws SQLException {
        long now = Micros.of(clock.instant());
        List<SeriesChange> changes = SeriesChange.joined(batch.changes(), notices.mostWindows());
        List<@Nullable List<WindowRecord>> windows = RevisionNotices.stored(connection, changes, batch.series(), now);
        List<WindowRevisionRecord> revisions = new ArrayList<>(changes.size());
        for (int i = 0; i < changes.size(); i++) {
            SeriesChange change = changes.get(i);
            RevisionNotices.Batch.Series series = batch.series().get(change.seriesId());
            if (series != null) {
                revisions.add(new WindowRevisionRecord(
                        WireCodec.VERSION,
                        series.tenant(),
                        series.device(),
                        series.metric(),
                        change.from(),
                        change.to(),
                        windows.get(i),
                        now));
            }
        }
        return revisions;
    }

    private static boolean isAlone(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(TRY_LOCK)) {
            row.next();
            return row.getBoolean(1);
        }
    }

    private static void rollback(Connection connection, Exception failure) {
        try {
            connection.rollback();
        } catch (SQLException alsoFailed) {
            failure.addSuppressed(alsoFailed);
        }
    }

    /** Ends after the batch under way. What is not told yet is told by the next one. */
    @Override
    public void close() {
        stopping = true;
        thread.interrupt();
        try {
            if (thread.getState() != Thread.State.NEW && !thread.join(STOP_WAIT)) {
                LOG.warn("The relay of revisions does not end");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        topic.close();
    }
}
