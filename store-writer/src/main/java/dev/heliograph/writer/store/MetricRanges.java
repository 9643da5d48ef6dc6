package dev.heliograph.writer.store;

import dev.heliograph.writer.plan.SeriesRows;
import dev.heliograph.writer.plan.WritePlan;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

/**
 * The table {@code metric_range}: the smallest and largest value of each metric that was stored, and its earliest time.
 *
 * <p>Batches are noted in memory; what grew goes to the table now and then, in a statement of its own. So no batch waits for
 * the row that all devices of a tenant share, and a counter that reaches a new maximum with every reading costs one update an
 * interval. What was noted and not yet written is lost with a process that is killed: a range may then lack a value of its
 * last interval until the metric goes beyond it again. Of at most 100,000 metrics growth is held at a time; what comes beyond
 * that is noted with a later batch. Thread-safe.
 */
public final class MetricRanges {
    private static final int MOST_KNOWN = 100_000;
    private static final int ROWS_AT_ONCE = 1_000;
    private static final String UPSERT = """
            INSERT INTO metric_range AS r (tenant, metric, min, max, first_ts)
            SELECT u.tenant, u.metric, u.min, u.max, timestamptz 'epoch' + u.first * interval '1 microsecond'
            FROM unnest(?::text[], ?::text[], ?::float8[], ?::float8[], ?::bigint[])
                 AS u(tenant, metric, min, max, first)
            ORDER BY u.tenant, u.metric
            ON CONFLICT (tenant, metric) DO UPDATE
            SET min = LEAST(r.min, excluded.min), max = GREATEST(r.max, excluded.max),
                first_ts = LEAST(r.first_ts, excluded.first_ts)
            WHERE excluded.min < r.min OR excluded.max > r.max OR excluded.first_ts < r.first_ts
            """;

    private record Metric(String tenant, String name) {}

    private record Range(double min, double max, long firstMicros) {
        Range with(Range other) {
            return new Range(
                    Math.min(min, other.min), Math.max(max, other.max), Math.min(firstMicros, other.firstMicros));
        }

        boolean holds(Range other) {
            return min <= other.min && max >= other.max && firstMicros <= other.firstMicros;
        }
    }

    private final DataSource database;
    // What the table is known to hold, the metric that was not seen for longest first.
    private final Map<Metric, Range> written = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Metric, Range> eldest) {
            return size() > MOST_KNOWN;
        }
    };
    private final Map<Metric, Range> grown = new HashMap<>();

    public MetricRanges(DataSource database) {
        this.database = database;
    }

    /** Notes what a batch stored. */
    void note(WritePlan plan) {
        Map<Metric, Range> seen = new HashMap<>();
        for (SeriesRows rows : plan.measurements()) {
            Metric metric = new Metric(
                    rows.series().device().tenant().value(),
                    rows.series().metric().value());
            seen.merge(metric, of(rows), Range::with);
        }
        synchronized (this) {
            seen.forEach((metric, range) -> {
                Range known = written.get(metric);
                boolean room = grown.size() < MOST_KNOWN || grown.containsKey(metric);
                if (room && (known == null || !known.holds(range))) {
                    grown.merge(metric, range, Range::with);
                }
            });
        }
    }

    private static Range of(SeriesRows rows) {
        double min = Double.POSITIVE_INFINITY;
        double max = Double.NEGATIVE_INFINITY;
        long first = Long.MAX_VALUE;
        for (int row = 0; row < rows.size(); row++) {
            min = Math.min(min, rows.value(row));
            max = Math.max(max, rows.value(row));
            first = Math.min(first, rows.time(row));
        }
        return new Range(min, max, first);
    }

    /**
     * Writes what grew since the last time.
     *
     * @throws SQLException if the database fails; then it is written the next time
     */
    public void flush() throws SQLException {
        List<Map.Entry<Metric, Range>> rows = taken();
        if (rows.isEmpty()) {
            return;
        }
        int done = 0;
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(true);
            for (; done < rows.size(); done = Math.min(done + ROWS_AT_ONCE, rows.size())) {
                write(connection, rows.subList(done, Math.min(done + ROWS_AT_ONCE, rows.size())));
            }
        } finally {
            settle(rows, done);
        }
    }

    private synchronized List<Map.Entry<Metric, Range>> taken() {
        List<Map.Entry<Metric, Range>> rows = new ArrayList<>(Map.copyOf(grown).entrySet());
        grown.clear();
        rows.sort(Map.Entry.comparingByKey(Comparator.comparing(Metric::tenant).thenComparing(Metric::name)));
        return rows;
    }

    private synchronized void settle(List<Map.Entry<Metric, Range>> rows, int done) {
        rows.subList(0, done).forEach(row -> written.merge(row.getKey(), row.getValue(), Range::with));
        rows.subList(done, rows.size()).forEach(row -> grown.merge(row.getKey(), row.getValue(), Range::with));
    }

    private static void write(Connection connection, List<Map.Entry<Metric, Range>> rows) throws SQLException {
        try (PreparedStatement upsert = connection.prepareStatement(UPSERT)) {
            upsert.setObject(1, rows.stream().map(row -> row.getKey().tenant()).toArray(String[]::new));
            upsert.setObject(2, rows.stream().map(row -> row.getKey().name()).toArray(String[]::new));
            upsert.setObject(
                    3, rows.stream().mapToDouble(row -> row.getValue().min()).toArray());
            upsert.setObject(
                    4, rows.stream().mapToDouble(row -> row.getValue().max()).toArray());
            upsert.setObject(
                    5,
                    rows.stream().mapToLong(row -> row.getValue().firstMicros()).toArray());
            upsert.executeUpdate();
        }
    }
}
