package dev.heliograph.writer.store;

import dev.heliograph.model.wire.Topics;
import dev.heliograph.writer.plan.Advance;
import dev.heliograph.writer.plan.RepairRow;
import dev.heliograph.writer.plan.WindowSize;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The table {@code window_repair}: windows that a reading reached after the stream had let go of them. A request waits
 * until the reading itself is stored; then the window is recomputed from the measurements, in the same transaction.
 */
final class RepairRows {
    private static final String ASK = """
            INSERT INTO window_repair AS r (series_id, size, start_at, source_partition, source_offset)
            SELECT u.series_id, u.size, timestamptz 'epoch' + u.start_at * interval '1 microsecond', u.source_partition,
                   u.source_offset
            FROM unnest(?::int[], ?::text[], ?::bigint[], ?::int[], ?::bigint[])
                 AS u(series_id, size, start_at, source_partition, source_offset)
            ORDER BY u.series_id, u.size, u.start_at
            ON CONFLICT (series_id, size, start_at) DO UPDATE
            SET source_partition = excluded.source_partition,
                source_offset = greatest(r.source_offset, excluded.source_offset)
            """;
    private static final String TAKE_DUE = """
            DELETE FROM window_repair r USING consumer_offset c
            WHERE r.source_partition = ANY (?::int[]) AND c.consumer = ? AND c.topic = ?
              AND c.partition = r.source_partition AND c.next_offset > r.source_offset
            RETURNING r.series_id, r.size, (extract(epoch FROM r.start_at) * 1000000)::bigint
            """;
    // Sxx is the sum of squared deviations (Youngs and Cramer in PostgreSQL). A window whose measurements have been
    // deleted by age in part would count less than it did: it keeps its row.
    private static final String RECOMPUTE = """
            INSERT INTO %1$s AS w (series_id, start_at, phase, revision, count, sum, min, max, first, first_ts, last,
                                   last_ts, mean, m2)
            SELECT d.series_id, d.start_at, 2, 1, a.count, a.sum, a.min, a.max, a.first, a.first_ts, a.last, a.last_ts,
                   a.sum / a.count, a.m2
            FROM (SELECT u.series_id, timestamptz 'epoch' + u.start_at * interval '1 microsecond' AS start_at
                  FROM unnest(?::int[], ?::bigint[]) AS u(series_id, start_at)) AS d
            CROSS JOIN LATERAL (
                SELECT count(*) AS count, sum(m.value) AS sum, min(m.value) AS min, max(m.value) AS max,
                       (array_agg(m.value ORDER BY m.ts))[1] AS first, min(m.ts) AS first_ts,
                       (array_agg(m.value ORDER BY m.ts DESC))[1] AS last, max(m.ts) AS last_ts,
                       regr_sxx(m.value, m.value) AS m2
                FROM measurement m
                WHERE m.series_id = d.series_id AND m.ts >= d.start_at
                  AND m.ts < d.start_at + %2$d * interval '1 microsecond'
            ) AS a
            WHERE a.count > 0
            ORDER BY d.series_id, d.start_at
            ON CONFLICT (series_id, start_at) DO UPDATE
            SET phase = 2, revision = w.revision + 1, count = excluded.count, sum = excluded.sum, min = excluded.min,
                max = excluded.max, first = excluded.first, first_ts = excluded.first_ts, last = excluded.last,
                last_ts = excluded.last_ts, mean = excluded.mean, m2 = excluded.m2
            WHERE excluded.count > w.count
               OR (excluded.count = w.count
                   AND (excluded.min, excluded.max, excluded.first, excluded.first_ts, excluded.last, excluded.last_ts)
                       IS DISTINCT FROM (w.min, w.max, w.first, w.first_ts, w.last, w.last_ts))
            """;

    private record Window(int seriesId, long startMicros) {}

    private final String consumer;

    RepairRows(String consumer) {
        this.consumer = consumer;
    }

    void write(Transaction transaction) throws SQLException {
        List<RepairRow> asked = transaction.plan().repairs();
        int[] partitions = IntStream.concat(
                        asked.stream().mapToInt(RepairRow::sourcePartition),
                        transaction.plan().advances().stream()
                                .filter(advance -> advance.place().topic().equals(Topics.READINGS))
                                .map(Advance::place)
                                .mapToInt(place -> place.partition()))
                .distinct()
                .toArray();
        if (partitions.length == 0) {
            return;
        }
        if (!asked.isEmpty()) {
            ask(transaction, asked);
        }
        for (Map.Entry<WindowSize, List<Window>> due :
                takeDue(transaction.connection(), partitions).entrySet()) {
            recompute(transaction, due.getKey(), due.getValue());
        }
    }

    private static void ask(Transaction transaction, List<RepairRow> rows) throws SQLException {
        try (PreparedStatement ask = transaction.connection().prepareStatement(ASK)) {
            ask.setObject(
                    1,
                    rows.stream()
                            .mapToInt(row -> transaction.seriesId(row.series()))
                            .toArray());
            ask.setObject(2, rows.stream().map(row -> row.size().text()).toArray(String[]::new));
            ask.setObject(3, rows.stream().mapToLong(RepairRow::startMicros).toArray());
            ask.setObject(4, rows.stream().mapToInt(RepairRow::sourcePartition).toArray());
            ask.setObject(5, rows.stream().mapToLong(RepairRow::sourceOffset).toArray());
            transaction.wrote("window_repair", ask.executeUpdate());
        }
    }

    private Map<WindowSize, List<Window>> takeDue(Connection connection, int[] partitions) throws SQLException {
        Map<WindowSize, List<Window>> due = new EnumMap<>(WindowSize.class);
        try (PreparedStatement take = connection.prepareStatement(TAKE_DUE)) {
            take.setObject(1, partitions);
            take.setString(2, consumer);
            take.setString(3, Topics.READINGS);
            try (ResultSet row = take.executeQuery()) {
                while (row.next()) {
                    String text = row.getString(2);
                    WindowSize size = WindowSize.parse(text)
                            .orElseThrow(() -> new IllegalStateException("window_repair holds the size " + text));
                    due.computeIfAbsent(size, key -> new ArrayList<>()).add(new Window(row.getInt(1), row.getLong(3)));
                }
            }
        }
        return due;
    }

    private static void recompute(Transaction transaction, WindowSize size, List<Window> windows) throws SQLException {
        String sql = RECOMPUTE.formatted(size.table(), size.micros());
        try (PreparedStatement recompute = transaction.connection().prepareStatement(sql)) {
            recompute.setObject(1, windows.stream().mapToInt(Window::seriesId).toArray());
            recompute.setObject(
                    2, windows.stream().mapToLong(Window::startMicros).toArray());
            transaction.wrote(size.table(), recompute.executeUpdate());
        }
    }
}
