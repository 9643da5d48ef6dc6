package dev.heliograph.systemtests.faults.observe;

import dev.heliograph.systemtests.faults.plant.Database;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** What TimescaleDB has moved to its columnstore, and the policies of the schema that do it. */
public final class Columnstore {
    private static final String POLICIES = """
            SELECT job_id FROM timescaledb_information.jobs
             WHERE proc_name = 'policy_compression' AND hypertable_name IS NOT NULL ORDER BY job_id
            """;
    private static final String CHUNKS = """
            SELECT format('%I.%I', chunk_schema, chunk_name) FROM timescaledb_information.chunks
             WHERE is_compressed ORDER BY 1
            """;

    private final Database database;

    public Columnstore(Database database) {
        this.database = database;
    }

    /**
     * Runs each policy once, as TimescaleDB does twice a day: chunks of the age that the schema names are compressed, and
     * compressed again where rows have come since.
     */
    public void runPolicies() throws SQLException {
        try (Connection connection = database.connect(database.name());
                Statement statement = connection.createStatement()) {
            for (String job : column(statement, POLICIES)) {
                statement.execute("CALL run_job(" + job + ")");
            }
        }
    }

    /** Chunks that are compressed, wholly or but for what has come since. */
    public int chunks() throws SQLException {
        try (Connection connection = database.connect(database.name());
                Statement statement = connection.createStatement()) {
            return column(statement, CHUNKS).size();
        }
    }

    /** Rows of compressed chunks that lie beside the columnstore: what has come since, and what had to be taken out. */
    public long rowsBeside() throws SQLException {
        long rows = 0;
        try (Connection connection = database.connect(database.name());
                Statement statement = connection.createStatement()) {
            for (String chunk : column(statement, CHUNKS)) {
                rows += Long.parseLong(
                        column(statement, "SELECT count(*) FROM ONLY " + chunk).getFirst());
            }
        }
        return rows;
    }

    private static List<String> column(Statement statement, String sql) throws SQLException {
        List<String> values = new ArrayList<>();
        try (ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                values.add(row.getString(1));
            }
        }
        return values;
    }
}
