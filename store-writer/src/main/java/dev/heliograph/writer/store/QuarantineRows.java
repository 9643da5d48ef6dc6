package dev.heliograph.writer.store;

import dev.heliograph.writer.plan.QuarantineRow;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/**
 * The table {@code quarantine}: each refusal once. What the writer itself refuses has an id that tells a repetition; of what
 * comes from the topic, equal input that is refused for the same reason in the same hour is one row with a count, and a
 * record that was counted before is told by its offset.
 */
final class QuarantineRows {
    private static final String INSERT = """
            INSERT INTO quarantine (id, tenant, device, topic, transport, reason, detail, metric, received_at, size, sha256,
                                    payload, content_type, mode, count, last_at, fold, last_offset)
            SELECT u.id::uuid, u.tenant, u.device, u.topic, u.transport, u.reason, u.detail, u.metric,
                   timestamptz 'epoch' + u.received_at * interval '1 microsecond', u.size, u.sha256, u.payload,
                   u.content_type, u.mode, u.count, timestamptz 'epoch' + u.last_at * interval '1 microsecond', u.fold::uuid,
                   u.last_offset
            FROM unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],
                        ?::bigint[], ?::bigint[], ?::text[], ?::bytea[], ?::text[], ?::text[], ?::bigint[], ?::bigint[],
                        ?::text[], ?::bigint[])
                 AS u(id, tenant, device, topic, transport, reason, detail, metric, received_at, size, sha256, payload,
                      content_type, mode, count, last_at, fold, last_offset)
            ON CONFLICT DO NOTHING
            RETURNING id, (extract(epoch FROM received_at) * 1000000)::bigint
            """;
    private static final String FIND = """
            SELECT q.fold, q.id, (extract(epoch FROM q.received_at) * 1000000)::bigint, q.last_offset
            FROM quarantine q
            WHERE (q.fold = ANY (?::uuid[]) OR q.id = ANY (?::uuid[]))
              AND q.received_at >= timestamptz 'epoch' + ? * interval '1 microsecond'
              AND q.received_at < timestamptz 'epoch' + ? * interval '1 microsecond'
            """;
    private static final String COUNT = """
            UPDATE quarantine q
            SET count = q.count + u.count, last_offset = GREATEST(q.last_offset, u.last_offset),
                last_at = GREATEST(q.last_at, timestamptz 'epoch' + u.last_at * interval '1 microsecond')
            FROM unnest(?::text[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[])
                 AS u(id, received_at, count, last_at, last_offset)
            WHERE q.id = u.id::uuid AND q.received_at = timestamptz 'epoch' + u.received_at * interval '1 microsecond'
            """;
    private static final long HOUR_MICROS = 3_600_000_000L;

    private record Key(UUID id, long receivedMicros) {
        static Key of(QuarantineRow row) {
            return new Key(row.id(), row.receivedMicros());
        }
    }

    /** A row to be, or one that is there, and what this batch adds to it. */
    private static final class Folded {
        private final Key key;
        private final boolean isStored;
        private final QuarantineRow first;
        private long count;
        private long lastMicros;
        private long lastOffset;

        Folded(Key key, boolean isStored, QuarantineRow first, long lastOffset) {
            this.key = key;
            this.isStored = isStored;
            this.first = first;
            this.lastMicros = first.receivedMicros();
            this.lastOffset = lastOffset;
        }

        /** Takes a refusal; says whether it is another one and not one that was counted before. */
        boolean take(QuarantineRow row) {
            boolean isFirst = !isStored && count == 0;
            boolean isRepeated = row.offset() <= lastOffset || row.id().equals(key.id());
            if (!isFirst && row.isFolded() && !isRepeated || isFirst) {
                count++;
                lastMicros = Math.max(lastMicros, row.receivedMicros());
                lastOffset = row.offset();
                return true;
            }
            return false;
        }
    }

    void write(Transaction transaction) throws SQLException {
        if (transaction.quarantine().isEmpty()) {
            return;
        }
        Set<Key> stored = new HashSet<>();
        Map<UUID, Folded> folds = stored(transaction, stored);
        Map<Key, Folded> fresh = new LinkedHashMap<>();
        Map<Key, List<QuarantineRow>> counted = new HashMap<>();
        for (QuarantineRow row : transaction.quarantine()) {
            Key key = Key.of(row);
            Folded into = row.isFolded() ? folds.get(row.fold()) : fresh.get(key);
            if (into == null && row.isFolded() && (stored.contains(key) || fresh.containsKey(key))) {
                duplicate(transaction, row);
                continue;
            }
            if (into == null) {
                into = fresh.computeIfAbsent(key, at -> new Folded(at, false, row, -1));
                if (row.isFolded()) {
                    folds.put(row.fold(), into);
                }
            }
            if (into.take(row)) {
                counted.computeIfAbsent(into.key, at -> new ArrayList<>(1)).add(row);
            } else {
                duplicate(transaction, row);
            }
        }
        List<Folded> rows = fresh.values().stream()
                .sorted(Comparator.comparing((Folded row) -> row.key.id()))
                .toList();
        Set<Key> inserted = insert(transaction.connection(), rows);
        count(
                transaction.connection(),
                folds.values().stream()
                        .filter(row -> row.isStored && row.count > 0)
                        .toList());
        counted.forEach((key, refusals) -> {
            boolean isThere = fresh.containsKey(key) && !inserted.contains(key);
            for (QuarantineRow row : refusals) {
                settle(transaction, row, isThere);
            }
        });
        transaction.wrote("quarantine", inserted.size());
    }

    private static void settle(Transaction transaction, QuarantineRow row, boolean wasThereBefore) {
        if (wasThereBefore) {
            duplicate(transaction, row);
            return;
        }
        transaction.quarantined(row.reason());
        if (row.units() > 0) {
            transaction.ledger().quarantined(row.tenant(), row.receivedMicros(), row.units());
        }
    }

    private static void duplicate(Transaction transaction, QuarantineRow row) {
        if (row.units() > 0) {
            transaction.ledger().duplicate(row.tenant(), row.receivedMicros(), row.units());
        }
    }

    /** The rows that are there of what this batch refuses again, by fold; all keys that were found go to {@code keys}. */
    private static Map<UUID, Folded> stored(Transaction transaction, Set<Key> keys) throws SQLException {
        Map<UUID, QuarantineRow> wanted = new TreeMap<>();
        Set<UUID> ids = new TreeSet<>();
        long first = Long.MAX_VALUE;
        long last = Long.MIN_VALUE;
        for (QuarantineRow row : transaction.quarantine()) {
            if (row.isFolded()) {
                wanted.putIfAbsent(row.fold(), row);
                ids.add(row.id());
                first = Math.min(first, row.receivedMicros());
                last = Math.max(last, row.receivedMicros());
            }
        }
        Map<UUID, Folded> stored = new HashMap<>();
        if (wanted.isEmpty()) {
            return stored;
        }
        try (PreparedStatement find = transaction.connection().prepareStatement(FIND)) {
            find.setArray(
                    1,
                    transaction
                            .connection()
                            .createArrayOf("uuid", wanted.keySet().toArray()));
            find.setArray(2, transaction.connection().createArrayOf("uuid", ids.toArray()));
            find.setLong(3, first - HOUR_MICROS);
            find.setLong(4, last + HOUR_MICROS);
            try (ResultSet row = find.executeQuery()) {
                while (row.next()) {
                    UUID fold = row.getObject(1, UUID.class);
                    Key key = new Key(row.getObject(2, UUID.class), row.getLong(3));
                    keys.add(key);
                    QuarantineRow again = fold == null ? null : wanted.get(fold);
                    if (again != null) {
                        stored.put(fold, new Folded(key, true, again, row.getLong(4)));
                    }
                }
            }
        }
        return stored;
    }

    private static Set<Key> insert(Connection connection, List<Folded> folded) throws SQLException {
        Set<Key> inserted = new HashSet<>();
        if (folded.isEmpty()) {
            return inserted;
        }
        List<QuarantineRow> rows = folded.stream().map(row -> row.first).toList();
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
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
            insert.setObject(13, rows.stream().map(QuarantineRow::contentType).toArray(String[]::new));
            insert.setObject(14, rows.stream().map(QuarantineRow::mode).toArray(String[]::new));
            insert.setObject(15, folded.stream().mapToLong(row -> row.count).toArray());
            insert.setObject(
                    16, folded.stream().mapToLong(row -> row.lastMicros).toArray());
            insert.setObject(
                    17,
                    rows.stream()
                            .map(row -> row.isFolded() ? row.fold().toString() : null)
                            .toArray(String[]::new));
            insert.setObject(
                    18, folded.stream().mapToLong(row -> row.lastOffset).toArray());
            try (ResultSet result = insert.executeQuery()) {
                while (result.next()) {
                    inserted.add(new Key(result.getObject(1, UUID.class), result.getLong(2)));
                }
            }
        }
        return inserted;
    }

    private static void count(Connection connection, List<Folded> again) throws SQLException {
        if (again.isEmpty()) {
            return;
        }
        try (PreparedStatement count = connection.prepareStatement(COUNT)) {
            count.setObject(
                    1, again.stream().map(row -> row.key.id().toString()).toArray(String[]::new));
            count.setObject(
                    2, again.stream().mapToLong(row -> row.key.receivedMicros()).toArray());
            count.setObject(3, again.stream().mapToLong(row -> row.count).toArray());
            count.setObject(4, again.stream().mapToLong(row -> row.lastMicros).toArray());
            count.setObject(5, again.stream().mapToLong(row -> row.lastOffset).toArray());
            count.executeUpdate();
        }
    }
}
