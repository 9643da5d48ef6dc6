package dev.heliograph.query.data;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.jdbc.core.SqlParameterValue;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterUtils;
import org.springframework.jdbc.support.SQLExceptionSubclassTranslator;

/** Runs statements that can be stopped. Rows are handed on while they come, some ten thousand in memory at a time. */
final class StreamedRows {
    private static final int FETCH_ROWS = 20_000;
    private static final String CANCELLED = "57014";

    private final DataSource database;

    StreamedRows(DataSource database) {
        this.database = database;
    }

    /** Takes one row. */
    interface Reader {
        void row(ResultSet row) throws SQLException;
    }

    /**
     * Hands each row to the reader; {@code running} can stop the statement from another thread.
     *
     * @param most rows that there can be. Where they fit into memory anyway they come at once, as one statement without a
     *     transaction around it: rows that come in portions need one, and are never computed in parallel
     */
    void read(BoundSql sql, long most, Running running, Reader reader) {
        try (Connection connection = database.getConnection()) {
            if (most <= FETCH_ROWS) {
                run(connection, sql, 0, running, reader);
                return;
            }
            connection.setAutoCommit(false);
            try {
                run(connection, sql, FETCH_ROWS, running, reader);
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        } catch (SQLException failure) {
            throw translated(failure, running);
        }
    }

    private static void run(Connection connection, BoundSql sql, int portion, Running running, Reader reader)
            throws SQLException {
        try (PreparedStatement statement = prepare(connection, sql)) {
            statement.setFetchSize(portion);
            running.started(statement);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    reader.row(rows);
                }
            } finally {
                running.ended();
            }
        }
    }

    /** The statement with its values; those that are arrays of numbers become arrays of the database. */
    static PreparedStatement prepare(Connection connection, BoundSql sql) throws SQLException {
        Map<String, Object> parameters = sql.parameters();
        var source = new MapSqlParameterSource(parameters);
        var parsed = NamedParameterUtils.parseSqlStatement(sql.text());
        PreparedStatement statement = connection.prepareStatement(
                NamedParameterUtils.substituteNamedParameters(parsed, source),
                ResultSet.TYPE_FORWARD_ONLY,
                ResultSet.CONCUR_READ_ONLY);
        @Nullable Object[] values = NamedParameterUtils.buildValueArray(parsed, source, null);
        for (int i = 0; i < values.length; i++) {
            @Nullable Object value = values[i] instanceof SqlParameterValue wrapped ? wrapped.getValue() : values[i];
            statement.setObject(i + 1, value);
        }
        return statement;
    }

    private static DataAccessException translated(SQLException failure, Running running) {
        if (CANCELLED.equals(failure.getSQLState())) {
            running.check();
            return new QueryTimeoutException("the statement took too long", failure);
        }
        DataAccessException known = new SQLExceptionSubclassTranslator().translate("range query", null, failure);
        return known != null ? known : new DataAccessResourceFailureException("range query", failure);
    }
}
