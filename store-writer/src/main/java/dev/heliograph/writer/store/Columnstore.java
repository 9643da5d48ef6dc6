package dev.heliograph.writer.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * What a transaction must say before it changes rows that TimescaleDB may have moved to its columnstore. A database without one
 * takes note of it and does nothing.
 *
 * <p>Before such a row is changed, its batch (up to a thousand rows of one series) is taken out. TimescaleDB refuses a statement
 * that takes out more than 100,000 rows: a hundred series that come late would never be stored. The writer's own bounds, of a
 * batch and of a step of a correction, take the place of that limit.
 */
final class Columnstore {
    private static final String ANY_NUMBER = "SET LOCAL timescaledb.max_tuples_decompressed_per_dml_transaction = 0";
    // Which batches a change by conditions concerns is told by constants alone. Planned for any values, it would take
    // out
    // all rows of all series.
    private static final String BY_VALUES = "; SET LOCAL plan_cache_mode = force_custom_plan";

    private Columnstore() {}

    /** For what is inserted, or put in the place of what has the same key. */
    static void letInsert(Connection connection) throws SQLException {
        say(connection, ANY_NUMBER);
    }

    /** For changes by conditions as well. */
    static void letChange(Connection connection) throws SQLException {
        say(connection, ANY_NUMBER + BY_VALUES);
    }

    private static void say(Connection connection, String settings) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(settings);
        }
    }
}
