package dev.heliograph.storage;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** What TimescaleDB a database has. */
enum Timescale {
    /** Plain PostgreSQL. */
    ABSENT,
    /** The Apache edition: hypertables and {@code drop_chunks}. */
    APACHE,
    /** The edition under the Timescale licence: columnstore and policies as well. */
    COMMUNITY;

    /** The setting that bounds how many rows a statement may take out of the columnstore in order to change them. */
    static final String MOST_TAKEN_OUT = "timescaledb.max_tuples_decompressed_per_dml_transaction";

    // The functions of the other edition exist in the Apache edition too and fail when called: only the setting tells.
    private static final String EDITION = """
            SELECT current_setting('timescaledb.license', true) FROM pg_extension WHERE extname = 'timescaledb'
            """;

    static Timescale of(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(EDITION)) {
            if (!result.next()) {
                return ABSENT;
            }
            return "timescale".equals(result.getString(1)) ? COMMUNITY : APACHE;
        }
    }
}
