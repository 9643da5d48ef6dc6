package dev.heliograph.writer.store;

import dev.heliograph.writer.plan.QuarantineRow;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** The table {@code quarantine}: each refusal once. */
final class QuarantineRows {
    private static final String INSERT = """
            INSERT INTO quarantine (id, tenant, device, topic, transport, reason, detail, metric, received_at, size, sha256,
                                    payload)
            SELECT u.id::uuid, u.tenant, u.device, u.topic, u.transport, u.reason, u.detail, u.metric,
                   timestamptz 'epoch' + u.received_at * interval '1 microsecond', u.size, u.sha256, u.payload
            FROM unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],
                        ?::bigint[], ?::bigint[], ?::text[], ?::bytea[])
                 AS u(id, tenant, device, topic, transport, reason, detail, metric, received_at, size, sha256, payload)
            ON CONFLICT DO NOTHING
            RETURNING id, (extract(epoch FROM received_at) * 1000000)::bigint
            """;

    private record Key(UUID id, long receivedMicros) {
        static Key of(QuarantineRow row) {
            return new Key(row.id(), row.receivedMicros());
        }
    }

    void write(Transaction transaction) throws SQLException {
        if (transaction.quarantine().isEmpty()) {
            return;
        }
        Map<Key, QuarantineRow> distinct = new LinkedHashMap<>();
        for (QuarantineRow row : transaction.quarantine()) {
            if (distinct.putIfAbsent(Key.of(row), row) != null && row.counted()) {
                transaction.ledger().duplicate(row.tenant(), row.receivedMicros(), 1);
            }
        }
        List<QuarantineRow> rows = distinct.values().stream()
                .sorted(Comparator.comparing(QuarantineRow::id))
                .toList();
        Set<Key> inserted = insert(transaction, rows);
        for (QuarantineRow row : rows) {
            boolean fresh = inserted.contains(Key.of(row));
            if (fresh) {
                transaction.quarantined(row.reason());
            }
            if (row.counted() && fresh) {
                transaction.ledger().quarantined(row.tenant(), row.receivedMicros(), 1);
            } else if (row.counted()) {
                transaction.ledger().duplicate(row.tenant(), row.receivedMicros(), 1);
            }
        }
        transaction.wrote("quarantine", inserted.size());
    }

    private static Set<Key> insert(Transaction transaction, List<QuarantineRow> rows) throws SQLException {
        Set<Key> inserted = new HashSet<>();
        try (PreparedStatement insert = transaction.connection().prepareStatement(INSERT)) {
            insert.setObject(1, rows.stream().map(row -> row.id().toString()).toArray(String[]::new));
            insert.setObject(2, rows.stream().map(QuarantineRow::tenant).toArray(String[]::new));
            insert.setObject(3, rows.stream().map(QuarantineRow::device).toArray(String[]::new));
            insert.setObject(4, rows.stream().map(QuarantineRow::topic).toArray(String[]::new));
            insert.setObject(5, rows.stream().map(QuarantineRow::transport).toArray(String[]::new));
            insert.setObject(6, rows.stream().map(QuarantineRow::reason).toArray(String[]::new));
            insert.setObject(7, rows.stream().map(QuarantineRow::detail).toArray(String[]::new));
            insert.setObject(8, rows.stream().map(QuarantineRow::metric).toArray(String[]::new));
            insert.setObject(
                    9, rows.stream().mapToLong(QuarantineRow::receivedMicros).toArray());
            insert.setObject(10, rows.stream().mapToLong(QuarantineRow::size).toArray());
            insert.setObject(11, rows.stream().map(QuarantineRow::sha256).toArray(String[]::new));
            insert.setObject(12, rows.stream().map(QuarantineRow::payload).toArray(byte[][]::new));
            try (ResultSet result = insert.executeQuery()) {
                while (result.next()) {
                    inserted.add(new Key(result.getObject(1, UUID.class), result.getLong(2)));
                }
            }
        }
        return inserted;
    }
}
