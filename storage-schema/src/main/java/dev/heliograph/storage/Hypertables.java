package dev.heliograph.storage;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import javax.sql.DataSource;

/** Turns the time-partitioned tables into hypertables where the TimescaleDB extension can be had. */
final class Hypertables {
    private static final String AVAILABLE =
            "SELECT count(*) > 0 FROM pg_available_extensions WHERE name = 'timescaledb'";
    private static final String CREATE = """
            SELECT create_hypertable(?::regclass, by_range(?::name, ?::interval), if_not_exists => true,
                                     create_default_indexes => false, migrate_data => true)
            """;

    private record Table(String name, String timeColumn, String chunkInterval) {}

    private static final List<Table> TABLES = List.of(
            new Table("measurement", "ts", "1 day"),
            new Table("state_change", "ts", "7 days"),
            new Table("window_10s", "start_at", "1 day"),
            new Table("window_1m", "start_at", "7 days"),
            new Table("presence_change", "at", "7 days"),
            new Table("alert_transition", "at", "30 days"),
            new Table("quarantine", "received_at", "7 days"));

    private Hypertables() {}

    static void createWhereTimescaleIsInstalled(DataSource database) {
        try (Connection connection = database.getConnection()) {
            if (!isAvailable(connection)) {
                return;
            }
            try (Statement statement = connection.createStatement()) {
                statement.execute("CREATE EXTENSION IF NOT EXISTS timescaledb");
            }
            try (PreparedStatement create = connection.prepareStatement(CREATE)) {
                for (Table table : TABLES) {
                    create.setString(1, table.name());
                    create.setString(2, table.timeColumn());
                    create.setString(3, table.chunkInterval());
                    create.execute();
                }
            }
        } catch (SQLException failure) {
            throw new IllegalStateException("cannot create hypertables: " + failure.getMessage(), failure);
        }
    }

    private static boolean isAvailable(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(AVAILABLE)) {
            return result.next() && result.getBoolean(1);
        }
    }
}
