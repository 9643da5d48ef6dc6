package dev.heliograph.storage;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import javax.sql.DataSource;

/**
 * Turns the time-partitioned tables into hypertables where the TimescaleDB extension can be had, and compresses their old
 * chunks where its licence allows it. Safe to run by several processes at once, and again.
 */
final class Hypertables {
    private static final long LOCK = 7_241_005_310_176L;
    private static final String LOCKED = "SELECT pg_advisory_lock(" + LOCK + ")";
    private static final String UNLOCKED = "SELECT pg_advisory_unlock(" + LOCK + ")";
    private static final String AVAILABLE =
            "SELECT count(*) > 0 FROM pg_available_extensions WHERE name = 'timescaledb'";
    private static final String CREATE = """
            SELECT create_hypertable(?::regclass, by_range(?::name, ?::interval), if_not_exists => true,
                                     create_default_indexes => false, migrate_data => true)
            """;
    private static final String IS_COMPRESSED = """
            SELECT compression_enabled FROM timescaledb_information.hypertables
            WHERE hypertable_schema = current_schema() AND hypertable_name = ?
            """;
    private static final String COMPRESS = """
            ALTER TABLE %1$s SET (timescaledb.compress, timescaledb.compress_segmentby = 'series_id',
                                  timescaledb.compress_orderby = '%2$s DESC')
            """;
    private static final String COMPRESS_AFTER =
            "SELECT add_compression_policy(?::regclass, ?::interval, if_not_exists => true)";

    /** {@code compressAfter} is empty where a table is not worth compressing. */
    private record Table(String name, String timeColumn, String chunkInterval, String compressAfter) {}

    // A chunk is compressed when hardly anything late still comes for it: an insert into a compressed chunk is slow.
    private static final List<Table> TABLES = List.of(
            new Table("measurement", "ts", "1 day", "7 days"),
            new Table("state_change", "ts", "7 days", "14 days"),
            new Table("window_10s", "start_at", "1 day", "7 days"),
            new Table("window_1m", "start_at", "7 days", "14 days"),
            new Table("window_1h", "start_at", "90 days", "180 days"),
            new Table("presence_change", "at", "7 days", ""),
            new Table("alert_transition", "at", "30 days", ""),
            new Table("quarantine", "received_at", "7 days", ""));

    private Hypertables() {}

    static void createWhereTimescaleIsInstalled(DataSource database) {
        try (Connection connection = database.getConnection()) {
            if (!isAvailable(connection)) {
                return;
            }
            try (Statement statement = connection.createStatement()) {
                statement.execute(LOCKED);
                try {
                    statement.execute("CREATE EXTENSION IF NOT EXISTS timescaledb");
                    create(connection);
                } finally {
                    statement.execute(UNLOCKED);
                }
            }
        } catch (SQLException failure) {
            throw new IllegalStateException("cannot create hypertables: " + failure.getMessage(), failure);
        }
    }

    private static void create(Connection connection) throws SQLException {
        boolean compress = Timescale.of(connection) == Timescale.COMMUNITY;
        try (PreparedStatement create = connection.prepareStatement(CREATE)) {
            for (Table table : TABLES) {
                create.setString(1, table.name());
                create.setString(2, table.timeColumn());
                create.setString(3, table.chunkInterval());
                create.execute();
                if (compress && !table.compressAfter().isEmpty() && !isCompressed(connection, table)) {
                    compress(connection, table);
                }
            }
        }
    }

    private static boolean isCompressed(Connection connection, Table table) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(IS_COMPRESSED)) {
            query.setString(1, table.name());
            try (ResultSet result = query.executeQuery()) {
                return result.next() && result.getBoolean(1);
            }
        }
    }

    private static void compress(Connection connection, Table table) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(COMPRESS.formatted(table.name(), table.timeColumn()));
        }
        try (PreparedStatement policy = connection.prepareStatement(COMPRESS_AFTER)) {
            policy.setString(1, table.name());
            policy.setString(2, table.compressAfter());
            policy.execute();
        }
    }

    private static boolean isAvailable(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(AVAILABLE)) {
            return result.next() && result.getBoolean(1);
        }
    }
}
