package dev.heliograph.storage;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Deletes what is older than it is kept. On TimescaleDB chunks are dropped that are too old for every tenant; what a tenant
 * keeps for a shorter time than others, and everything on plain PostgreSQL, is deleted by rows in small transactions, series
 * by series through the primary key, so that no scan and no long lock meets the writer. Where old chunks are in TimescaleDB's
 * columnstore, rows go by slices of time of a few series instead ({@link ColumnstoreDeletion}).
 *
 * <p>Any number of processes may run it: whoever comes second does nothing. The same job serves both editions of
 * TimescaleDB, so that there is one setting and one way that is tested.
 */
public final class RetentionJob {
    private static final long LOCK = 7_241_005_310_177L;
    private static final int SERIES_AT_ONCE = 200;
    private static final int ROWS_AT_ONCE = 5_000;

    private static final String TRY_LOCK = "SELECT pg_try_advisory_lock(?)";
    private static final String UNLOCK = "SELECT pg_advisory_unlock(?)";
    private static final String DROP_CHUNKS = "SELECT count(*) FROM drop_chunks(?::regclass, ?::timestamptz)";
    private static final String NEXT_SERIES = "SELECT id, tenant FROM series WHERE id > ? ORDER BY id LIMIT ?";
    private static final String KEPT = "SELECT tenant, class, keep_seconds FROM retention";
    private static final String FORGET = "DELETE FROM retention";
    private static final String SAY = "INSERT INTO retention (tenant, class, keep_seconds) VALUES (?, ?, ?)";
    private static final String OF_ALL = "";
    private static final String DELETE_QUARANTINE = """
            DELETE FROM quarantine WHERE (id, received_at) IN (
                SELECT q.id, q.received_at FROM quarantine q WHERE q.received_at < ?::timestamptz LIMIT ?)
            """;
    private static final String NEXT_TENANT =
            "SELECT tenant FROM ledger_source WHERE tenant > ? ORDER BY tenant LIMIT 1";
    private static final String DELETE_LEDGER = """
            DELETE FROM ledger_source WHERE (tenant, minute, source) IN (
                SELECT l.tenant, l.minute, l.source FROM ledger_source l
                WHERE l.tenant = ? AND l.minute < ?::timestamptz LIMIT ?)
            """;

    /** What is kept, as the table {@code retention} has it. */
    private record Said(String tenant, String dataClass, long seconds) {}

    private record Series(int id, String tenant) {}

    /** A series of which everything before some instant goes. */
    record Expiry(int series, Instant cutoff) {}

    /** A way to delete rows of some series in small transactions. */
    interface RowDeletion extends AutoCloseable {
        /** Deletes all that has expired and returns how many rows that were. */
        long of(List<Expiry> series) throws SQLException;

        @Override
        void close() throws SQLException;
    }

    private final DataSource database;
    private final RetentionSettings settings;
    private final Clock clock;

    public RetentionJob(DataSource database, RetentionSettings settings, Clock clock) {
        this.database = database;
        this.clock = clock;
        this.settings = settings;
    }

    /**
     * Tells readers what is kept, where they are not told already.
     *
     * @throws SQLException if the database fails; then they go by what was told before
     */
    public void announce() throws SQLException {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(true);
            if (!locked(connection)) {
                return;
            }
            try {
                announce(connection);
            } finally {
                unlock(connection);
            }
        }
    }

    private void announce(Connection connection) throws SQLException {
        Set<Said> wanted = new HashSet<>();
        for (DataClass one : DataClass.values()) {
            wanted.add(new Said(OF_ALL, one.label(), settings.keep(one).toSeconds()));
            for (String tenant : settings.tenants().keySet()) {
                wanted.add(
                        new Said(tenant, one.label(), settings.keep(one, tenant).toSeconds()));
            }
        }
        wanted.add(new Said(OF_ALL, "quarantine", settings.quarantine().toSeconds()));
        wanted.add(new Said(OF_ALL, "ledger", settings.ledger().toSeconds()));
        if (wanted.equals(said(connection))) {
            return;
        }
        connection.setAutoCommit(false);
        try (Statement forget = connection.createStatement();
                PreparedStatement say = connection.prepareStatement(SAY)) {
            forget.execute(FORGET);
            for (Said one : wanted) {
                say.setString(1, one.tenant());
                say.setString(2, one.dataClass());
                say.setLong(3, one.seconds());
                say.addBatch();
            }
            say.executeBatch();
            connection.commit();
        } catch (SQLException failure) {
            connection.rollback();
            throw failure;
        } finally {
            connection.setAutoCommit(true);
        }
    }

    private static Set<Said> said(Connection connection) throws SQLException {
        Set<Said> said = new HashSet<>();
        try (Statement query = connection.createStatement();
                ResultSet row = query.executeQuery(KEPT)) {
            while (row.next()) {
                said.add(new Said(row.getString(1), row.getString(2), row.getLong(3)));
            }
        }
        return said;
    }

    /**
     * Deletes once.
     *
     * @return what went, by table: chunks on TimescaleDB, where a class is kept alike for all tenants; rows elsewhere; both
     *     together where chunks went first and rows of some tenants then; empty if nothing did or another process is at it
     * @throws SQLException if the database fails; what was deleted before stays deleted
     */
    public Map<String, Long> run() throws SQLException {
        Map<String, Long> deleted = new TreeMap<>();
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(true);
            if (!locked(connection)) {
                return deleted;
            }
            try {
                announce(connection);
                delete(connection, deleted);
            } finally {
                unlock(connection);
            }
        }
        return deleted;
    }

    private void delete(Connection connection, Map<String, Long> deleted) throws SQLException {
        Timescale timescale = Timescale.of(connection);
        boolean chunks = timescale != Timescale.ABSENT;
        Instant now = clock.instant();
        for (DataClass one : DataClass.values()) {
            for (DataClass.Table table : one.tables()) {
                long gone = chunks ? dropChunks(connection, table.name(), now.minus(settings.longest(one))) : 0;
                if (!chunks || !settings.uniform(one)) {
                    gone += deleteRows(connection, one, table, timescale, now);
                }
                count(deleted, table.name(), gone);
            }
        }
        Instant cutoff = now.minus(settings.quarantine());
        count(
                deleted,
                "quarantine",
                chunks ? dropChunks(connection, "quarantine", cutoff) : deleteQuarantine(connection, cutoff));
        count(deleted, "ledger_source", deleteLedger(connection, now.minus(settings.ledger())));
    }

    /** Tenant by tenant through the primary key, in small transactions. */
    private static long deleteLedger(Connection connection, Instant cutoff) throws SQLException {
        long total = 0;
        try (PreparedStatement next = connection.prepareStatement(NEXT_TENANT);
                PreparedStatement delete = connection.prepareStatement(DELETE_LEDGER)) {
            String tenant = nextTenant(next, "");
            while (tenant != null) {
                delete.setString(1, tenant);
                delete.setObject(2, utc(cutoff));
                delete.setInt(3, ROWS_AT_ONCE);
                int rows = delete.executeUpdate();
                total += rows;
                if (rows < ROWS_AT_ONCE) {
                    tenant = nextTenant(next, tenant);
                }
            }
        }
        return total;
    }

    private static @Nullable String nextTenant(PreparedStatement next, String after) throws SQLException {
        next.setString(1, after);
        try (ResultSet row = next.executeQuery()) {
            return row.next() ? row.getString(1) : null;
        }
    }

    private static void count(Map<String, Long> deleted, String table, long count) {
        if (count > 0) {
            deleted.put(table, count);
        }
    }

    private static long dropChunks(Connection connection, String table, Instant cutoff) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            // A chunk that somebody reads for long is left for the next run; others must not queue behind us.
            statement.execute("SET lock_timeout = '2s'");
        }
        try (PreparedStatement drop = connection.prepareStatement(DROP_CHUNKS)) {
            drop.setString(1, table);
            drop.setObject(2, utc(cutoff));
            try (ResultSet result = drop.executeQuery()) {
                result.next();
                return result.getLong(1);
            }
        } finally {
            try (Statement statement = connection.createStatement()) {
                statement.execute("RESET lock_timeout");
            }
        }
    }

    /**
     * Rows series by series; with chunks, only of tenants that keep the class for a shorter time than others, because the
     * chunks that are left hold for the others what is kept.
     */
    private long deleteRows(
            Connection connection, DataClass one, DataClass.Table table, Timescale timescale, Instant now)
            throws SQLException {
        long total = 0;
        Duration longest = settings.longest(one);
        boolean chunks = timescale != Timescale.ABSENT;
        try (RowDeletion delete = timescale == Timescale.COMMUNITY
                ? new ColumnstoreDeletion(connection, table)
                : new PlainDeletion(connection, table)) {
            List<Series> page = nextSeries(connection, 0);
            while (!page.isEmpty()) {
                List<Expiry> concerned = page.stream()
                        .filter(series ->
                                !chunks || settings.keep(one, series.tenant()).compareTo(longest) < 0)
                        .map(series -> new Expiry(series.id(), now.minus(settings.keep(one, series.tenant()))))
                        .toList();
                if (!concerned.isEmpty()) {
                    total += delete.of(concerned);
                }
                page = nextSeries(connection, page.getLast().id());
            }
        }
        return total;
    }

    private static List<Series> nextSeries(Connection connection, int after) throws SQLException {
        try (PreparedStatement next = connection.prepareStatement(NEXT_SERIES)) {
            next.setInt(1, after);
            next.setInt(2, SERIES_AT_ONCE);
            List<Series> page = new ArrayList<>();
            try (ResultSet row = next.executeQuery()) {
                while (row.next()) {
                    page.add(new Series(row.getInt(1), row.getString(2)));
                }
            }
            return page;
        }
    }

    private static long deleteQuarantine(Connection connection, Instant cutoff) throws SQLException {
        long total = 0;
        try (PreparedStatement delete = connection.prepareStatement(DELETE_QUARANTINE)) {
            delete.setObject(1, utc(cutoff));
            delete.setInt(2, ROWS_AT_ONCE);
            for (int rows = delete.executeUpdate(); rows > 0; rows = delete.executeUpdate()) {
                total += rows;
            }
        }
        return total;
    }

    private static boolean locked(Connection connection) throws SQLException {
        try (PreparedStatement lock = connection.prepareStatement(TRY_LOCK)) {
            lock.setLong(1, LOCK);
            try (ResultSet result = lock.executeQuery()) {
                return result.next() && result.getBoolean(1);
            }
        }
    }

    private static void unlock(Connection connection) throws SQLException {
        try (PreparedStatement unlock = connection.prepareStatement(UNLOCK)) {
            unlock.setLong(1, LOCK);
            unlock.execute();
        }
    }

    static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
