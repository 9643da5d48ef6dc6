package dev.heliograph.storage;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/** Deletes the oldest rows of many series at once, so many of each, through the primary key. */
final class PlainDeletion implements RetentionJob.RowDeletion {
    private static final int ROWS_OF_A_SERIES_AT_ONCE = 100;
    private static final String DELETE = """
            DELETE FROM %1$s WHERE (series_id, %2$s) IN (
                SELECT old.series_id, old.%2$s
                FROM unnest(?::int[], ?::timestamptz[]) AS s(id, cutoff)
                CROSS JOIN LATERAL (
                    SELECT t.series_id, t.%2$s FROM %1$s t WHERE t.series_id = s.id AND t.%2$s < s.cutoff
                    ORDER BY t.%2$s LIMIT ?) AS old)
            """;

    private final Connection connection;
    private final PreparedStatement delete;

    PlainDeletion(Connection connection, DataClass.Table table) throws SQLException {
        this.connection = connection;
        this.delete = connection.prepareStatement(DELETE.formatted(table.name(), table.timeColumn()));
    }

    @Override
    public long of(List<RetentionJob.Expiry> series) throws SQLException {
        delete.setObject(
                1, series.stream().mapToInt(RetentionJob.Expiry::series).toArray());
        delete.setArray(
                2,
                connection.createArrayOf(
                        "timestamptz",
                        series.stream()
                                .map(one -> RetentionJob.utc(one.cutoff()))
                                .toArray()));
        delete.setInt(3, ROWS_OF_A_SERIES_AT_ONCE);
        long total = 0;
        for (int rows = delete.executeUpdate(); rows > 0; rows = delete.executeUpdate()) {
            total += rows;
        }
        return total;
    }

    @Override
    public void close() throws SQLException {
        delete.close();
    }
}
