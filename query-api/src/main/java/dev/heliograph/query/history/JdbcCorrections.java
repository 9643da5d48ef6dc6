package dev.heliograph.query.history;

import dev.heliograph.model.id.TenantId;
import dev.heliograph.model.reading.Micros;
import dev.heliograph.model.wire.CorrectionRecord;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table {@code correction}, and what a correction would touch. */
final class JdbcCorrections {
    private static final String INSERT = """
            INSERT INTO correction (id, tenant, device, metric, action, from_at, to_at, value, points, reason, requested_by,
                                    requested_at, status)
            VALUES (:id, :tenant, :device, :metric, :action, :from, :to, :value, :points, :reason, :actor, :at, 'accepted')
            """;
    private static final String FIND = """
            SELECT c.*, (SELECT count(*) FROM window_repair r
                          WHERE r.source_partition = c.source_partition AND r.source_offset = c.source_offset
                            AND r.due_at <= now() AND r.series_id IN (SELECT g.series_id FROM correction_range g WHERE g.correction = c.id))
                        AS windows_pending
              FROM correction c WHERE c.tenant = :tenant AND c.id = :id
            """;
    private static final String COUNT = """
            SELECT s.metric,
                   (SELECT count(*) FROM (SELECT 1 FROM measurement m WHERE m.series_id = s.id AND m.ts >= :from
                                             AND m.ts < :to LIMIT :more) AS numbers)
                   + (SELECT count(*) FROM (SELECT 1 FROM state_change c WHERE c.series_id = s.id AND c.ts >= :from
                                               AND c.ts < :to LIMIT :more) AS texts)
              FROM series s
             WHERE s.tenant = :tenant AND s.device = :device AND (:metric::text IS NULL OR s.metric = :metric::text)
             ORDER BY s.metric
            """;

    private final JdbcClient jdbc;
    private final JdbcClient heavy;

    /** @param heavy for counting */
    JdbcCorrections(JdbcClient jdbc, JdbcClient heavy) {
        this.jdbc = jdbc;
        this.heavy = heavy;
    }

    void insert(TenantId tenant, CorrectionRecord correction) {
        List<CorrectionRecord.Point> points = correction.points();
        jdbc.sql(INSERT)
                .param("id", UUID.fromString(correction.correction()))
                .param("tenant", tenant.value())
                .param("device", correction.device())
                .param("metric", correction.metric())
                .param("action", correction.action())
                .param("from", time(correction.from()))
                .param("to", time(correction.to()))
                .param("value", correction.value())
                .param("points", points == null ? 0 : points.size())
                .param("reason", correction.reason())
                .param("actor", correction.actor())
                .param("at", time(correction.requestedAt()))
                .update();
    }

    Optional<Correction> find(TenantId tenant, UUID id) {
        return jdbc.sql(FIND)
                .param("tenant", tenant.value())
                .param("id", id)
                .query((row, number) -> correction(row))
                .optional();
    }

    /** Samples in the range by metric; none is counted further than {@code most + 1} of each kind. */
    List<CorrectionAnswer.TouchedSeries> count(
            TenantId tenant, String device, @Nullable String metric, Instant from, Instant to, long most) {
        return heavy.sql(COUNT)
                .param("tenant", tenant.value())
                .param("device", device)
                .param("metric", metric)
                .param("from", from.atOffset(ZoneOffset.UTC))
                .param("to", to.atOffset(ZoneOffset.UTC))
                .param("more", most + 1)
                .query((row, number) -> new CorrectionAnswer.TouchedSeries(row.getString(1), row.getLong(2)))
                .list();
    }

    private static OffsetDateTime time(long micros) {
        return Micros.toInstant(micros).atOffset(ZoneOffset.UTC);
    }

    private static Correction correction(ResultSet row) throws SQLException {
        double value = row.getDouble("value");
        Double valueOrNull = row.wasNull() ? null : Double.valueOf(value);
        return new Correction(
                row.getObject("id", UUID.class),
                row.getString("device"),
                row.getString("metric"),
                row.getString("action"),
                Micros.toInstant(micros(row, "from_at")),
                Micros.toInstant(micros(row, "to_at")),
                valueOrNull,
                row.getInt("points"),
                row.getString("reason"),
                row.getString("requested_by"),
                Micros.toInstant(micros(row, "requested_at")),
                row.getString("status"),
                instantOrNull(row, "applied_before"),
                new Correction.HeldSamples(row.getLong("before_rows"), row.getString("before_fingerprint")),
                new Correction.HeldSamples(row.getLong("after_rows"), row.getString("after_fingerprint")),
                row.getLong("windows"),
                row.getLong("windows_pending"),
                row.getString("failure"),
                instantOrNull(row, "finished_at"));
    }

    private static long micros(ResultSet row, String column) throws SQLException {
        return Micros.of(row.getObject(column, OffsetDateTime.class).toInstant());
    }

    private static @Nullable Instant instantOrNull(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
