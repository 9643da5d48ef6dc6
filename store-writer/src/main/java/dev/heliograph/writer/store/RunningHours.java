package dev.heliograph.writer.store;

import dev.heliograph.model.window.WindowStats;
import dev.heliograph.writer.plan.WindowSize;
import dev.heliograph.writer.store.RepairRows.Window;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Hours that run while one of their minutes is known to the stored measurements only: made of the rows of their closed
 * minutes, as the stream makes an hour, so at most sixty rows are read for one however many measurements it has. Like every
 * hour that is not over it is early and has no sketch; when it is over it is recomputed from the measurements.
 */
final class RunningHours {
    private static final String MINUTES = """
        SELECT u.place, w.count, w.sum, w.min, w.max, w.first, (extract(epoch FROM w.first_ts) * 1000000)::bigint, w.last,
               (extract(epoch FROM w.last_ts) * 1000000)::bigint, w.mean, w.m2
        FROM unnest(?::int[], ?::bigint[], ?::bigint[]) WITH ORDINALITY AS u(series_id, start_at, end_at, place)
        JOIN window_1m w
          ON w.series_id = u.series_id AND w.start_at >= timestamptz 'epoch' + u.start_at * interval '1 microsecond'
             AND w.start_at < timestamptz 'epoch' + u.end_at * interval '1 microsecond' AND w.phase > 0
        ORDER BY u.place, w.start_at
        """;
    private static final int EARLY = 0;

    private RunningHours() {}

    /** Replaces the rows of these hours; returns how many rows of minutes were read. */
    static int replace(Transaction transaction, List<Window> hours) throws SQLException {
        if (hours.isEmpty()) {
            return 0;
        }
        WindowColumns rows = new WindowColumns(hours.size());
        int minutes = 0;
        try (PreparedStatement query = transaction.connection().prepareStatement(MINUTES)) {
            query.setObject(1, hours.stream().mapToInt(Window::seriesId).toArray());
            query.setObject(2, hours.stream().mapToLong(Window::startMicros).toArray());
            query.setObject(3, hours.stream().mapToLong(Window::endMicros).toArray());
            try (ResultSet row = query.executeQuery()) {
                int place = 0;
                WindowStats sum = null;
                while (row.next()) {
                    if (row.getInt(1) != place) {
                        add(rows, hours, place, sum);
                        place = row.getInt(1);
                        sum = null;
                    }
                    sum = sum == null ? minute(row) : sum.merge(minute(row));
                    minutes++;
                }
                add(rows, hours, place, sum);
            }
        }
        WindowRows.replace(transaction, WindowSize.ONE_HOUR, rows);
        return minutes;
    }

    private static void add(WindowColumns rows, List<Window> hours, int place, @Nullable WindowStats sum) {
        if (sum != null) {
            Window hour = hours.get(place - 1);
            rows.add(hour.seriesId(), hour.startMicros(), EARLY, hour.leastRevision(), sum, null);
        }
    }

    private static WindowStats minute(ResultSet row) throws SQLException {
        return new WindowStats(
                row.getLong(2),
                row.getDouble(3),
                row.getDouble(4),
                row.getDouble(5),
                row.getDouble(6),
                row.getLong(7),
                row.getDouble(8),
                row.getLong(9),
                row.getDouble(10),
                row.getDouble(11));
    }
}
