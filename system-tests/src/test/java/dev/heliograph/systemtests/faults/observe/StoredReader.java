package dev.heliograph.systemtests.faults.observe;

import dev.heliograph.systemtests.faults.check.Stored;
import dev.heliograph.systemtests.faults.check.Stored.Key;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads all that the database holds of a tenant, straight from the tables and in one snapshot. */
public final class StoredReader {
    private static final Map<String, String> WINDOW_TABLES =
            Map.of("10s", "window_10s", "1m", "window_1m", "1h", "window_1h");

    private StoredReader() {}

    /** Reads one column list of one row. */
    private interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    /** Reads a tenant. */
    public static Stored read(Connection connection, String tenant) throws SQLException {
        connection.setAutoCommit(false);
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        connection.setReadOnly(true);
        List<Stored.Window> windows = new ArrayList<>();
        for (Map.Entry<String, String> table : WINDOW_TABLES.entrySet()) {
            windows.addAll(windows(connection, tenant, table.getKey(), table.getValue()));
        }
        Stored stored = new Stored(
                rows(
                        connection,
                        tenant,
                        """
                        SELECT s.device, s.metric, %s, m.value FROM measurement m JOIN series s ON s.id = m.series_id
                        WHERE s.tenant = ?
                        """.formatted(micros("m.ts")),
                        row -> new Stored.Measurement(key(row), row.getDouble(4))),
                rows(
                        connection,
                        tenant,
                        """
                        SELECT s.device, s.metric, %s, c.value FROM state_change c JOIN series s ON s.id = c.series_id
                        WHERE s.tenant = ?
                        """.formatted(micros("c.ts")),
                        row -> new Stored.State(key(row), row.getString(4))),
                rows(
                        connection,
                        tenant,
                        "SELECT coalesce(device, '-'), reason, sha256, payload, count FROM quarantine WHERE tenant = ?",
                        row -> new Stored.Refused(
                                row.getString(1),
                                row.getString(2),
                                row.getString(3),
                                new String(row.getBytes(4), StandardCharsets.ISO_8859_1),
                                row.getLong(5))),
                windows,
                rows(
                        connection,
                        tenant,
                        """
                        SELECT s.device, s.metric, %s, l.value, l.text FROM latest l JOIN series s ON s.id = l.series_id
                        WHERE s.tenant = ?
                        """.formatted(micros("l.ts")),
                        row -> new Stored.Latest(
                                row.getString(1),
                                row.getString(2),
                                row.getLong(3),
                                row.getObject(4, Double.class),
                                row.getString(5))),
                rows(
                        connection,
                        tenant,
                        """
                        SELECT t.id, t.alert_id, a.device, a.rule_id, t.from_state, t.to_state, t.value, %s
                        FROM alert_transition t JOIN alert a ON a.id = t.alert_id WHERE t.tenant = ?
                        ORDER BY t.at
                        """.formatted(micros("t.data_time")),
                        row -> new Stored.Transition(
                                row.getString(1),
                                row.getString(2),
                                row.getString(3),
                                row.getString(4),
                                row.getString(5),
                                row.getString(6),
                                row.getObject(7, Double.class),
                                row.getLong(8))),
                rows(
                        connection,
                        tenant,
                        "SELECT id, state FROM alert WHERE tenant = ?",
                        row -> new Stored.OpenAlert(row.getString(1), row.getString(2))),
                rows(
                        connection,
                        tenant,
                        """
                        SELECT %s, received, stored, duplicate, quarantined FROM ledger WHERE tenant = ?
                        """.formatted(micros("minute")),
                        row -> new Stored.LedgerLine(
                                row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4), row.getLong(5))),
                rows(connection, tenant, "SELECT action FROM audit WHERE tenant = ?", row -> row.getString(1)));
        connection.rollback();
        return stored;
    }

    /** Places in the topic of readings that the writer has stored, by partition. */
    public static Map<Integer, Long> positions(Connection connection, String consumer, String topic)
            throws SQLException {
        Map<Integer, Long> positions = new java.util.TreeMap<>();
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT partition, next_offset FROM consumer_offset WHERE consumer = ? AND topic = ?")) {
            select.setString(1, consumer);
            select.setString(2, topic);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    positions.put(row.getInt(1), row.getLong(2));
                }
            }
        }
        return positions;
    }

    private static List<Stored.Window> windows(Connection connection, String tenant, String size, String table)
            throws SQLException {
        return rows(
                connection,
                tenant,
                """
                SELECT s.device, s.metric, %s, w.count, w.sum, w.min, w.max, w.first, %s, w.last, %s
                FROM %s w JOIN series s ON s.id = w.series_id WHERE s.tenant = ?
                """.formatted(micros("w.start_at"), micros("w.first_ts"), micros("w.last_ts"), table),
                row -> new Stored.Window(
                        size,
                        row.getString(1),
                        row.getString(2),
                        row.getLong(3),
                        row.getLong(4),
                        row.getDouble(5),
                        row.getDouble(6),
                        row.getDouble(7),
                        row.getDouble(8),
                        row.getLong(9),
                        row.getDouble(10),
                        row.getLong(11)));
    }

    private static String micros(String column) {
        return "(extract(epoch FROM " + column + ") * 1000000)::bigint";
    }

    private static Key key(ResultSet row) throws SQLException {
        return new Key(row.getString(1), row.getString(2), row.getLong(3));
    }

    private static <T> List<T> rows(Connection connection, String tenant, String sql, Row<T> reader)
            throws SQLException {
        List<T> all = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setString(1, tenant);
            select.setFetchSize(5_000);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    all.add(reader.read(row));
                }
            }
        }
        return all;
    }
}
