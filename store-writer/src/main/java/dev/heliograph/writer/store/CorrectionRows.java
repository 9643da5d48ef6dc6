package dev.heliograph.writer.store;

import dev.heliograph.model.wire.CorrectionRecord;
import dev.heliograph.writer.plan.CorrectionStep;
import dev.heliograph.writer.plan.WindowSize;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Applies a correction step by step: each step is a slice of time with a bounded number of samples, in a transaction of its
 * own, together with how far it has come. A crash between two steps continues; one within a step repeats it.
 *
 * <p>A slice ends at a full hour, so that every window that it touches can be made anew from what is stored then.
 */
final class CorrectionRows {
    /** Samples that a step looks at, all series together; up to an hour more to the end of the hour. */
    static final int SAMPLES_AT_ONCE = 20_000;

    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final long HOUR_MICROS = WindowSize.ONE_HOUR.micros();
    /** A slice without samples may still have windows, one every ten seconds. */
    private static final long LONGEST_SLICE_MICROS = 24 * HOUR_MICROS;

    private static final int LEAST_SAMPLES_OF_A_SERIES = 500;

    private static final String TIME = "(timestamptz 'epoch' + ?::bigint * interval '1 microsecond')";
    private static final String BEGIN = """
            INSERT INTO correction AS c (id, tenant, device, metric, action, from_at, to_at, value, points, reason,
                                         requested_by, requested_at, status, applied_by, source_partition, source_offset,
                                         applied_before)
            VALUES (?, ?, ?, ?, ?, %1$s, %1$s, ?, ?, ?, ?, %1$s, 'applying', ?, ?, ?, %1$s)
            ON CONFLICT (id) DO UPDATE
            SET status = 'applying', applied_by = excluded.applied_by, source_partition = excluded.source_partition,
                source_offset = excluded.source_offset, applied_before = excluded.applied_before, before_rows = 0,
                before_fingerprint = 0, after_rows = 0, after_fingerprint = 0, windows = 0, failure = NULL,
                finished_at = NULL
            WHERE c.status <> 'applying' OR c.applied_by <> excluded.applied_by
               OR c.source_partition <> excluded.source_partition OR c.source_offset <> excluded.source_offset
            """.formatted(TIME);
    private static final String APPLIED_BEFORE =
            "SELECT (extract(epoch FROM applied_before) * 1000000)::bigint FROM correction WHERE id = ? FOR UPDATE";
    private static final String SERIES =
            "SELECT id, metric FROM series WHERE tenant = ? AND device = ? AND (?::text IS NULL OR metric = ?) ORDER BY id";
    private static final String MARK = """
            INSERT INTO correction_range (series_id, correction, from_at, to_at, source_partition, source_offset)
            SELECT u.id, ?, %1$s, %1$s, ?, ? FROM unnest(?::int[]) AS u(id)
            ON CONFLICT (series_id, correction) DO UPDATE
            SET source_partition = excluded.source_partition, source_offset = excluded.source_offset
            """.formatted(TIME);
    /** The first time at which there is anything, and the time of the so-and-so-manieth sample of the fullest series. */
    private static final String NEXT = """
            SELECT (extract(epoch FROM least(min(f.raw), min(f.text), min(f.w10s), min(f.w1m), min(f.w1h)))
                    * 1000000)::bigint
            FROM unnest(?::int[]) AS s(id)
            CROSS JOIN LATERAL (
                SELECT (SELECT min(ts) FROM measurement WHERE series_id = s.id AND ts >= b.lo AND ts < b.hi) AS raw,
                       (SELECT min(ts) FROM state_change WHERE series_id = s.id AND ts >= b.lo AND ts < b.hi) AS text,
                       (SELECT min(start_at) FROM window_10s
                         WHERE series_id = s.id AND start_at >= b.lo AND start_at < b.hi) AS w10s,
                       (SELECT min(start_at) FROM window_1m
                         WHERE series_id = s.id AND start_at >= b.lo AND start_at < b.hi) AS w1m,
                       (SELECT min(start_at) FROM window_1h
                         WHERE series_id = s.id AND start_at >= b.lo AND start_at < b.hi) AS w1h
                FROM (SELECT %1$s AS lo, %1$s AS hi) AS b) AS f
            """.formatted(TIME);

    private static final String FULL_AT = """
            SELECT (extract(epoch FROM min(f.last)) * 1000000)::bigint
            FROM unnest(?::int[]) AS s(id)
            CROSS JOIN (SELECT %1$s AS lo, %1$s AS hi, ?::int AS most) AS b
            CROSS JOIN LATERAL (
                SELECT max(q.ts) AS last, count(*) AS n
                FROM (SELECT ts FROM (
                          (SELECT ts FROM measurement WHERE series_id = s.id AND ts >= b.lo AND ts < b.hi
                            ORDER BY ts LIMIT b.most)
                          UNION ALL
                          (SELECT ts FROM state_change WHERE series_id = s.id AND ts >= b.lo AND ts < b.hi
                            ORDER BY ts LIMIT b.most)) AS both_kinds
                      ORDER BY ts LIMIT b.most) AS q) AS f
            WHERE f.n = b.most
            """.formatted(TIME);
    private static final String FINGERPRINT = """
            SELECT count(*), coalesce(mod(sum((('x' || substr(md5(s.metric || ',' || m.at || ',' || m.value), 1, 16))
                                               ::bit(64)::bigint)::numeric), 18446744073709551616), 0)
            FROM (SELECT series_id, (extract(epoch FROM ts) * 1000000)::bigint AS at, value::text AS value
                  FROM measurement WHERE series_id = ANY (?::int[]) AND ts >= %1$s AND ts < %1$s
                  UNION ALL
                  SELECT series_id, (extract(epoch FROM ts) * 1000000)::bigint, value
                  FROM state_change WHERE series_id = ANY (?::int[]) AND ts >= %1$s AND ts < %1$s) AS m
            JOIN series s ON s.id = m.series_id
            """.formatted(TIME);
    private static final String IN_SLICE =
            " WHERE series_id = ANY (?::int[]) AND ts >= %1$s AND ts < %1$s".formatted(TIME);
    private static final String SET_POINTS = """
            INSERT INTO measurement (series_id, ts, value, received_at)
            SELECT ?, timestamptz 'epoch' + u.ts * interval '1 microsecond', u.value, %1$s
            FROM unnest(?::bigint[], ?::float8[]) AS u(ts, value)
            ON CONFLICT (series_id, ts) DO UPDATE SET value = excluded.value
            """.formatted(TIME);
    /**
     * Takes windows away. Those that still have samples are made anew by the way of repairs, so many in a transaction, and go
     * on counting their revisions where they were: whoever knows the old one must be able to tell that the new one is newer.
     */
    private static final String RENEW_WINDOWS = """
            WITH dropped AS (
                DELETE FROM %2$s WHERE series_id = ANY (?::int[]) AND start_at >= %1$s AND start_at < %1$s
                RETURNING series_id, start_at, revision
            ), asked AS (
                INSERT INTO window_repair AS r (series_id, size, start_at, source_partition, source_offset, least_revision)
                SELECT s.series_id, ?, s.start_at, ?::int, ?::bigint, coalesce(d.revision, 0) + 1
                FROM (SELECT DISTINCT series_id, date_bin('%3$d seconds', ts, timestamptz 'epoch') AS start_at
                      FROM measurement WHERE series_id = ANY (?::int[]) AND ts >= %1$s AND ts < %1$s) AS s
                LEFT JOIN dropped d ON d.series_id = s.series_id AND d.start_at = s.start_at
                ORDER BY s.series_id, s.start_at
                ON CONFLICT (series_id, size, start_at) DO UPDATE
                SET source_partition = excluded.source_partition,
                    source_offset = greatest(r.source_offset, excluded.source_offset), due_at = excluded.due_at,
                    least_revision = greatest(r.least_revision, excluded.least_revision)
                RETURNING 1
            )
            SELECT (SELECT count(*) FROM dropped), (SELECT count(*) FROM asked)
            """;

    private static final String PROGRESS = """
            UPDATE correction
            SET applied_before = %1$s, before_rows = before_rows + ?,
                before_fingerprint = mod(before_fingerprint + ?, 18446744073709551616), after_rows = after_rows + ?,
                after_fingerprint = mod(after_fingerprint + ?, 18446744073709551616), windows = windows + ?
            WHERE id = ?
            """.formatted(TIME);
    private static final String DROP_LATEST = "DELETE FROM latest" + IN_SLICE;
    private static final String FIND_LATEST = """
            INSERT INTO latest (series_id, ts, value, text, received_at)
            SELECT s.id, n.ts, n.value, n.text, n.received_at
            FROM unnest(?::int[]) AS s(id)
            CROSS JOIN LATERAL (
                SELECT ts, value, text, received_at
                FROM ((SELECT ts, value, NULL AS text, received_at FROM measurement WHERE series_id = s.id
                        ORDER BY ts DESC LIMIT 1)
                      UNION ALL
                      (SELECT ts, NULL, value, received_at FROM state_change WHERE series_id = s.id
                        ORDER BY ts DESC LIMIT 1)) AS both_kinds
                ORDER BY ts DESC LIMIT 1) AS n
            ON CONFLICT (series_id) DO UPDATE
            SET ts = excluded.ts, value = excluded.value, text = excluded.text, received_at = excluded.received_at
            WHERE excluded.ts >= latest.ts
            """;
    private static final String FINISH =
            "UPDATE correction SET status = ?, failure = ?, finished_at = clock_timestamp() WHERE id = ?";
    /** No window of the topic is as old as this: the topic is kept for less. */
    private static final String FORGET_RANGES = """
            DELETE FROM correction_range r USING correction c
            WHERE r.series_id = ANY (?::int[]) AND c.id = r.correction AND c.finished_at < now() - interval '60 days'
            """;

    private static final String AUDIT = """
            INSERT INTO audit (tenant, actor, action, target, detail)
            SELECT c.tenant, c.requested_by, CASE c.action WHEN 'delete' THEN 'data.delete' ELSE 'data.correct' END, c.device,
                   jsonb_build_object('correction', c.id, 'status', c.status, 'action', c.action, 'metric', c.metric,
                                      'from', c.from_at, 'to', c.to_at, 'value', c.value, 'points', c.points,
                                      'reason', c.reason, 'beforeRows', c.before_rows, 'afterRows', c.after_rows,
                                      'beforeFingerprint', c.before_fingerprint::text,
                                      'afterFingerprint', c.after_fingerprint::text, 'windows', c.windows)
            FROM correction c
            WHERE c.id = ? AND NOT EXISTS (
                SELECT 1 FROM audit a WHERE a.tenant = c.tenant AND a.action IN ('data.delete', 'data.correct')
                   AND a.detail ->> 'correction' = c.id::text)
            """;

    private record Fingerprint(long rows, BigDecimal sum) {}

    private final String consumer;
    private final RevisionNotices notices;

    CorrectionRows(String consumer, RevisionNotices notices) {
        this.consumer = consumer;
        this.notices = notices;
    }

    /**
     * Does the next step.
     *
     * @return whether it was the last
     */
    boolean step(Connection connection, CorrectionStep step) throws SQLException {
        begin(connection, step);
        int[] series = series(connection, step);
        long cursor = appliedBefore(connection, step);
        if (cursor == step.correction().from()) {
            mark(connection, step, series);
        }
        Slice slice = nextSlice(connection, step.correction(), series, cursor);
        if (!slice.isEmpty()) {
            apply(connection, step, series, slice);
        }
        if (slice.end() < step.correction().to()) {
            return false;
        }
        refreshLatest(connection, step, series);
        finish(connection, step, series, "done", null);
        return true;
    }

    /** Gives a correction up that the database refuses; what earlier steps did stays and is told. */
    void fail(Connection connection, CorrectionStep step, String why) throws SQLException {
        begin(connection, step);
        int[] series = series(connection, step);
        refreshLatest(connection, step, series);
        finish(connection, step, series, "failed", why);
    }

    /** A part of the range, {@code start} inclusive to {@code end} exclusive, µs since the epoch. */
    private record Slice(long start, long end) {
        boolean isEmpty() {
            return start >= end;
        }
    }

    private void begin(Connection connection, CorrectionStep step) throws SQLException {
        CorrectionRecord correction = step.correction();
        List<CorrectionRecord.Point> points = correction.points();
        try (PreparedStatement begin = connection.prepareStatement(BEGIN)) {
            new Binding(begin)
                    .object(step.id())
                    .text(correction.tenant())
                    .text(correction.device())
                    .text(correction.metric())
                    .text(correction.action())
                    .number(correction.from())
                    .number(correction.to())
                    .object(correction.value())
                    .object(points == null ? 0 : points.size())
                    .text(correction.reason())
                    .text(correction.actor())
                    .number(correction.requestedAt())
                    .text(consumer)
                    .object(step.place().partition())
                    .number(step.offset())
                    .number(correction.from())
                    .update();
        }
    }

    private static long appliedBefore(Connection connection, CorrectionStep step) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(APPLIED_BEFORE)) {
            new Binding(query).object(step.id());
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    private static int[] series(Connection connection, CorrectionStep step) throws SQLException {
        CorrectionRecord correction = step.correction();
        List<Integer> ids = new ArrayList<>();
        try (PreparedStatement query = connection.prepareStatement(SERIES)) {
            new Binding(query)
                    .text(correction.tenant())
                    .text(correction.device())
                    .text(correction.metric())
                    .text(correction.metric());
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    ids.add(row.getInt(1));
                }
            }
        }
        return ids.stream().mapToInt(Integer::intValue).toArray();
    }

    private static void mark(Connection connection, CorrectionStep step, int[] series) throws SQLException {
        try (PreparedStatement mark = connection.prepareStatement(MARK)) {
            new Binding(mark)
                    .object(step.id())
                    .number(step.correction().from())
                    .number(step.correction().to())
                    .object(step.place().partition())
                    .number(step.offset())
                    .object(series)
                    .update();
        }
    }

    /** From the first thing that is there to a full hour, with about so many samples; empty and at the end where nothing is. */
    private static Slice nextSlice(Connection connection, CorrectionRecord correction, int[] series, long cursor)
            throws SQLException {
        long to = correction.to();
        List<CorrectionRecord.Point> points = correction.points();
        if (points != null) {
            return new Slice(cursor, to); // few, whatever is there
        }
        // What begins before the range may reach into it: a window of up to an hour.
        Long first = number(connection, NEXT, series, floorHour(cursor), to, null);
        if (first == null || series.length == 0) {
            return new Slice(to, to);
        }
        long start = Math.max(cursor, floorHour(first));
        long most = Math.min(to, floorHour(start) + LONGEST_SLICE_MICROS);
        int samples = Math.max(LEAST_SAMPLES_OF_A_SERIES, SAMPLES_AT_ONCE / series.length);
        Long full = number(connection, FULL_AT, series, start, most, samples);
        return new Slice(start, full == null ? most : Math.min(most, floorHour(full) + HOUR_MICROS));
    }

    private static long floorHour(long micros) {
        return WindowSize.ONE_HOUR.startOf(micros);
    }

    private static @Nullable Long number(
            Connection connection, String sql, int[] series, long from, long to, @Nullable Integer most)
            throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            Binding binding = new Binding(query).object(series).number(from).number(to);
            if (most != null) {
                binding.object(most);
            }
            try (ResultSet row = query.executeQuery()) {
                row.next();
                long found = row.getLong(1);
                return row.wasNull() ? null : found;
            }
        }
    }

    private void apply(Connection connection, CorrectionStep step, int[] series, Slice slice) throws SQLException {
        Fingerprint before = fingerprint(connection, series, slice);
        change(connection, step.correction(), series, slice);
        Fingerprint after = fingerprint(connection, series, slice);
        long windows = 0;
        for (WindowSize size : WindowSize.values()) {
            windows += renewWindows(connection, step, size, series, slice);
        }
        try (PreparedStatement progress = connection.prepareStatement(PROGRESS)) {
            new Binding(progress)
                    .number(slice.end())
                    .number(before.rows())
                    .object(before.sum())
                    .number(after.rows())
                    .object(after.sum())
                    .number(windows)
                    .object(step.id())
                    .update();
        }
        notices.ofRange(connection, series, slice.start(), slice.end());
    }

    private static Fingerprint fingerprint(Connection connection, int[] series, Slice slice) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(FINGERPRINT)) {
            new Binding(query)
                    .object(series)
                    .number(slice.start())
                    .number(slice.end())
                    .object(series)
                    .number(slice.start())
                    .number(slice.end());
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return new Fingerprint(row.getLong(1), row.getBigDecimal(2));
            }
        }
    }

    private static void change(Connection connection, CorrectionRecord correction, int[] series, Slice slice)
            throws SQLException {
        switch (correction.action()) {
            case "delete" -> {
                update(connection, "DELETE FROM measurement" + IN_SLICE, null, series, slice);
                update(connection, "DELETE FROM state_change" + IN_SLICE, null, series, slice);
            }
            case "set" ->
                update(
                        connection,
                        "UPDATE measurement SET value = ?::float8" + IN_SLICE,
                        correction.value(),
                        series,
                        slice);
            case "offset" ->
                update(
                        connection,
                        "UPDATE measurement SET value = value + ?::float8" + IN_SLICE,
                        correction.value(),
                        series,
                        slice);
            case "scale" ->
                update(
                        connection,
                        "UPDATE measurement SET value = value * ?::float8" + IN_SLICE,
                        correction.value(),
                        series,
                        slice);
            case "points" -> setPoints(connection, correction, series);
            default -> throw new IllegalStateException("no such action: " + correction.action());
        }
    }

    private static void update(Connection connection, String sql, @Nullable Double value, int[] series, Slice slice)
            throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            Binding binding = new Binding(update);
            if (value != null) {
                binding.object(value);
            }
            binding.object(series).number(slice.start()).number(slice.end()).update();
        }
    }

    private static void setPoints(Connection connection, CorrectionRecord correction, int[] series)
            throws SQLException {
        List<CorrectionRecord.Point> points = correction.points();
        if (points == null || series.length != 1) {
            return; // a metric of which nothing is stored has nothing to correct
        }
        try (PreparedStatement set = connection.prepareStatement(SET_POINTS)) {
            new Binding(set)
                    .object(series[0])
                    .number(correction.requestedAt())
                    .object(points.stream()
                            .mapToLong(CorrectionRecord.Point::ts)
                            .toArray())
                    .object(points.stream()
                            .mapToDouble(CorrectionRecord.Point::value)
                            .toArray())
                    .update();
        }
    }

    /** Takes away the windows that touch the slice, and asks for those of which samples are left. */
    private static long renewWindows(
            Connection connection, CorrectionStep step, WindowSize size, int[] series, Slice slice)
            throws SQLException {
        long first = size.startOf(slice.start());
        long last = size.startOf(slice.end() - 1) + size.micros();
        String sql = RENEW_WINDOWS.formatted(TIME, size.table(), size.micros() / MICROS_PER_SECOND);
        try (PreparedStatement renew = connection.prepareStatement(sql)) {
            new Binding(renew)
                    .object(series)
                    .number(first)
                    .number(last)
                    .text(size.text())
                    .object(step.place().partition())
                    .number(step.offset())
                    .object(series)
                    .number(first)
                    .number(last);
            try (ResultSet row = renew.executeQuery()) {
                row.next();
                return Math.max(row.getLong(1), row.getLong(2));
            }
        }
    }

    private static void refreshLatest(Connection connection, CorrectionStep step, int[] series) throws SQLException {
        CorrectionRecord correction = step.correction();
        update(connection, DROP_LATEST, null, series, new Slice(correction.from(), correction.to()));
        try (PreparedStatement find = connection.prepareStatement(FIND_LATEST)) {
            new Binding(find).object(series).update();
        }
    }

    private static void finish(
            Connection connection, CorrectionStep step, int[] series, String status, @Nullable String failure)
            throws SQLException {
        try (PreparedStatement finish = connection.prepareStatement(FINISH)) {
            new Binding(finish).text(status).text(failure).object(step.id()).update();
        }
        try (PreparedStatement forget = connection.prepareStatement(FORGET_RANGES)) {
            new Binding(forget).object(series).update();
        }
        try (PreparedStatement audit = connection.prepareStatement(AUDIT)) {
            new Binding(audit).object(step.id()).update();
        }
    }

    /** Binds parameters in their order. */
    private static final class Binding {
        private final PreparedStatement statement;
        private int next = 1;

        Binding(PreparedStatement statement) {
            this.statement = statement;
        }

        Binding object(@Nullable Object value) throws SQLException {
            if (value == null) {
                statement.setNull(next++, Types.DOUBLE);
            } else {
                statement.setObject(next++, value);
            }
            return this;
        }

        Binding text(@Nullable String value) throws SQLException {
            statement.setString(next++, value);
            return this;
        }

        Binding number(long value) throws SQLException {
            statement.setLong(next++, value);
            return this;
        }

        int update() throws SQLException {
            return statement.executeUpdate();
        }
    }
}
