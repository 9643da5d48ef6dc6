package dev.heliograph.query.data;

import dev.heliograph.model.id.DeviceId;
import dev.heliograph.model.id.MetricName;
import dev.heliograph.model.id.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Reads ranges. Series ids are found by tenant first, and only those are read: every other statement of this class starts
 * from them, by the index (series, time), one range scan a series.
 */
public final class JdbcData {
    private static final String DEVICE = "SELECT EXISTS (SELECT 1 FROM device WHERE tenant = :tenant AND id = :device)";
    private static final String SERIES = """
            SELECT s.id, s.metric, m.unit, m.kind, l.received_at, l.text IS NOT NULL AS is_text
              FROM series s
              LEFT JOIN metric m ON m.tenant = s.tenant AND m.name = s.metric
              LEFT JOIN latest l ON l.series_id = s.id
             WHERE s.tenant = :tenant AND s.device = :device
             ORDER BY s.metric
             LIMIT :most
            """;
    // Stops at one row more than fits, so that the question costs no more than the answer.
    private static final String FITS = """
            SELECT NOT EXISTS (
                SELECT 1 FROM unnest(:ids::int[]) AS asked (id)
                 WHERE (SELECT count(*) FROM (
                           SELECT 1 FROM measurement m
                            WHERE m.series_id = asked.id AND m.ts >= :from AND m.ts < :to LIMIT :more) AS counted) >= :more)
            """;
    private static final String RAW = """
            SELECT asked.id, m.ts, m.value
              FROM unnest(:ids::int[]) AS asked (id)
             CROSS JOIN LATERAL (
                SELECT ts, value FROM measurement
                 WHERE series_id = asked.id AND ts >= :from AND ts < :to ORDER BY ts LIMIT :more) AS m
             ORDER BY asked.id, m.ts
            """;
    private static final String STATES = """
            SELECT asked.id, c.ts, c.value
              FROM unnest(:ids::int[]) AS asked (id)
             CROSS JOIN LATERAL (
                SELECT ts, value FROM state_change
                 WHERE series_id = asked.id AND ts >= :from AND ts < :to ORDER BY ts LIMIT :more) AS c
             ORDER BY asked.id, c.ts
            """;
    // Up to its newest closed window a series is read from windows, whatever their phase; from there on from raw.
    private static final String STITCHED = """
            WITH asked AS MATERIALIZED (
                SELECT series.id,
                       COALESCE((SELECT w.start_at + :window::interval FROM %1$s w
                                  WHERE w.series_id = series.id AND w.start_at >= :from AND w.start_at < :to
                                    AND w.phase >= 1
                                  ORDER BY w.start_at DESC LIMIT 1), :from) AS closed_until
                  FROM unnest(:ids::int[]) AS series (id)),
            part AS (
                SELECT asked.id, w.start_at AS at, w.count, w.sum, w.min, w.max, w.first, w.first_ts, w.last, w.last_ts
                  FROM asked CROSS JOIN LATERAL (
                    SELECT * FROM %1$s
                     WHERE series_id = asked.id AND start_at >= :from AND start_at < :to
                       AND start_at < asked.closed_until AND count > 0) AS w
                UNION ALL
                SELECT asked.id, m.ts, 1, m.value, m.value, m.value, m.value, m.ts, m.value, m.ts
                  FROM asked CROSS JOIN LATERAL (
                    SELECT ts, value FROM measurement
                     WHERE series_id = asked.id AND ts >= :from AND ts < :to AND ts >= asked.closed_until) AS m)
            SELECT id, date_bin(:bucket::interval, at, 'epoch'::timestamptz) AS bucket, sum(count)::bigint AS count,
                   sum(sum) / sum(count) AS avg, min(min) AS min, max(max) AS max, sum(sum) AS sum, %2$s
              FROM part
             GROUP BY id, bucket
             ORDER BY id, bucket
            """;
    private static final String FIRST_AND_LAST = """
            (array_agg(first ORDER BY first_ts))[1] AS first, (array_agg(last ORDER BY last_ts DESC))[1] AS last
            """;
    private static final String NEITHER = "0 AS first, 0 AS last";

    private final JdbcClient jdbc;

    public JdbcData(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    boolean exists(TenantId tenant, DeviceId device) {
        return jdbc.sql(DEVICE)
                .param("tenant", tenant.value())
                .param("device", device.value())
                .query(Boolean.class)
                .single();
    }

    /** The asked series of a device in the order asked, or up to {@code most} of its series where none was named. */
    List<StoredSeries> series(TenantId tenant, DeviceId device, List<MetricName> metrics, int most) {
        Map<String, StoredSeries> stored = new LinkedHashMap<>();
        jdbc.sql(SERIES)
                .param("tenant", tenant.value())
                .param("device", device.value())
                .param("most", metrics.isEmpty() ? most : Integer.MAX_VALUE)
                .query(row -> {
                    StoredSeries one = series(row);
                    stored.put(one.metric(), one);
                });
        if (metrics.isEmpty()) {
            return List.copyOf(stored.values());
        }
        return metrics.stream()
                .map(metric ->
                        stored.getOrDefault(metric.value(), new StoredSeries(0, metric.value(), null, "number", null)))
                .toList();
    }

    private static StoredSeries series(ResultSet row) throws SQLException {
        String kind = row.getString("kind");
        OffsetDateTime received = row.getObject("received_at", OffsetDateTime.class);
        return new StoredSeries(
                row.getInt("id"),
                row.getString("metric"),
                row.getString("unit"),
                kind != null ? kind : row.getBoolean("is_text") ? "state" : "number",
                received == null ? null : received.toInstant());
    }

    /** Whether no series of the tenant's has more than {@code points} measurements in the range. */
    boolean fits(TenantId tenant, List<StoredSeries> series, Instant from, Instant to, int points) {
        return jdbc.sql(FITS)
                .params(range(series, from, to))
                .param("more", points + 1)
                .query(Boolean.class)
                .single();
    }

    /** Up to {@code points + 1} measurements of each series, by id. */
    Map<Integer, Columns> raw(TenantId tenant, List<StoredSeries> series, Instant from, Instant to, int points) {
        Map<Integer, Columns> columns = new HashMap<>();
        jdbc.sql(RAW).params(range(series, from, to)).param("more", points + 1).query(row -> {
            of(columns, row).raw(millis(row, 2), row.getDouble(3));
        });
        return columns;
    }

    /** Up to {@code points + 1} states of each series, by id. */
    Map<Integer, Columns> states(TenantId tenant, List<StoredSeries> series, Instant from, Instant to, int points) {
        Map<Integer, Columns> columns = new HashMap<>();
        jdbc.sql(STATES)
                .params(range(series, from, to))
                .param("more", points + 1)
                .query(row -> {
                    of(columns, row).text(millis(row, 2), row.getString(3));
                });
        return columns;
    }

    /** Buckets of each series, by id; {@code from} must be the start of a bucket. */
    Map<Integer, Columns> buckets(
            TenantId tenant,
            List<StoredSeries> series,
            Instant from,
            Instant to,
            Resolution resolution,
            boolean firstAndLast) {
        Map<Integer, Columns> columns = new HashMap<>();
        String sql = STITCHED.formatted(resolution.table(), firstAndLast ? FIRST_AND_LAST : NEITHER);
        jdbc.sql(sql)
                .params(range(series, from, to))
                .param("window", resolution.window().toSeconds() + " seconds")
                .param("bucket", resolution.bucket().toSeconds() + " seconds")
                .query(row -> {
                    of(columns, row)
                            .bucket(
                                    millis(row, 2),
                                    row.getLong("count"),
                                    row.getDouble("avg"),
                                    row.getDouble("min"),
                                    row.getDouble("max"),
                                    row.getDouble("sum"),
                                    row.getDouble("first"),
                                    row.getDouble("last"));
                });
        return columns;
    }

    private static Columns of(Map<Integer, Columns> columns, ResultSet row) throws SQLException {
        return columns.computeIfAbsent(row.getInt(1), id -> new Columns());
    }

    private static long millis(ResultSet row, int column) throws SQLException {
        return row.getTimestamp(column).getTime();
    }

    private static Map<String, Object> range(List<StoredSeries> series, Instant from, Instant to) {
        Map<String, Object> parameters = new HashMap<>();
        parameters.put("ids", series.stream().map(StoredSeries::id).toArray(Integer[]::new));
        parameters.put("from", from.atOffset(ZoneOffset.UTC));
        parameters.put("to", to.atOffset(ZoneOffset.UTC));
        return parameters;
    }
}
