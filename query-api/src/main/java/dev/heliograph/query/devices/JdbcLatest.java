package dev.heliograph.query.devices;

import dev.heliograph.model.id.DeviceId;
import dev.heliograph.model.id.TenantId;
import dev.heliograph.query.devices.LatestSamples.Sample;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads the newest samples. */
public final class JdbcLatest {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final String LATEST = """
        SELECT s.metric, m.unit, m.kind, l.value, l.text, l.ts, l.received_at, l.stored_at,
               COALESCE(s.metric = ANY(p.silent_metrics), false) AS silent
          FROM series s
          JOIN latest l ON l.series_id = s.id
          LEFT JOIN presence p ON p.tenant = s.tenant AND p.device = s.device
          LEFT JOIN metric m ON m.tenant = s.tenant AND m.name = s.metric
         WHERE s.tenant = :tenant AND s.device = :device
         ORDER BY s.metric
        """;

    private final JdbcClient jdbc;

    public JdbcLatest(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** The newest sample of each metric of a device, with ages at {@code now}. */
    List<Sample> of(TenantId tenant, DeviceId device, Instant now) {
        return jdbc.sql(LATEST)
                .param("tenant", tenant.value())
                .param("device", device.value())
                .query((row, number) -> sample(row, now))
                .list();
    }

    private static Sample sample(ResultSet row, Instant now) throws SQLException {
        Instant time = time(row, "ts");
        Double value = row.getObject("value", Double.class);
        String kind = row.getString("kind");
        return new Sample(
                row.getString("metric"),
                row.getString("unit"),
                kind != null ? kind : value == null ? "state" : "number",
                value,
                row.getString("text"),
                time,
                time(row, "received_at"),
                time(row, "stored_at"),
                row.getBoolean("silent"),
                Duration.between(time, now).toNanos() / NANOS_PER_SECOND);
    }

    private static Instant time(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}
