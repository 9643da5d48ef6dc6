package dev.heliograph.writer.store;

import dev.heliograph.writer.plan.Ledger;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.SortedMap;
import java.util.function.ToLongFunction;

/** The tables {@code ledger} and {@code ledger_source}. Its rows are shared by all writers, so they are locked last and for the shortest time. */
final class LedgerRows {
    private static final String ADD = """
            INSERT INTO ledger AS l (tenant, minute, received, stored, duplicate, quarantined)
            SELECT u.tenant, timestamptz 'epoch' + u.minute * interval '1 microsecond', u.received, u.stored, u.duplicate,
                   u.quarantined
            FROM unnest(?::text[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[])
                 AS u(tenant, minute, received, stored, duplicate, quarantined)
            ORDER BY u.tenant, u.minute
            ON CONFLICT (tenant, minute) DO UPDATE
            SET received = l.received + excluded.received, stored = l.stored + excluded.stored,
                duplicate = l.duplicate + excluded.duplicate, quarantined = l.quarantined + excluded.quarantined
            """;

    private final LedgerSourceRows sources = new LedgerSourceRows();

    void write(Transaction transaction) throws SQLException {
        sources.write(transaction.connection(), transaction.ledger().sources());
        SortedMap<Ledger.Line, Ledger.Counts> lines = transaction.ledger().lines();
        if (lines.isEmpty()) {
            return;
        }
        List<Ledger.Counts> counts = List.copyOf(lines.values());
        try (PreparedStatement add = transaction.connection().prepareStatement(ADD)) {
            add.setObject(1, lines.keySet().stream().map(Ledger.Line::tenant).toArray(String[]::new));
            add.setObject(
                    2,
                    lines.keySet().stream().mapToLong(Ledger.Line::minuteMicros).toArray());
            add.setObject(3, column(counts, Ledger.Counts::received));
            add.setObject(4, column(counts, Ledger.Counts::stored));
            add.setObject(5, column(counts, Ledger.Counts::duplicate));
            add.setObject(6, column(counts, Ledger.Counts::quarantined));
            add.executeUpdate();
        }
    }

    private static long[] column(List<Ledger.Counts> counts, ToLongFunction<Ledger.Counts> column) {
        return counts.stream().mapToLong(column).toArray();
    }
}
