package dev.heliograph.query.metrics;

import dev.heliograph.model.id.MetricName;
import dev.heliograph.model.id.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The catalogue of metrics in the store. */
public final class JdbcMetrics {
    private static final int MOST = 10_000;
    private static final String LIST = """
            SELECT m.name, m.unit, m.kind, m.description, COALESCE(s.series, 0) AS series, r.min, r.max, r.first_ts, s.last_ts
              FROM metric m
              LEFT JOIN (SELECT one.metric, count(*) AS series, max(l.ts) AS last_ts
                           FROM series one LEFT JOIN latest l ON l.series_id = one.id
                          WHERE one.tenant = :tenant GROUP BY one.metric) s
                     ON s.metric = m.name
              LEFT JOIN metric_range r ON r.tenant = m.tenant AND r.metric = m.name
             WHERE m.tenant = :tenant
             ORDER BY m.name LIMIT :most
            """;
    private static final String FIND = """
            SELECT m.name, m.unit, m.kind, m.description, s.series, r.min, r.max, r.first_ts, s.last_ts
              FROM metric m
              LEFT JOIN metric_range r ON r.tenant = m.tenant AND r.metric = m.name
             CROSS JOIN LATERAL (SELECT count(*) AS series, max(l.ts) AS last_ts
                                   FROM series one LEFT JOIN latest l ON l.series_id = one.id
                                  WHERE one.tenant = m.tenant AND one.metric = m.name) s
             WHERE m.tenant = :tenant AND m.name = :name
            """;
    private static final String PUT = """
            INSERT INTO metric (tenant, name, unit, unit_source, kind, description)
            VALUES (:tenant, :name, :unit, 'person', COALESCE(:kind::text, 'number'), :description)
            ON CONFLICT (tenant, name) DO UPDATE
               SET unit = excluded.unit, unit_source = 'person', kind = COALESCE(:kind::text, metric.kind), description = excluded.description
            """;

    private final JdbcClient jdbc;

    public JdbcMetrics(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    List<Metric> list(TenantId tenant) {
        return jdbc.sql(LIST)
                .param("tenant", tenant.value())
                .param("most", MOST)
                .query((row, number) -> metric(row))
                .list();
    }

    Optional<Metric> find(TenantId tenant, MetricName name) {
        return jdbc.sql(FIND)
                .param("tenant", tenant.value())
                .param("name", name.value())
                .query((row, number) -> metric(row))
                .optional();
    }

    void put(
            TenantId tenant,
            MetricName name,
            @Nullable String unit,
            @Nullable String description,
            @Nullable String kind) {
        jdbc.sql(PUT)
                .param("tenant", tenant.value())
                .param("name", name.value())
                .param("unit", unit)
                .param("kind", kind)
                .param("description", description)
                .update();
    }

    private static Metric metric(ResultSet row) throws SQLException {
        return new Metric(
                row.getString("name"),
                row.getString("unit"),
                row.getString("kind"),
                row.getString("description"),
                row.getLong("series"),
                row.getObject("min", Double.class),
                row.getObject("max", Double.class),
                time(row, "first_ts"),
                time(row, "last_ts"));
    }

    private static @Nullable Instant time(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
