package dev.heliograph.query.ledger;

import dev.heliograph.model.id.DeviceId;
import dev.heliograph.model.id.TenantId;
import dev.heliograph.model.reading.Micros;
import dev.heliograph.model.wire.LedgerClaimRecord;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads the ledger and the gaps of devices. */
public final class JdbcLedger {
    // Owed and not missing is in flight. One statement, one snapshot: the writer's offsets, what it saw and what is
    // claimed
    // belong together.
    private static final String LINES = """
            WITH owed AS (
                SELECT o.minute, o.owed,
                       CASE WHEN o.changed_at < now() - :bound * INTERVAL '1 millisecond' THEN o.owed
                            WHEN o.passed THEN o.owed_by_claim ELSE 0 END AS missing
                  FROM ledger_open o
                 WHERE o.tenant = :tenant AND o.minute >= :from AND o.minute < :to
            ), line AS (
                SELECT l.minute, l.received, l.stored, l.duplicate, l.quarantined, 0 AS in_flight, 0 AS missing, 0 AS unsure
                  FROM ledger l
                 WHERE l.tenant = :tenant AND l.minute >= :from AND l.minute < :to
                UNION ALL
                SELECT minute, 0, 0, 0, 0, owed - missing, missing, 0 FROM owed
                UNION ALL
                SELECT s.minute, 0, 0, 0, 0, 0, 0, s.unsure
                  FROM ledger_source s
                 WHERE s.tenant = :tenant AND s.minute >= :from AND s.minute < :to AND s.unsure > 0
            )
            """;
    private static final String SUMS = """
            coalesce(sum(received), 0), coalesce(sum(stored), 0), coalesce(sum(duplicate), 0),
            coalesce(sum(quarantined), 0), coalesce(sum(in_flight), 0), coalesce(sum(missing), 0), coalesce(sum(unsure), 0)
            """;
    private static final String TOTALS = LINES + "SELECT NULL, " + SUMS + " FROM line";
    private static final String BUCKETS = LINES
            + "SELECT date_bin(:bucket * INTERVAL '1 second', minute, TIMESTAMPTZ 'epoch') AS start, "
            + SUMS
            + " FROM line WHERE :before::timestamptz IS NULL OR"
            + " date_bin(:bucket * INTERVAL '1 second', minute, TIMESTAMPTZ 'epoch') < :before::timestamptz"
            + " GROUP BY 1 ORDER BY 1 DESC LIMIT :limit";
    private static final String IMBALANCES = """
            SELECT o.minute, o.source, o.instance, GREATEST(o.claimed, o.hinted) AS acknowledged, o.seen,
                   CASE WHEN o.changed_at < now() - :bound * INTERVAL '1 millisecond' THEN o.owed
                        ELSE o.owed_by_claim END AS missing,
                   ARRAY(SELECT jsonb_object_keys(s.positions) ORDER BY 1) AS places
              FROM ledger_open o
              JOIN ledger_source s ON s.tenant = o.tenant AND s.minute = o.minute AND s.source = o.source
             WHERE o.tenant = :tenant AND o.minute >= :from AND o.minute < :to
               AND (o.changed_at < now() - :bound * INTERVAL '1 millisecond' OR o.passed AND o.owed_by_claim > 0)
             ORDER BY o.minute, o.source LIMIT :most
            """;
    private static final String GAPS = """
            SELECT device, missing, filled, resets, jumps, highest, highest_ts, gaps
              FROM device_sequence
             WHERE tenant = :tenant
            """;
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final int MOST_IMBALANCES = 100;
    private static final int GAP_FIELDS = 5;

    /** A range of whole minutes, the start inclusive, the end exclusive. */
    record Range(Instant from, Instant to) {}

    private final JdbcClient jdbc;
    private final Duration inFlightBound;

    public JdbcLedger(JdbcClient jdbc, Duration inFlightBound) {
        this.jdbc = jdbc;
        this.inFlightBound = inFlightBound;
    }

    LedgerAnswer.Counts totals(TenantId tenant, Range range) {
        return jdbc.sql(TOTALS)
                .params(parameters(tenant, range))
                .query((row, number) -> counts(row))
                .single();
    }

    List<LedgerAnswer.Item> buckets(
            TenantId tenant, Range range, Duration bucket, int limit, @Nullable Instant before) {
        Map<String, @Nullable Object> parameters = parameters(tenant, range);
        parameters.put("bucket", bucket.toSeconds());
        parameters.put("limit", limit);
        parameters.put("before", before == null ? null : utc(before));
        return jdbc.sql(BUCKETS)
                .params(parameters)
                .query((row, number) -> new LedgerAnswer.Item(time(row, 1), counts(row)))
                .list();
    }

    /** The minutes from the one that holds {@code from} to the one that holds {@code to}, newest first. */
    public List<LedgerAnswer.Item> minutes(TenantId tenant, Instant from, Instant to) {
        Instant first = from.truncatedTo(ChronoUnit.MINUTES);
        Instant end = to.truncatedTo(ChronoUnit.MINUTES).plus(MINUTE);
        int most = Math.toIntExact(Duration.between(first, end).toMinutes());
        return buckets(tenant, new Range(first, end), MINUTE, most, null);
    }

    List<LedgerAnswer.Imbalance> imbalances(TenantId tenant, Range range) {
        Map<String, @Nullable Object> parameters = parameters(tenant, range);
        parameters.put("most", MOST_IMBALANCES);
        return jdbc.sql(IMBALANCES)
                .params(parameters)
                .query((row, number) -> new LedgerAnswer.Imbalance(
                        time(row, 1),
                        LedgerClaimRecord.text(row.getLong("source")),
                        row.getString("instance"),
                        row.getLong("acknowledged"),
                        row.getLong("seen"),
                        row.getLong("missing"),
                        List.of((String[]) row.getArray("places").getArray())))
                .list();
    }

    List<GapsPage.Item> gaps(TenantId tenant, @Nullable DeviceId device, int limit, @Nullable String after) {
        Map<String, @Nullable Object> parameters = new HashMap<>();
        parameters.put("tenant", tenant.value());
        parameters.put("limit", limit);
        String where = "";
        if (device == null) {
            where += " AND missing > 0";
        } else {
            where += " AND device = :device";
            parameters.put("device", device.value());
        }
        if (after != null) {
            where += " AND device > :after";
            parameters.put("after", after);
        }
        return jdbc.sql(GAPS + where + " ORDER BY device LIMIT :limit")
                .params(parameters)
                .query((row, number) -> new GapsPage.Item(
                        row.getString("device"),
                        row.getLong("missing"),
                        row.getLong("filled"),
                        row.getLong("resets"),
                        row.getLong("jumps"),
                        row.getLong("highest"),
                        time(row, 7),
                        gaps(row.getArray("gaps"))))
                .list();
    }

    private Map<String, @Nullable Object> parameters(TenantId tenant, Range range) {
        Map<String, @Nullable Object> parameters = new HashMap<>();
        parameters.put("tenant", tenant.value());
        parameters.put("from", utc(range.from()));
        parameters.put("to", utc(range.to()));
        parameters.put("bound", inFlightBound.toMillis());
        return parameters;
    }

    private static LedgerAnswer.Counts counts(ResultSet row) throws SQLException {
        return LedgerAnswer.Counts.of(
                row.getLong(2),
                row.getLong(3),
                row.getLong(4),
                row.getLong(5),
                row.getLong(6),
                row.getLong(7),
                row.getLong(8));
    }

    private static List<GapsPage.Gap> gaps(Array stored) throws SQLException {
        Long[] fields = (Long[]) stored.getArray();
        List<GapsPage.Gap> gaps = new ArrayList<>(fields.length / GAP_FIELDS);
        for (int at = fields.length - GAP_FIELDS; at >= 0; at -= GAP_FIELDS) {
            long from = fields[at + 1];
            long to = fields[at + 2];
            gaps.add(new GapsPage.Gap(
                    from, to, to - from + 1, Micros.toInstant(fields[at + 3]), Micros.toInstant(fields[at + 4])));
        }
        return gaps;
    }

    private static Instant time(ResultSet row, int column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static OffsetDateTime utc(Instant time) {
        return time.atOffset(ZoneOffset.UTC);
    }
}
