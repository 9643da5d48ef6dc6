package dev.heliograph.writer.store;

import dev.heliograph.model.id.SeriesKey;
import dev.heliograph.model.wire.Topics;
import dev.heliograph.writer.plan.Advance;
import dev.heliograph.writer.plan.CorrectionStep;
import dev.heliograph.writer.plan.Place;
import dev.heliograph.writer.plan.WritePlan;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.WeakHashMap;
import javax.sql.DataSource;
import org.postgresql.PGConnection;

/** The store on PostgreSQL or TimescaleDB, by JDBC. */
public final class JdbcStore implements Store {
    private final DataSource database;
    private final SeriesCache cache;
    private final SeriesIds seriesIds;
    private final MetricUnits units;
    /**
     * The connections that have been used before. What was learned from the database holds as long as they do: a new one may
     * lead to another server, which has taken the place of the first and was behind it.
     */
    private final Set<PGConnection> known = Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    private final OffsetRows offsets;
    private final CorrectionRows corrections;
    private final RepairRows repairs;
    private final MeasurementRows measurements = new MeasurementRows();
    private final StateRows states = new StateRows();
    private final LatestRows latest = new LatestRows();
    private final WindowRows windows = new WindowRows();
    private final PresenceRows presence = new PresenceRows();
    private final PositionRows positions = new PositionRows();
    private final AlertRows alerts = new AlertRows();
    private final QuarantineRows quarantine = new QuarantineRows();
    private final SequenceRows sequences;
    private final SchemaChangeRows schemaChanges = new SchemaChangeRows();
    private final LedgerRows ledger = new LedgerRows();
    private final MetricRanges ranges;
    private final RevisionNotices notices;

    /**
     * @param database where the schema is migrated; its connections must be PostgreSQL's
     * @param consumer name of this consumer in {@code consumer_offset}
     * @param seriesCacheSize how many series ids are kept in memory
     */
    public JdbcStore(DataSource database, String consumer, int seriesCacheSize) {
        this(
                database,
                consumer,
                seriesCacheSize,
                RepairSettings.DEFAULT,
                SequenceLimits.DEFAULT,
                new MetricRanges(database),
                new RevisionNotices());
    }

    /**
     * The store with bounds of its own.
     *
     * @param repair how much repairing of windows one transaction does
     * @param sequences for the gaps of devices
     * @param ranges told of every batch that was stored; whoever made them has them written
     * @param notices take what live viewers are to be told; whoever made them has them told
     */
    public JdbcStore(
            DataSource database,
            String consumer,
            int seriesCacheSize,
            RepairSettings repair,
            SequenceLimits sequences,
            MetricRanges ranges,
            RevisionNotices notices) {
        this.ranges = ranges;
        this.notices = notices;
        this.sequences = new SequenceRows(sequences);
        this.database = database;
        this.cache = new SeriesCache(seriesCacheSize);
        this.seriesIds = new SeriesIds(cache);
        this.units = new MetricUnits(seriesCacheSize);
        this.offsets = new OffsetRows(consumer);
        this.corrections = new CorrectionRows(consumer, notices);
        this.repairs = new RepairRows(consumer, repair, notices);
    }

    @Override
    public Map<Place, Long> positions(Collection<Place> places) throws StoreFailure {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(true);
            return offsets.positions(connection, places);
        } catch (SQLException failure) {
            throw failed(failure);
        }
    }

    @Override
    public Map<Place, Long> recognise(Map<String, UUID> topicIds) throws StoreFailure {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try {
                Map<Place, Long> givenUp = offsets.name(connection, topicIds);
                if (givenUp.keySet().stream().anyMatch(place -> place.topic().equals(Topics.READINGS))) {
                    RepairRows.waitForNoReading(connection);
                }
                connection.commit();
                return givenUp;
            } catch (SQLException | RuntimeException failure) {
                rollback(connection, failure);
                throw failure;
            }
        } catch (SQLException failure) {
            throw failed(failure);
        }
    }

    @Override
    public WriteOutcome write(WritePlan plan) throws StoreFailure {
        return run(plan, true);
    }

    @Override
    public Optional<String> refusal(WritePlan plan) throws StoreFailure {
        try {
            run(plan, false);
            return Optional.empty();
        } catch (StoreFailure.Refused refused) {
            return Optional.of(String.valueOf(refused.getMessage()));
        }
    }

    @Override
    public boolean correct(CorrectionStep correction, long expected) throws StoreFailure {
        return correct(correction, expected, connection -> corrections.step(connection, correction));
    }

    @Override
    public void giveUp(CorrectionStep correction, long expected, String why) throws StoreFailure {
        correct(correction, expected, connection -> {
            corrections.fail(connection, correction, why);
            return true;
        });
    }

    /** A part of a correction; says whether it was the last. */
    private interface CorrectionWork {
        boolean on(Connection connection) throws SQLException;
    }

    private boolean correct(CorrectionStep correction, long expected, CorrectionWork work) throws StoreFailure {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try {
                Columnstore.letChange(connection);
                Place place = correction.place();
                offsets.advance(connection, List.of(new Advance(place, expected, expected)));
                boolean last = work.on(connection);
                if (last) {
                    offsets.advance(connection, List.of(new Advance(place, expected, correction.offset() + 1)));
                }
                connection.commit();
                notices.committed();
                return last;
            } catch (SQLException | StoreFailure | RuntimeException failure) {
                rollback(connection, failure);
                throw failure;
            }
        } catch (SQLException failure) {
            throw failed(failure);
        } catch (StoreFailure.Fenced fenced) {
            forgetIds();
            throw fenced;
        }
    }

    private WriteOutcome run(WritePlan plan, boolean keep) throws StoreFailure {
        try (Connection connection = connect()) {
            connection.setAutoCommit(true);
            Map<SeriesKey, Integer> ids = seriesIds.of(plan, connection);
            units.fill(plan, connection);
            connection.setAutoCommit(false);
            Transaction transaction = new Transaction(connection, plan, ids);
            try {
                statements(transaction);
                if (keep) {
                    connection.commit();
                    ranges.note(plan);
                    if (!transaction.repaired().isEmpty()) {
                        notices.committed();
                    }
                } else {
                    connection.rollback();
                }
            } catch (SQLException | StoreFailure | RuntimeException failure) {
                rollback(connection, failure);
                throw failure;
            }
            return transaction.outcome();
        } catch (SQLException failure) {
            throw failed(failure);
        } catch (StoreFailure.Fenced fenced) {
            // Another writer, or another server behind the same connection: a pooler may hide that.
            forgetIds();
            throw fenced;
        } catch (RuntimeException bug) {
            // Whatever row provoked it can be told from the others by taking the batch apart.
            throw new StoreFailure.Refused("INTERNAL: " + bug, bug);
        }
    }

    private void statements(Transaction transaction) throws SQLException, StoreFailure {
        Columnstore.letInsert(transaction.connection());
        offsets.advance(transaction.connection(), transaction.plan().advances());
        measurements.write(transaction);
        states.write(transaction);
        latest.write(transaction);
        windows.write(transaction);
        repairs.write(transaction);
        presence.write(transaction);
        positions.write(transaction);
        alerts.write(transaction);
        quarantine.write(transaction);
        sequences.write(transaction);
        schemaChanges.write(transaction);
        ledger.write(transaction);
    }

    private Connection connect() throws SQLException {
        Connection connection = database.getConnection();
        try {
            if (known.add(connection.unwrap(PGConnection.class))) {
                forgetIds();
            }
            return connection;
        } catch (SQLException | RuntimeException failure) {
            connection.close();
            throw failure;
        }
    }

    private static void rollback(Connection connection, Exception failure) {
        try {
            connection.rollback();
        } catch (SQLException alsoFailed) {
            failure.addSuppressed(alsoFailed);
        }
    }

    private StoreFailure failed(SQLException failure) {
        StoreFailure classified = SqlStates.classify(failure);
        if (classified instanceof StoreFailure.Unavailable) {
            forgetIds();
        }
        return classified;
    }

    /** What has an id in one database may have another in the next, or none. */
    private void forgetIds() {
        cache.clear();
        units.clear();
    }
}
