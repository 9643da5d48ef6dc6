package dev.heliograph.writer.store;

import dev.heliograph.model.id.SeriesKey;
import dev.heliograph.writer.plan.SeriesRows;
import dev.heliograph.writer.plan.StateRow;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The table {@code latest}: the newest sample of each series by device time. It never goes back. */
final class LatestRows {
    private static final String UPSERT = """
            INSERT INTO latest (series_id, ts, value, text, received_at, stored_at)
            SELECT u.series_id, timestamptz 'epoch' + u.ts * interval '1 microsecond', u.value, u.text,
                   timestamptz 'epoch' + u.received_at * interval '1 microsecond', clock_timestamp()
            FROM unnest(?::int[], ?::bigint[], ?::float8[], ?::text[], ?::bigint[])
                 AS u(series_id, ts, value, text, received_at)
            ORDER BY u.series_id
            ON CONFLICT (series_id) DO UPDATE
            SET ts = excluded.ts, value = excluded.value, text = excluded.text, received_at = excluded.received_at,
                stored_at = excluded.stored_at
            WHERE excluded.ts > latest.ts
            """;

    private record Newest(
            int seriesId,
            long timeMicros,
            @Nullable Double value,
            @Nullable String text,
            long received) {}

    void write(Transaction transaction) throws SQLException {
        Map<SeriesKey, Newest> newest = new HashMap<>();
        for (SeriesRows rows : transaction.plan().measurements()) {
            int row = rows.newest();
            offer(
                    newest,
                    rows.series(),
                    new Newest(
                            transaction.seriesId(rows.series()),
                            rows.time(row),
                            rows.value(row),
                            null,
                            rows.received(row)));
        }
        for (StateRow row : transaction.plan().states()) {
            offer(
                    newest,
                    row.series(),
                    new Newest(
                            transaction.seriesId(row.series()),
                            row.timeMicros(),
                            null,
                            row.text(),
                            row.receivedMicros()));
        }
        if (newest.isEmpty()) {
            return;
        }
        List<Newest> rows = newest.values().stream()
                .sorted(Comparator.comparingInt(Newest::seriesId))
                .toList();
        try (PreparedStatement upsert = transaction.connection().prepareStatement(UPSERT)) {
            upsert.setObject(1, rows.stream().mapToInt(Newest::seriesId).toArray());
            upsert.setObject(2, rows.stream().mapToLong(Newest::timeMicros).toArray());
            upsert.setObject(3, rows.stream().map(Newest::value).toArray(Double[]::new));
            upsert.setObject(4, rows.stream().map(Newest::text).toArray(String[]::new));
            upsert.setObject(5, rows.stream().mapToLong(Newest::received).toArray());
            transaction.wrote("latest", upsert.executeUpdate());
        }
    }

    private static void offer(Map<SeriesKey, Newest> newest, SeriesKey series, Newest offered) {
        newest.merge(series, offered, (old, fresh) -> fresh.timeMicros() > old.timeMicros() ? fresh : old);
    }
}
