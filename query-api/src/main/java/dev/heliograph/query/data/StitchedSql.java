package dev.heliograph.query.data;

import dev.heliograph.query.data.calc.Aggregate;
import dev.heliograph.query.data.calc.Buckets;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Statements over closed windows and the samples behind them. Up to its newest closed window a series is read from windows,
 * whatever their phase; from there on raw. Each starts from the ids that it is given and reads one range of the index
 * (series, time) for each and each table.
 *
 * <p>Parameters: {@code ids} (int[]), {@code slots} (int[], one for each id), {@code from}, {@code to}.
 */
final class StitchedSql {
    private static final String ASKED = """
            WITH asked0 AS MATERIALIZED (
                SELECT id, slot, ord, CAST(:from AS timestamptz) AS until0
                  FROM unnest(CAST(:ids AS int[]), CAST(:slots AS int[])) WITH ORDINALITY AS given (id, slot, ord))
            """;
    private static final String CLOSED = """
            , asked%2$d AS MATERIALIZED (
                SELECT id, slot, ord, until%1$d, GREATEST(until%1$d, (
                           SELECT w.start_at + interval '%4$d seconds' FROM %3$s w
                            WHERE w.series_id = a.id AND w.start_at >= :from AND w.start_at < :to AND w.phase >= 1
                            ORDER BY w.start_at DESC LIMIT 1)) AS until%2$d
                  FROM asked%1$d a)
            """;
    private static final String OF_WINDOWS = """
            SELECT a.ord, a.slot, w.start_at AS at, w.count, w.sum, w.min, w.max, w.first, w.first_ts, w.last, w.last_ts,
                   w.mean, w.m2%4$s
              FROM asked%2$d a JOIN %3$s w
                ON w.series_id = a.id AND w.start_at >= :from AND w.start_at < :to
               AND w.start_at >= a.until%1$d AND w.start_at < a.until%2$d AND w.count > 0
            """;
    // What is behind the windows of another length is little, which the database cannot know: it would read the whole
    // range
    // of all series. OFFSET 0 holds it to the end of each series, by the index.
    private static final String OF_WINDOWS_BEHIND = """
            SELECT a.ord, a.slot, w.start_at AS at, w.count, w.sum, w.min, w.max, w.first, w.first_ts, w.last, w.last_ts,
                   w.mean, w.m2%4$s
              FROM asked%2$d a CROSS JOIN LATERAL (
                SELECT * FROM %3$s
                 WHERE series_id = a.id AND start_at >= :from AND start_at < :to
                   AND start_at >= a.until%1$d AND start_at < a.until%2$d AND count > 0
                OFFSET 0) AS w
            """;
    private static final String OF_SAMPLES = """
            SELECT a.ord, a.slot, m.ts AS at, 1 AS count, m.value AS sum, m.value AS min, m.value AS max,
                   m.value AS first, m.ts AS first_ts, m.value AS last, m.ts AS last_ts, m.value AS mean,
                   0::double precision AS m2%2$s
              FROM asked%1$d a JOIN measurement m
                ON m.series_id = a.id AND m.ts >= :from AND m.ts < :to AND m.ts >= a.until%1$d
            """;
    private static final String OF_SAMPLES_BEHIND = """
            SELECT a.ord, a.slot, m.ts AS at, 1 AS count, m.value AS sum, m.value AS min, m.value AS max,
                   m.value AS first, m.ts AS first_ts, m.value AS last, m.ts AS last_ts, m.value AS mean,
                   0::double precision AS m2%2$s
              FROM asked%1$d a CROSS JOIN LATERAL (
                SELECT ts, value FROM measurement
                 WHERE series_id = a.id AND ts >= :from AND ts < :to AND ts >= a.until%1$d
                OFFSET 0) AS m
            """;
    // What comes just before and just behind the range: it counts for nothing but the pair that it forms.
    private static final String NEIGHBOUR = """
            SELECT a.ord, a.slot, n.%3$s AS at, 0, 0, n.%2$s, n.%2$s, n.%2$s, n.%3$s, n.%2$s, n.%3$s, n.%2$s, 0%6$s
              FROM asked0 a CROSS JOIN LATERAL (
                SELECT %2$s, %3$s FROM %1$s
                 WHERE series_id = a.id AND %4$s
                 ORDER BY %5$s LIMIT 1) AS n
            """;
    // The samples of windows that have no sketch, unless the window is a single sample itself; -1 tells them from those
    // that count. Such windows are few and short: OFFSET 0 keeps the database from reading the whole range of a series
    // once
    // for all of its windows instead.
    private static final String UNSKETCHED = """
            SELECT a.ord, a.slot, m.ts AS at, -1, m.value, m.value, m.value, m.value, m.ts, m.value, m.ts, m.value, 0,
                   NULL::bytea
              FROM asked%2$d a JOIN %3$s w
                ON w.series_id = a.id AND w.start_at >= :from AND w.start_at < :to
               AND w.start_at >= a.until%1$d AND w.start_at < a.until%2$d AND w.sketch IS NULL
               AND w.count > 1
             CROSS JOIN LATERAL (
                SELECT ts, value FROM measurement
                 WHERE series_id = a.id AND ts >= w.start_at AND ts < w.start_at + interval '%4$d seconds'
                   AND ts >= :from AND ts < :to
                OFFSET 0) AS m
            """;
    private static final String BUCKETS = """
            SELECT slot, %s AS bucket, sum(count)::bigint, sum(sum), min(min), max(max)%s
              FROM part GROUP BY slot, bucket
            """;
    // The value beside the earliest and the latest time.
    private static final String ENDS = """
            , min(first_ts), (array_agg(first ORDER BY first_ts))[1], max(last_ts),
            (array_agg(last ORDER BY last_ts DESC))[1]
            """;

    private static final String SAMPLES = """
            SELECT asked.ord, m.ts, m.value
              FROM unnest(CAST(:ids AS int[])) WITH ORDINALITY AS asked (id, ord)
             CROSS JOIN LATERAL (
                SELECT ts, value FROM measurement
                 WHERE series_id = asked.id AND ts >= :from AND ts < :to ORDER BY ts LIMIT :more) AS m
             ORDER BY asked.ord, m.ts
            """;
    // Of one series the index has the order already, which a list of series hides.
    private static final String SAMPLES_OF_ONE = """
            SELECT 1, ts, value FROM measurement
             WHERE series_id = :id AND ts >= :from AND ts < :to ORDER BY ts LIMIT :more
            """;
    private static final String NO_SKETCH = ", NULL::bytea";

    private StitchedSql() {}

    /** Buckets added up by the database: slot, start, count, sum, min, max, and the ends where they are wanted. */
    static BoundSql buckets(Plan plan, List<SlotSeries> series) {
        Map<String, Object> parameters = range(plan.buckets(), series);
        String parts = asked(plan.tier()) + ", part AS (" + parts(plan, "") + ")\n";
        String bucket;
        if (plan.buckets().uniformMicros() > 0) {
            bucket = "date_bin(interval '" + plan.buckets().uniformMicros()
                    + " microseconds', at, CAST(:from AS timestamptz))";
        } else {
            // As a subquery the array is made once, not for every row.
            String edges = "(SELECT CAST(:edges AS timestamptz[]))";
            bucket = "(" + edges + ")[width_bucket(at, " + edges + ")]";
            parameters.put("edges", edges(plan.buckets()));
        }
        return new BoundSql(parts + BUCKETS.formatted(bucket, plan.withEnds() ? ENDS : ""), parameters);
    }

    /** The windows and samples themselves, series by series in the order of time. */
    static BoundSql pieces(Plan plan, List<SlotSeries> series) {
        Map<String, Object> parameters = range(plan.buckets(), series);
        StringBuilder sql = new StringBuilder(asked(plan.tier())).append(parts(plan, NO_SKETCH));
        if (plan.has(Aggregate.Kind.PERCENTILE)) {
            unsketched(sql, plan.tier());
        }
        if (plan.withNeighbours()) {
            Instant start = instant(plan.buckets().start());
            Instant end = instant(plan.buckets().end());
            Duration gap = Duration.ofNanos(plan.maxGapMicros() * 1_000);
            parameters.put("before", time(start.minus(gap)));
            parameters.put("behind", time(end.plus(gap)));
            neighbours(sql, Tier.RAW);
            plan.tier().windows().forEach(tier -> neighbours(sql, tier));
        }
        return new BoundSql(sql.append(" ORDER BY ord, at").toString(), parameters);
    }

    /** Up to {@code points + 1} samples of each series, series by series in the order of time. */
    static BoundSql samples(List<StoredSeries> series, Instant from, Instant to, long points) {
        Map<String, Object> parameters = new HashMap<>();
        parameters.put("from", time(from));
        parameters.put("to", time(to));
        parameters.put("more", points + 1);
        if (series.size() == 1) {
            parameters.put("id", series.getFirst().id());
            return new BoundSql(SAMPLES_OF_ONE, parameters);
        }
        parameters.put("ids", series.stream().mapToInt(StoredSeries::id).toArray());
        return new BoundSql(SAMPLES, parameters);
    }

    private static void unsketched(StringBuilder sql, Tier tier) {
        List<Tier> windows = tier.windows();
        for (int i = 0; i < windows.size(); i++) {
            Tier one = windows.get(i);
            if (one.hasPercentiles()) {
                sql.append(" UNION ALL ")
                        .append(UNSKETCHED.formatted(
                                i, i + 1, one.table(), one.window().toSeconds()));
            }
        }
    }

    private static void neighbours(StringBuilder sql, Tier tier) {
        boolean raw = tier == Tier.RAW;
        String time = raw ? "ts" : "start_at";
        sql.append(" UNION ALL ")
                .append(NEIGHBOUR.formatted(
                        tier.table(),
                        raw ? "value" : "last",
                        raw ? "ts" : "last_ts",
                        time + " < :from AND " + time + " >= :before",
                        time + " DESC",
                        NO_SKETCH))
                .append(" UNION ALL ")
                .append(NEIGHBOUR.formatted(
                        tier.table(),
                        raw ? "value" : "first",
                        raw ? "ts" : "first_ts",
                        time + " >= :to AND " + time + " <= :behind",
                        time,
                        NO_SKETCH));
    }

    private static String asked(Tier tier) {
        StringBuilder sql = new StringBuilder(ASKED);
        List<Tier> windows = tier.windows();
        for (int i = 0; i < windows.size(); i++) {
            Tier one = windows.get(i);
            sql.append(CLOSED.formatted(i, i + 1, one.table(), one.window().toSeconds()));
        }
        return sql.toString();
    }

    private static String parts(Plan plan, String noSketch) {
        StringBuilder sql = new StringBuilder();
        List<Tier> windows = plan.tier().windows();
        for (int i = 0; i < windows.size(); i++) {
            Tier one = windows.get(i);
            boolean sketches = plan.has(Aggregate.Kind.PERCENTILE) && one.hasPercentiles();
            String sketch = sketches ? ", w.sketch" : noSketch;
            sql.append((i == 0 ? OF_WINDOWS : OF_WINDOWS_BEHIND).formatted(i, i + 1, one.table(), sketch))
                    .append(" UNION ALL ");
        }
        return sql.append((windows.isEmpty() ? OF_SAMPLES : OF_SAMPLES_BEHIND).formatted(windows.size(), noSketch))
                .toString();
    }

    private static Map<String, Object> range(Buckets buckets, List<SlotSeries> series) {
        Map<String, Object> parameters = new HashMap<>();
        parameters.put("ids", series.stream().mapToInt(one -> one.series().id()).toArray());
        parameters.put("slots", series.stream().mapToInt(SlotSeries::slot).toArray());
        parameters.put("from", time(instant(buckets.start())));
        parameters.put("to", time(instant(buckets.end())));
        return parameters;
    }

    private static String edges(Buckets buckets) {
        StringBuilder text = new StringBuilder("{");
        for (int i = 0; i < buckets.size(); i++) {
            text.append(i == 0 ? "" : ",").append(instant(buckets.edge(i)));
        }
        return text.append('}').toString();
    }

    static OffsetDateTime time(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    static Instant instant(long micros) {
        return Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000), Math.floorMod(micros, 1_000_000) * 1_000);
    }
}
