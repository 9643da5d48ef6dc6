package dev.heliograph.storage;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Deletes rows that may be compressed. Before TimescaleDB deletes, it takes out of a compressed chunk every batch (up to a
 * thousand rows of one series) that the conditions with constants do not rule out; a condition that comes from a join rules
 * nothing out, and all chunks of all tenants would be taken apart. So each statement names its series and its range of time, and
 * is planned with these values: a few series, and of them what lies in one day.
 *
 * <p>A batch that goes only in part is left outside of the columnstore, until the policy compresses its chunk again.
 */
final class ColumnstoreDeletion implements RetentionJob.RowDeletion {
    /** A day of a series each second is 86,400 rows. */
    private static final int SERIES_AT_ONCE = 10;

    private static final Duration SLICE = Duration.ofDays(1);
    // With its limit of 100,000 rows TimescaleDB keeps a statement from taking everything apart by accident; the slices
    // do
    // here.
    private static final String BY_VALUES =
            "SET plan_cache_mode = force_custom_plan; SET " + Timescale.MOST_TAKEN_OUT + " = 0";
    private static final String AS_BEFORE = "RESET plan_cache_mode; RESET " + Timescale.MOST_TAKEN_OUT;
    private static final String OLDEST = """
            SELECT s.id, old.at
              FROM unnest(?::int[], ?::timestamptz[]) AS s(id, cutoff)
             CROSS JOIN LATERAL (
                SELECT t.%2$s AS at FROM %1$s t WHERE t.series_id = s.id AND t.%2$s < s.cutoff
                 ORDER BY t.%2$s LIMIT 1) AS old
            """;
    private static final String DELETE =
            "DELETE FROM %1$s WHERE series_id = ANY (?::int[]) AND %2$s >= ?::timestamptz AND %2$s < ?::timestamptz";

    /** What goes at once: of some series what lies between two instants. */
    private record Slice(Instant from, Instant to) implements Comparable<Slice> {
        @Override
        public int compareTo(Slice other) {
            int byStart = from.compareTo(other.from);
            return byStart != 0 ? byStart : to.compareTo(other.to);
        }
    }

    private final Connection connection;
    private final PreparedStatement oldest;
    private final PreparedStatement delete;

    ColumnstoreDeletion(Connection connection, DataClass.Table table) throws SQLException {
        this.connection = connection;
        set(BY_VALUES);
        this.oldest = connection.prepareStatement(OLDEST.formatted(table.name(), table.timeColumn()));
        this.delete = connection.prepareStatement(DELETE.formatted(table.name(), table.timeColumn()));
    }

    @Override
    public long of(List<RetentionJob.Expiry> series) throws SQLException {
        Map<Integer, Instant> cutoffs =
                series.stream().collect(Collectors.toMap(RetentionJob.Expiry::series, RetentionJob.Expiry::cutoff));
        long total = 0;
        for (Map<Slice, List<Integer>> next = oldestSlices(series, cutoffs);
                !next.isEmpty();
                next = oldestSlices(series, cutoffs)) {
            long gone = 0;
            for (var slice : next.entrySet()) {
                List<Integer> ids = slice.getValue();
                for (int from = 0; from < ids.size(); from += SERIES_AT_ONCE) {
                    gone += delete(ids.subList(from, Math.min(from + SERIES_AT_ONCE, ids.size())), slice.getKey());
                }
            }
            if (gone == 0) {
                throw new IllegalStateException("nothing was deleted of what is there: " + next.keySet());
            }
            total += gone;
        }
        return total;
    }

    /** For each series that has anything expired, the day of the oldest of it. */
    private Map<Slice, List<Integer>> oldestSlices(List<RetentionJob.Expiry> series, Map<Integer, Instant> cutoffs)
            throws SQLException {
        oldest.setObject(
                1, series.stream().mapToInt(RetentionJob.Expiry::series).toArray());
        oldest.setArray(
                2,
                connection.createArrayOf(
                        "timestamptz",
                        series.stream()
                                .map(one -> RetentionJob.utc(one.cutoff()))
                                .toArray()));
        Map<Slice, List<Integer>> slices = new TreeMap<>();
        try (ResultSet row = oldest.executeQuery()) {
            while (row.next()) {
                int id = row.getInt(1);
                Instant start =
                        startOfSlice(row.getObject(2, OffsetDateTime.class).toInstant());
                Instant cutoff = cutoffs.getOrDefault(id, start);
                Instant end = start.plus(SLICE);
                slices.computeIfAbsent(new Slice(start, end.isBefore(cutoff) ? end : cutoff), any -> new ArrayList<>())
                        .add(id);
            }
        }
        return slices;
    }

    private static Instant startOfSlice(Instant time) {
        long seconds = SLICE.toSeconds();
        return Instant.ofEpochSecond(Math.floorDiv(time.getEpochSecond(), seconds) * seconds);
    }

    private int delete(List<Integer> ids, Slice slice) throws SQLException {
        delete.setObject(1, ids.stream().mapToInt(Integer::intValue).toArray());
        delete.setObject(2, RetentionJob.utc(slice.from()));
        delete.setObject(3, RetentionJob.utc(slice.to()));
        return delete.executeUpdate();
    }

    private void set(String settings) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(settings);
        }
    }

    @Override
    public void close() throws SQLException {
        try (oldest;
                delete) {
            set(AS_BEFORE);
        }
    }
}
