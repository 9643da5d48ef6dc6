package dev.heliograph.writer.store;

import dev.heliograph.model.id.SeriesKey;
import dev.heliograph.model.reading.Sample;
import dev.heliograph.writer.plan.Refusals;
import dev.heliograph.writer.plan.SeriesRows;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.postgresql.PGConnection;

/**
 * The table {@code measurement}. A batch is copied in; where that meets an identity that is there already, it is undone
 * and inserted with {@code ON CONFLICT DO NOTHING} instead, which tells what is new. Duplicates come in runs (a replay, a
 * device that resends), so after one the next batches do without the attempt to copy.
 */
final class MeasurementRows {
    private static final String COPY =
            "COPY measurement (series_id, ts, value, received_at) FROM STDIN (FORMAT binary)";
    private static final String INSERT = """
        INSERT INTO measurement (series_id, ts, value, received_at)
        SELECT u.series_id, timestamptz 'epoch' + u.ts * interval '1 microsecond', u.value,
               timestamptz 'epoch' + u.received_at * interval '1 microsecond'
        FROM unnest(?::int[], ?::bigint[], ?::float8[], ?::bigint[]) AS u(series_id, ts, value, received_at)
        ON CONFLICT DO NOTHING
        RETURNING series_id, (extract(epoch FROM ts) * 1000000)::bigint
        """;
    private static final String FIND = """
        SELECT m.series_id, u.ts, m.value
        FROM unnest(?::int[], ?::bigint[]) AS u(series_id, ts)
        JOIN measurement m ON m.series_id = u.series_id
             AND m.ts = timestamptz 'epoch' + u.ts * interval '1 microsecond'
        """;
    // Below this, a copy's savepoint costs more than it spares.
    private static final int COPY_FROM_ROWS = 64;
    private static final int BATCHES_WITHOUT_COPY = 16;
    private static final int INSERT_ATTEMPTS = 2;

    private final AtomicInteger withoutCopy = new AtomicInteger();

    /** Which row of a plan, for joining what the database answers. */
    private record Identity(int seriesId, long timeMicros) {}

    private record Row(SeriesKey series, int seriesId, long timeMicros, double value, long receivedMicros) {
        Identity identity() {
            return new Identity(seriesId, timeMicros);
        }

        String tenant() {
            return series.device().tenant().value();
        }
    }

    void write(Transaction transaction) throws SQLException, StoreFailure {
        int count = transaction.plan().measurements().stream()
                .mapToInt(SeriesRows::size)
                .sum();
        if (count == 0) {
            return;
        }
        if (count >= COPY_FROM_ROWS && withoutCopy.getAndUpdate(left -> Math.max(0, left - 1)) == 0) {
            if (copied(transaction, count)) {
                settleRepeats(transaction);
                return;
            }
            withoutCopy.set(BATCHES_WITHOUT_COPY);
        }
        insert(transaction, count);
        settleRepeats(transaction);
    }

    private static boolean copied(Transaction transaction, int count) throws SQLException {
        Connection connection = transaction.connection();
        Savepoint before = connection.setSavepoint();
        BinaryCopy data = new BinaryCopy(count);
        for (SeriesRows rows : transaction.plan().measurements()) {
            int id = transaction.seriesId(rows.series());
            for (int row = 0; row < rows.size(); row++) {
                data.row(id, rows.time(row), rows.value(row), rows.received(row));
            }
        }
        try {
            connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn(COPY, new java.io.ByteArrayInputStream(data.finish()));
        } catch (SQLException failure) {
            if (!SqlStates.UNIQUE_VIOLATION.equals(failure.getSQLState())) {
                throw failure;
            }
            connection.rollback(before);
            return false;
        } catch (IOException impossible) {
            throw new IllegalStateException("the data is in memory", impossible);
        }
        connection.releaseSavepoint(before);
        for (SeriesRows rows : transaction.plan().measurements()) {
            for (int row = 0; row < rows.size(); row++) {
                transaction.ledger().stored(rows.series().device().tenant().value(), rows.received(row), 1);
            }
        }
        transaction.wrote("measurement", count);
        return true;
    }

    private static void insert(Transaction transaction, int count) throws SQLException, StoreFailure {
        List<Row> open = new ArrayList<>(count);
        for (SeriesRows rows : transaction.plan().measurements()) {
            int id = transaction.seriesId(rows.series());
            for (int row = 0; row < rows.size(); row++) {
                open.add(new Row(rows.series(), id, rows.time(row), rows.value(row), rows.received(row)));
            }
        }
        // A row that is neither inserted nor there is tried again: TimescaleDB 2.17 ended a multi-row insert into a
        // compressed chunk at its first conflict (timescaledb #7672).
        for (int attempt = 0; attempt < INSERT_ATTEMPTS && !open.isEmpty(); attempt++) {
            Set<Identity> inserted = inserted(transaction.connection(), open);
            open.stream()
                    .filter(row -> inserted.contains(row.identity()))
                    .forEach(row -> transaction.ledger().stored(row.tenant(), row.receivedMicros(), 1));
            transaction.wrote("measurement", inserted.size());
            open.removeIf(row -> inserted.contains(row.identity()));
            open = settle(transaction, open);
        }
        if (!open.isEmpty()) {
            throw new StoreFailure.Unavailable(
                    open.size() + " measurements were neither inserted nor found",
                    new IllegalStateException("first: " + open.getFirst().identity()));
        }
    }

    private static Set<Identity> inserted(Connection connection, List<Row> rows) throws SQLException {
        Set<Identity> inserted = HashSet.newHashSet(rows.size());
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            bindIdentities(insert, rows);
            insert.setObject(3, rows.stream().mapToDouble(Row::value).toArray());
            insert.setObject(4, rows.stream().mapToLong(Row::receivedMicros).toArray());
            try (ResultSet result = insert.executeQuery()) {
                while (result.next()) {
                    inserted.add(new Identity(result.getInt(1), result.getLong(2)));
                }
            }
        }
        return inserted;
    }

    /** Counts those that are in the table as duplicate or conflict, and returns those that are not. */
    private static List<Row> settle(Transaction transaction, List<Row> rows) throws SQLException {
        if (rows.isEmpty()) {
            return rows;
        }
        Map<Identity, Double> stored = HashMap.newHashMap(rows.size());
        try (PreparedStatement find = transaction.connection().prepareStatement(FIND)) {
            bindIdentities(find, rows);
            try (ResultSet result = find.executeQuery()) {
                while (result.next()) {
                    stored.put(new Identity(result.getInt(1), result.getLong(2)), result.getDouble(3));
                }
            }
        }
        List<Row> missing = new ArrayList<>();
        for (Row row : rows) {
            Double value = stored.get(row.identity());
            if (value == null) {
                missing.add(row);
            } else {
                settle(transaction, row, value);
            }
        }
        return missing;
    }

    private static void settle(Transaction transaction, Row row, double stored) {
        if (Sample.isSameValue(stored, row.value())) {
            transaction.ledger().duplicate(row.tenant(), row.receivedMicros(), 1);
        } else {
            transaction.conflict(Refusals.conflict(
                    row.series(),
                    row.timeMicros(),
                    Double.toString(row.value()),
                    Double.toString(stored),
                    row.receivedMicros()));
        }
    }

    /** Against what is stored now, by this batch or before: that need not be what the batch offered first. */
    private static void settleRepeats(Transaction transaction) throws SQLException {
        List<Row> repeats = transaction.plan().repeats().stream()
                .map(repeat -> new Row(
                        repeat.series(),
                        transaction.seriesId(repeat.series()),
                        repeat.timeMicros(),
                        repeat.value(),
                        repeat.receivedMicros()))
                .toList();
        List<Row> missing = settle(transaction, repeats);
        if (!missing.isEmpty()) {
            throw new IllegalStateException("a repeat of what is not stored: " + missing.getFirst());
        }
    }

    private static void bindIdentities(PreparedStatement statement, List<Row> rows) throws SQLException {
        statement.setObject(1, rows.stream().mapToInt(Row::seriesId).toArray());
        statement.setObject(2, rows.stream().mapToLong(Row::timeMicros).toArray());
    }
}
