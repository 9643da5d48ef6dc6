package dev.heliograph.query.data;

import dev.heliograph.model.id.DeviceId;
import dev.heliograph.model.id.MetricName;
import dev.heliograph.model.id.TenantId;
import dev.heliograph.model.sketch.QuantileSketch;
import dev.heliograph.query.data.DeviceSelection.Selected;
import dev.heliograph.query.data.calc.Aggregate;
import dev.heliograph.query.data.calc.Piece;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Reads ranges. Series ids are found by tenant first, and only those are read: every other statement of this class starts
 * from them, by the index (series, time), one range scan a series.
 */
final class JdbcData {
    private static final String SERIES = """
            SELECT s.id, s.device, s.metric, m.unit, m.kind, l.received_at, l.text IS NOT NULL AS is_text
              FROM series s
              LEFT JOIN metric m ON m.tenant = s.tenant AND m.name = s.metric
              LEFT JOIN latest l ON l.series_id = s.id
             WHERE s.tenant = :tenant AND s.device = ANY(:devices)
            """;
    // Stops at one row more than fits, so that the question costs no more than the answer.
    private static final String FITS = """
            SELECT NOT EXISTS (
                SELECT 1 FROM unnest(:ids::int[]) AS asked (id)
                 WHERE (SELECT count(*) FROM (
                           SELECT 1 FROM measurement m
                            WHERE m.series_id = asked.id AND m.ts >= :from AND m.ts < :to LIMIT :more) AS counted) >= :more)
            """;
    // The newest samples of the range tell how often a series reports.
    private static final String RATE = """
            SELECT COALESCE(avg(newest.rate), 0) FROM unnest(:ids::int[]) AS asked (id)
             CROSS JOIN LATERAL (
                SELECT CASE WHEN max(ts) > min(ts) THEN (count(*) - 1) / extract(epoch FROM max(ts) - min(ts))::float8
                            ELSE 0 END AS rate
                  FROM (SELECT ts FROM measurement
                         WHERE series_id = asked.id AND ts >= :from AND ts < :to ORDER BY ts DESC LIMIT :sampled) AS last
                ) AS newest
            """;
    private static final String STATES = """
            SELECT asked.ord, c.ts, c.value
              FROM unnest(CAST(:ids AS int[])) WITH ORDINALITY AS asked (id, ord)
             CROSS JOIN LATERAL (
                SELECT ts, value FROM state_change
                 WHERE series_id = asked.id AND ts >= :from AND ts < :to ORDER BY ts LIMIT :more) AS c
             ORDER BY asked.ord, c.ts
            """;
    private static final String STATES_AND_BEFORE = """
            SELECT asked.ord, c.ts, c.value
              FROM unnest(CAST(:ids AS int[])) WITH ORDINALITY AS asked (id, ord)
             CROSS JOIN LATERAL (
                (SELECT ts, value FROM state_change
                  WHERE series_id = asked.id AND ts < :from ORDER BY ts DESC LIMIT 1)
                UNION ALL
                (SELECT ts, value FROM state_change
                  WHERE series_id = asked.id AND ts >= :from AND ts < :to ORDER BY ts LIMIT :more)) AS c
             ORDER BY asked.ord, c.ts
            """;
    private static final String OF_DEVICE = """
            SELECT d.site, d.type, z.timezone, s.id, s.metric, m.unit, m.kind, l.received_at, l.text IS NOT NULL AS is_text
              FROM device d
              LEFT JOIN site z ON z.tenant = d.tenant AND z.id = d.site
              LEFT JOIN series s ON s.tenant = d.tenant AND s.device = d.id%s
              LEFT JOIN metric m ON m.tenant = s.tenant AND m.name = s.metric
              LEFT JOIN latest l ON l.series_id = s.id
             WHERE d.tenant = :tenant AND d.id = :device
             ORDER BY s.metric LIMIT :most
            """;
    private static final VarHandle BIG_ENDIAN =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final long MICROS_TO_2000 = 946_684_800_000_000L;
    private static final int SAMPLED_SERIES = 16;
    private static final int SAMPLED_ROWS = 200;

    private final JdbcClient jdbc;
    private final StreamedRows rows;

    JdbcData(JdbcClient jdbc, StreamedRows rows) {
        this.jdbc = jdbc;
        this.rows = rows;
    }

    /** The series of the devices, in their order and that of the names of metrics; of all metrics where none is named. */
    List<StoredSeries> series(TenantId tenant, List<Selected> devices, List<MetricName> metrics, int most) {
        Map<String, Selected> byId =
                devices.stream().collect(Collectors.toMap(Selected::id, Function.identity(), (a, b) -> a));
        Map<String, Object> parameters = new HashMap<>();
        parameters.put("tenant", tenant.value());
        parameters.put("devices", byId.keySet().toArray(String[]::new));
        parameters.put("most", most);
        String sql = SERIES;
        if (!metrics.isEmpty()) {
            sql += " AND s.metric = ANY(:metrics)";
            parameters.put("metrics", metrics.stream().map(MetricName::value).toArray(String[]::new));
        }
        List<StoredSeries> found = new ArrayList<>();
        jdbc.sql(sql + " ORDER BY s.device, s.metric LIMIT :most")
                .params(parameters)
                .query(row -> {
                    Selected device = byId.get(row.getString("device"));
                    if (device != null) {
                        found.add(series(device, row));
                    }
                });
        return found;
    }

    private static StoredSeries series(Selected device, ResultSet row) throws SQLException {
        @Nullable String kind = row.getString("kind");
        @Nullable OffsetDateTime received = row.getObject("received_at", OffsetDateTime.class);
        return new StoredSeries(
                row.getInt("id"),
                device,
                row.getString("metric"),
                row.getString("unit"),
                kind != null ? kind : row.getBoolean("is_text") ? "state" : "number",
                received == null ? null : received.toInstant());
    }

    /**
     * A device and its series in the order of the names of metrics, of all metrics where none is named.
     *
     * @param device without labels: nothing is grouped by them where one device is asked for
     */
    record OfDevice(Selected device, List<StoredSeries> series) {}

    /** One device by its id, with up to {@code most} of its series; empty where the tenant has no such device. */
    Optional<OfDevice> ofDevice(TenantId tenant, DeviceId device, List<MetricName> metrics, int most) {
        Map<String, Object> parameters = new HashMap<>();
        parameters.put("tenant", tenant.value());
        parameters.put("device", device.value());
        parameters.put("most", most);
        if (!metrics.isEmpty()) {
            parameters.put("metrics", metrics.stream().map(MetricName::value).toArray(String[]::new));
        }
        List<OfDevice> found = new ArrayList<>();
        jdbc.sql(OF_DEVICE.formatted(metrics.isEmpty() ? "" : " AND s.metric = ANY(:metrics)"))
                .params(parameters)
                .query(row -> {
                    if (found.isEmpty()) {
                        Selected selected = new Selected(
                                device.value(),
                                row.getString("site"),
                                row.getString("type"),
                                Map.of(),
                                row.getString("timezone"));
                        found.add(new OfDevice(selected, new ArrayList<>()));
                    }
                    if (row.getString("metric") != null) {
                        OfDevice one = found.getFirst();
                        one.series().add(series(one.device(), row));
                    }
                });
        return found.stream().findFirst();
    }

    /** Whether no series of the tenant's has more than {@code points} measurements in the range. */
    boolean fits(TenantId tenant, List<StoredSeries> series, Instant from, Instant to, int points) {
        return jdbc.sql(FITS)
                .params(range(series, from, to))
                .param("more", points + 1)
                .query(Boolean.class)
                .single();
    }

    /** About how many samples a second the series have together, by a few of them. */
    double samplesPerSecond(TenantId tenant, List<StoredSeries> series, Instant from, Instant to) {
        if (series.isEmpty()) {
            return 0;
        }
        int step = Math.max(1, series.size() / SAMPLED_SERIES);
        List<StoredSeries> some = new ArrayList<>();
        for (int i = 0; i < series.size(); i += step) {
            some.add(series.get(i));
        }
        double each = jdbc.sql(RATE)
                .params(range(some, from, to))
                .param("sampled", SAMPLED_ROWS)
                .query(Double.class)
                .single();
        return each * series.size();
    }

    /** Takes a sample of the series that stands at {@code index} in the list. */
    interface SampleReader {
        void sample(int index, long micros, double value);
    }

    /** Takes a state of the series that stands at {@code index} in the list. */
    interface StateReader {
        void state(int index, long micros, String value);
    }

    /** Takes a window or sample of the series that stands at {@code index} in the list. */
    interface PieceReader {
        void piece(int index, Piece piece);

        /** A sample of a window that has no sketch. */
        void sampleOfWindow(int index, long micros, double value);
    }

    /** Takes a bucket of a slot. The ends are 0 where the plan does not want them. */
    interface BucketReader {
        void bucket(
                int slot,
                long startMicros,
                long count,
                double sum,
                double min,
                double max,
                long firstMicros,
                double first,
                long lastMicros,
                double last);
    }

    /** Up to {@code points + 1} measurements of each series, series by series in the order of time. */
    void raw(
            TenantId tenant,
            List<StoredSeries> series,
            Instant from,
            Instant to,
            long points,
            Running running,
            SampleReader reader) {
        rows.read(
                StitchedSql.samples(series, from, to, points),
                series.size() * (points + 1),
                running,
                row -> reader.sample(row.getInt(1) - 1, micros(row, 2), row.getDouble(3)));
    }

    /** Up to {@code points + 1} states of each series; and, if wanted, the one that held at the start. */
    void states(
            TenantId tenant,
            List<StoredSeries> series,
            Instant from,
            Instant to,
            long points,
            boolean before,
            Running running,
            StateReader reader) {
        Map<String, Object> parameters = range(series, from, to);
        parameters.put("more", points + 1);
        rows.read(
                new BoundSql(before ? STATES_AND_BEFORE : STATES, parameters),
                series.size() * (points + 2),
                running,
                row -> reader.state(row.getInt(1) - 1, micros(row, 2), row.getString(3)));
    }

    /** The buckets of the slots, in no order; a slot whose series come in several calls must be added up. */
    void buckets(TenantId tenant, Plan plan, List<SlotSeries> series, Running running, BucketReader reader) {
        boolean ends = plan.withEnds();
        long slots = series.stream().mapToInt(SlotSeries::slot).distinct().count();
        rows.read(StitchedSql.buckets(plan, series), slots * plan.buckets().size(), running, row -> {
            reader.bucket(
                    row.getInt(1),
                    micros(row, 2),
                    row.getLong(3),
                    row.getDouble(4),
                    row.getDouble(5),
                    row.getDouble(6),
                    ends ? micros(row, 7) : 0,
                    ends ? row.getDouble(8) : 0,
                    ends ? micros(row, 9) : 0,
                    ends ? row.getDouble(10) : 0);
        });
    }

    /** The windows and samples of the series, series by series in the order of time. */
    void pieces(TenantId tenant, Plan plan, List<SlotSeries> series, Running running, PieceReader reader) {
        boolean sketches = plan.has(Aggregate.Kind.PERCENTILE);
        rows.read(StitchedSql.pieces(plan, series), Long.MAX_VALUE, running, row -> {
            int index = row.getInt(1) - 1;
            long count = row.getLong(4);
            if (count < 0) {
                reader.sampleOfWindow(index, micros(row, 3), row.getDouble(5));
                return;
            }
            byte[] sketch = sketches ? row.getBytes(14) : null;
            reader.piece(
                    index,
                    new Piece(
                            micros(row, 9),
                            row.getDouble(8),
                            micros(row, 11),
                            row.getDouble(10),
                            count,
                            row.getDouble(5),
                            row.getDouble(6),
                            row.getDouble(7),
                            row.getDouble(12),
                            row.getDouble(13),
                            sketch == null ? null : QuantileSketch.fromBytes(sketch)));
        });
    }

    // A time comes as eight bytes, µs since 2000: no object is made for each of a day at 1 Hz.
    private static long micros(ResultSet row, int column) throws SQLException {
        byte[] raw = row.getBytes(column);
        if (raw.length == Long.BYTES) {
            return (long) BIG_ENDIAN.get(raw, 0) + MICROS_TO_2000;
        }
        // As text, should the driver ever ask for that.
        Timestamp time = row.getTimestamp(column);
        return Math.floorDiv(time.getTime(), 1_000L) * 1_000_000 + time.getNanos() / 1_000;
    }

    private static Map<String, Object> range(List<StoredSeries> series, Instant from, Instant to) {
        Map<String, Object> parameters = new HashMap<>();
        parameters.put("ids", series.stream().mapToInt(StoredSeries::id).toArray());
        parameters.put("from", StitchedSql.time(from));
        parameters.put("to", StitchedSql.time(to));
        return parameters;
    }
}
