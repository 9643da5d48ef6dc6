package dev.heliograph.writer.store;

import dev.heliograph.writer.plan.WindowRow;
import dev.heliograph.writer.plan.WindowSize;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/**
 * The tables of windows. A summary replaces another only if it counted more, or as much and was decided later; so a
 * writer of the past, or a replay, never puts back an older one.
 */
final class WindowRows {
    // What a conflict does: a told window replaces one that was told before it.
    private static final String NEWER_WINS = """
        SET phase = excluded.phase, revision = excluded.revision, %s
        WHERE excluded.count > w.count
           OR (excluded.count = w.count AND (excluded.revision > w.revision OR excluded.phase > w.phase))
        """;
    // A recomputed window is a revision of what is there, if it says anything else. One that counts less is what is
    // left
    // after measurements have been deleted by age: the row stays.
    private static final String MORE_OR_OTHER_WINS = """
        SET phase = excluded.phase, revision = greatest(w.revision + 1, excluded.revision), %s
        WHERE excluded.count > w.count
           OR (excluded.count = w.count
               AND (w.phase = 0
                    OR (excluded.min, excluded.max, excluded.first, excluded.first_ts, excluded.last, excluded.last_ts)
                       IS DISTINCT FROM (w.min, w.max, w.first, w.first_ts, w.last, w.last_ts)))
        """;
    private static final String RETURNING =
            "\nRETURNING w.series_id, (extract(epoch FROM w.start_at) * 1000000)::bigint";
    private static final String SUMMARY = """
        count = excluded.count, sum = excluded.sum, min = excluded.min, max = excluded.max, first = excluded.first,
        first_ts = excluded.first_ts, last = excluded.last, last_ts = excluded.last_ts, mean = excluded.mean,
        m2 = excluded.m2\
        """;

    void write(Transaction transaction) throws SQLException {
        List<WindowRow> told = CorrectedRanges.stillTrue(transaction);
        for (WindowSize size : WindowSize.values()) {
            List<WindowRow> rows =
                    told.stream().filter(row -> row.size() == size).toList();
            WindowColumns columns = new WindowColumns(rows.size());
            rows.forEach(row -> columns.add(transaction.seriesId(row.series()), row.phase(), row.summary()));
            upsert(transaction, size, columns, NEWER_WINS);
        }
    }

    /** Puts recomputed windows in place of those that are there, and notes those that say something else now. */
    static void replace(Transaction transaction, WindowSize size, WindowColumns recomputed) throws SQLException {
        if (recomputed.isEmpty()) {
            return;
        }
        try (PreparedStatement upsert =
                transaction.connection().prepareStatement(sql(size, MORE_OR_OTHER_WINS) + RETURNING)) {
            recomputed.bind(upsert, size.hasSketch());
            int changed = 0;
            try (ResultSet row = upsert.executeQuery()) {
                while (row.next()) {
                    transaction.repaired().add(row.getInt(1), size, row.getLong(2));
                    changed++;
                }
            }
            transaction.wrote(size.table(), changed);
        }
    }

    private static void upsert(Transaction transaction, WindowSize size, WindowColumns columns, String onConflict)
            throws SQLException {
        if (columns.isEmpty()) {
            return;
        }
        try (PreparedStatement upsert = transaction.connection().prepareStatement(sql(size, onConflict))) {
            columns.bind(upsert, size.hasSketch());
            transaction.wrote(size.table(), upsert.executeUpdate());
        }
    }

    private static String sql(WindowSize size, String onConflict) {
        String sketch = size.hasSketch() ? ", sketch" : "";
        return "INSERT INTO " + size.table() + " AS w (" + WindowColumns.NAMES + sketch + ")\nSELECT "
                + WindowColumns.SELECTED + (size.hasSketch() ? ", u.sketch" : "")
                + "\nFROM unnest(" + WindowColumns.PARAMETERS + (size.hasSketch() ? ", ?::bytea[]" : "") + ")\nAS u("
                + WindowColumns.NAMES + sketch + ")\nORDER BY u.series_id, u.start_at\n"
                + "ON CONFLICT (series_id, start_at) DO UPDATE\n"
                + onConflict.formatted(SUMMARY + (size.hasSketch() ? ", sketch = excluded.sketch" : ""));
    }
}
