package dev.heliograph.writer.store;

import dev.heliograph.model.wire.WindowRecord;
import dev.heliograph.writer.plan.WindowRow;
import dev.heliograph.writer.plan.WindowSize;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/**
 * The tables of windows. A summary replaces another only if it counted more, or as much and
 * was decided later; so a writer of the past, or a replay, never puts back an older one.
 */
final class WindowRows {
    private static final String UPSERT = """
            INSERT INTO %1$s AS w (series_id, start_at, phase, revision, count, sum, min, max, first, first_ts, last,
                                   last_ts, mean, m2%2$s)
            SELECT u.series_id, timestamptz 'epoch' + u.start_at * interval '1 microsecond', u.phase, u.revision, u.count,
                   u.sum, u.min, u.max, u.first, timestamptz 'epoch' + u.first_ts * interval '1 microsecond', u.last,
                   timestamptz 'epoch' + u.last_ts * interval '1 microsecond', u.mean, u.m2%3$s
            FROM unnest(?::int[], ?::bigint[], ?::int[], ?::int[], ?::bigint[], ?::float8[], ?::float8[], ?::float8[],
                        ?::float8[], ?::bigint[], ?::float8[], ?::bigint[], ?::float8[], ?::float8[]%4$s)
                 AS u(series_id, start_at, phase, revision, count, sum, min, max, first, first_ts, last, last_ts, mean, m2%2$s)
            ORDER BY u.series_id, u.start_at
            ON CONFLICT (series_id, start_at) DO UPDATE
            SET phase = excluded.phase, revision = excluded.revision, count = excluded.count, sum = excluded.sum,
                min = excluded.min, max = excluded.max, first = excluded.first, first_ts = excluded.first_ts,
                last = excluded.last, last_ts = excluded.last_ts, mean = excluded.mean, m2 = excluded.m2%5$s
            WHERE excluded.count > w.count
               OR (excluded.count = w.count AND (excluded.revision > w.revision OR excluded.phase > w.phase))
            """;

    private static final String WITHOUT_SKETCH = UPSERT.replaceAll("%[2-5]\\$s", "");
    private static final String WITH_SKETCH = UPSERT.replace("%2$s", ", sketch")
            .replace("%3$s", ", u.sketch")
            .replace("%4$s", ", ?::bytea[]")
            .replace("%5$s", ", sketch = excluded.sketch");

    void write(Transaction transaction) throws SQLException {
        for (WindowSize size : WindowSize.values()) {
            List<WindowRow> rows = transaction.plan().windows().stream()
                    .filter(row -> row.size() == size)
                    .toList();
            if (!rows.isEmpty()) {
                write(transaction, size, rows);
            }
        }
    }

    private static void write(Transaction transaction, WindowSize size, List<WindowRow> rows) throws SQLException {
        String sql = size.hasSketch() ? WITH_SKETCH : WITHOUT_SKETCH;
        try (PreparedStatement upsert = transaction.connection().prepareStatement(sql.formatted(size.table()))) {
            upsert.setObject(
                    1,
                    rows.stream()
                            .mapToInt(row -> transaction.seriesId(row.series()))
                            .toArray());
            upsert.setObject(2, longs(rows, WindowRecord::start));
            upsert.setObject(3, rows.stream().mapToInt(WindowRow::phase).toArray());
            upsert.setObject(
                    4, rows.stream().mapToInt(row -> row.summary().rev()).toArray());
            upsert.setObject(5, longs(rows, WindowRecord::count));
            upsert.setObject(6, doubles(rows, WindowRecord::sum));
            upsert.setObject(7, doubles(rows, WindowRecord::min));
            upsert.setObject(8, doubles(rows, WindowRecord::max));
            upsert.setObject(9, doubles(rows, WindowRecord::first));
            upsert.setObject(10, longs(rows, WindowRecord::firstTs));
            upsert.setObject(11, doubles(rows, WindowRecord::last));
            upsert.setObject(12, longs(rows, WindowRecord::lastTs));
            upsert.setObject(13, doubles(rows, WindowRecord::mean));
            upsert.setObject(14, doubles(rows, WindowRecord::m2));
            if (size.hasSketch()) {
                upsert.setArray(15, sketches(transaction.connection(), rows));
            }
            transaction.wrote(size.table(), upsert.executeUpdate());
        }
    }

    private static Array sketches(Connection connection, List<WindowRow> rows) throws SQLException {
        return connection.createArrayOf(
                "bytea", rows.stream().map(row -> row.summary().sketch()).toArray(byte[][]::new));
    }

    private static long[] longs(List<WindowRow> rows, ToLongFunction<WindowRecord> column) {
        return rows.stream().mapToLong(row -> column.applyAsLong(row.summary())).toArray();
    }

    private static double[] doubles(List<WindowRow> rows, ToDoubleFunction<WindowRecord> column) {
        return rows.stream()
                .mapToDouble(row -> column.applyAsDouble(row.summary()))
                .toArray();
    }
}
