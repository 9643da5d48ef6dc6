package dev.heliograph.writer.store;

import dev.heliograph.writer.plan.Refusals;
import dev.heliograph.writer.plan.StateRow;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The table {@code state_change}: text samples, by the same rules of identity as measurements. */
final class StateRows {
    // One statement inserts and compares: the join sees the table as it was before the insert.
    private static final String INSERT = """
            WITH offered AS (
                SELECT u.row, u.series_id, timestamptz 'epoch' + u.ts * interval '1 microsecond' AS ts, u.value,
                       timestamptz 'epoch' + u.received_at * interval '1 microsecond' AS received_at
                FROM unnest(?::int[], ?::int[], ?::bigint[], ?::text[], ?::bigint[])
                     AS u(row, series_id, ts, value, received_at)
            ), inserted AS (
                INSERT INTO state_change (series_id, ts, value, received_at)
                SELECT series_id, ts, value, received_at FROM offered
                ON CONFLICT DO NOTHING
            )
            SELECT o.row, s.value FROM offered o JOIN state_change s ON s.series_id = o.series_id AND s.ts = o.ts
            """;

    void write(Transaction transaction) throws SQLException {
        List<StateRow> rows = transaction.plan().states();
        if (rows.isEmpty()) {
            return;
        }
        String[] before = new String[rows.size()];
        try (PreparedStatement insert = transaction.connection().prepareStatement(INSERT)) {
            insert.setObject(1, IntStream.range(0, rows.size()).toArray());
            insert.setObject(
                    2,
                    rows.stream()
                            .mapToInt(row -> transaction.seriesId(row.series()))
                            .toArray());
            insert.setObject(3, rows.stream().mapToLong(StateRow::timeMicros).toArray());
            insert.setObject(4, rows.stream().map(StateRow::text).toArray(String[]::new));
            insert.setObject(
                    5, rows.stream().mapToLong(StateRow::receivedMicros).toArray());
            try (ResultSet result = insert.executeQuery()) {
                while (result.next()) {
                    before[result.getInt(1)] = result.getString(2);
                }
            }
        }
        Map<StateRow.Id, String> stored = new HashMap<>();
        for (int at = 0; at < before.length; at++) {
            StateRow row = rows.get(at);
            settle(transaction, row, before[at]);
            stored.put(row.id(), before[at] == null ? row.text() : before[at]);
        }
        transaction.plan().stateRepeats().forEach(repeat -> settle(transaction, repeat, stored.get(repeat.id())));
    }

    private static void settle(Transaction transaction, StateRow row, @Nullable String stored) {
        String tenant = row.series().device().tenant().value();
        if (stored == null) {
            transaction.ledger().stored(tenant, row.receivedMicros(), 1);
            transaction.wrote("state_change", 1);
        } else if (stored.equals(row.text())) {
            transaction.ledger().duplicate(tenant, row.receivedMicros(), 1);
        } else {
            transaction.conflict(
                    Refusals.conflict(row.series(), row.timeMicros(), row.text(), stored, row.receivedMicros()));
        }
    }
}
