package dev.heliograph.query.devices;

import dev.heliograph.model.id.DeviceId;
import dev.heliograph.model.id.TenantId;
import dev.heliograph.query.devices.Device.Presence;
import dev.heliograph.query.devices.LatestSamples.Sample;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Reads the newest samples. What every wall display asks for once a second is one statement: the device, its presence and the
 * newest sample of each of its series.
 */
public final class JdbcLatest {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final String LATEST = """
        SELECT s.metric, m.unit, m.kind, l.value, l.text, l.ts, l.received_at, l.stored_at,
               COALESCE(p.state, 'unknown') AS state, COALESCE(p.since, d.created_at) AS since,
               p.last_seen, p.last_sample_ts, p.connected, p.silent_metrics
          FROM device d
          LEFT JOIN presence p ON p.tenant = d.tenant AND p.device = d.id
          LEFT JOIN (series s JOIN latest l ON l.series_id = s.id) ON s.tenant = d.tenant AND s.device = d.id
          LEFT JOIN metric m ON m.tenant = s.tenant AND m.name = s.metric
         WHERE d.tenant = :tenant AND d.id = :device
         ORDER BY s.metric
        """;

    private final JdbcClient jdbc;

    public JdbcLatest(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** The newest sample of each metric of a device, with ages at {@code now}; empty where there is no such device. */
    Optional<LatestSamples> find(TenantId tenant, DeviceId device, Instant now) {
        Gathered gathered = new Gathered(now);
        jdbc.sql(LATEST)
                .param("tenant", tenant.value())
                .param("device", device.value())
                .query(gathered::row);
        Presence presence = gathered.presence;
        return presence == null
                ? Optional.empty()
                : Optional.of(new LatestSamples(device.value(), now, gathered.samples, presence));
    }

    /** Presence is told when it changes and now and then besides; the newest samples say when the device was last heard. */
    private static final class Gathered {
        private final Instant now;
        private final List<Sample> samples = new ArrayList<>();
        private @Nullable Presence presence;

        Gathered(Instant now) {
            this.now = now;
        }

        void row(ResultSet row) throws SQLException {
            Presence known = presence == null ? presence(row) : presence;
            if (row.getString("metric") != null) {
                Sample sample = sample(row, known.silentMetrics(), now);
                samples.add(sample);
                known = new Presence(
                        known.state(),
                        known.since(),
                        later(known.lastSeen(), sample.receivedAt()),
                        later(known.lastSampleTime(), sample.time()),
                        known.connected(),
                        known.silentMetrics());
            }
            presence = known;
        }
    }

    private static Presence presence(ResultSet row) throws SQLException {
        Array silent = row.getArray("silent_metrics");
        return new Presence(
                row.getString("state"),
                time(row, "since"),
                optional(row, "last_seen"),
                optional(row, "last_sample_ts"),
                row.getObject("connected", Boolean.class),
                silent == null ? List.of() : List.of((String[]) silent.getArray()));
    }

    private static Sample sample(ResultSet row, List<String> silent, Instant now) throws SQLException {
        Instant time = time(row, "ts");
        Double value = row.getObject("value", Double.class);
        String kind = row.getString("kind");
        String metric = row.getString("metric");
        return new Sample(
                metric,
                row.getString("unit"),
                kind != null ? kind : value == null ? "state" : "number",
                value,
                row.getString("text"),
                time,
                time(row, "received_at"),
                time(row, "stored_at"),
                silent.contains(metric),
                Duration.between(time, now).toNanos() / NANOS_PER_SECOND);
    }

    private static Instant later(@Nullable Instant known, Instant other) {
        return known == null || other.isAfter(known) ? other : known;
    }

    private static Instant time(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static @Nullable Instant optional(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
