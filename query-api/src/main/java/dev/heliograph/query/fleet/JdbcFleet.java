package dev.heliograph.query.fleet;

import dev.heliograph.model.id.SiteId;
import dev.heliograph.model.id.TenantId;
import dev.heliograph.query.fleet.FleetSummary.Alerts;
import dev.heliograph.query.fleet.FleetSummary.Attention;
import dev.heliograph.query.fleet.FleetSummary.BySeverity;
import dev.heliograph.query.fleet.FleetSummary.Presences;
import dev.heliograph.query.fleet.FleetSummary.SiteSummary;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Sums up a fleet, of the counts that the store keeps of its devices and of its open alerts. */
public final class JdbcFleet {
    private static final int MOST_SITES = 10_000;
    private static final int MOST_ATTENTION = 50;
    private static final String PRESENCES = """
            SELECT COALESCE(sum(devices), 0), COALESCE(sum(devices) FILTER (WHERE state = 'reporting'), 0),
                   COALESCE(sum(devices) FILTER (WHERE state = 'late'), 0),
                   COALESCE(sum(devices) FILTER (WHERE state = 'silent'), 0),
                   COALESCE(sum(devices) FILTER (WHERE state = 'offline'), 0),
                   COALESCE(sum(devices) FILTER (WHERE state = 'unknown'), 0)
              FROM fleet_count WHERE tenant = :tenant
            """;
    private static final String ALERTS = """
            SELECT count(*) FILTER (WHERE state = 'firing' AND severity = 'critical'),
                   count(*) FILTER (WHERE state = 'firing' AND severity = 'warning'),
                   count(*) FILTER (WHERE state = 'firing' AND severity NOT IN ('critical', 'warning')),
                   count(*) FILTER (WHERE state = 'firing' AND acknowledged_at IS NULL),
                   count(*) FILTER (WHERE state = 'pending')
              FROM alert WHERE tenant = :tenant AND state <> 'resolved'
            """;
    private static final String SITES = """
            WITH place AS (
                SELECT site AS id, sum(devices) AS devices, sum(devices) FILTER (WHERE state = 'reporting') AS reporting,
                       sum(devices) FILTER (WHERE state = 'late') AS late,
                       sum(devices) FILTER (WHERE state = 'silent') AS silent,
                       sum(devices) FILTER (WHERE state = 'offline') AS offline,
                       sum(devices) FILTER (WHERE state = 'unknown') AS unknown
                  FROM fleet_count
                 WHERE tenant = :tenant AND site <> '' AND devices <> 0
                 GROUP BY site),
            firing AS (
                SELECT d.site AS id, count(*) FILTER (WHERE a.severity = 'critical') AS critical,
                       count(*) FILTER (WHERE a.severity = 'warning') AS warning,
                       count(*) FILTER (WHERE a.severity NOT IN ('critical', 'warning')) AS info
                  FROM alert a JOIN device d ON d.tenant = a.tenant AND d.id = a.device
                 WHERE a.tenant = :tenant AND a.state <> 'resolved' AND a.state = 'firing' AND d.site IS NOT NULL
                 GROUP BY d.site),
            known AS (SELECT id, name, timezone, latitude, longitude FROM site WHERE tenant = :tenant)
            SELECT COALESCE(known.id, place.id) AS id, COALESCE(known.name, place.id) AS name, known.latitude,
                   known.longitude, COALESCE(known.timezone, 'UTC') AS timezone, COALESCE(place.devices, 0) AS devices,
                   COALESCE(place.reporting, 0) AS reporting, COALESCE(place.late, 0) AS late,
                   COALESCE(place.silent, 0) AS silent, COALESCE(place.offline, 0) AS offline,
                   COALESCE(place.unknown, 0) AS unknown, COALESCE(firing.critical, 0) AS critical,
                   COALESCE(firing.warning, 0) AS warning, COALESCE(firing.info, 0) AS info
              FROM known FULL JOIN place ON place.id = known.id
              LEFT JOIN firing ON firing.id = COALESCE(known.id, place.id)
             ORDER BY 1 LIMIT :most
            """;
    private static final String ATTENTION = """
            SELECT a.rule_id, max(a.rule_name) AS rule_name, a.severity, d.site, count(DISTINCT a.device) AS devices,
                   min(a.firing_since) AS since
              FROM alert a LEFT JOIN device d ON d.tenant = a.tenant AND d.id = a.device
             WHERE a.tenant = :tenant AND a.state <> 'resolved' AND a.state = 'firing'
             GROUP BY a.rule_id, a.severity, d.site
             ORDER BY array_position(ARRAY['critical', 'warning', 'info'], a.severity), devices DESC, since, a.rule_id
             LIMIT :most
            """;
    private static final String SITE_COLUMNS =
            "SELECT id, name, timezone, latitude, longitude, version FROM site WHERE tenant = :tenant";
    private static final String LIST = SITE_COLUMNS + " ORDER BY id LIMIT :most";
    private static final String ONE = SITE_COLUMNS + " AND id = :id";
    private static final String ENSURE_TENANT =
            "INSERT INTO tenant (id, name) VALUES (:tenant, :tenant) ON CONFLICT DO NOTHING";
    private static final String PUT = """
            INSERT INTO site (tenant, id, name, timezone, latitude, longitude)
            VALUES (:tenant, :id, :name, :timezone, :lat, :lon)
            ON CONFLICT (tenant, id) DO UPDATE
               SET name = excluded.name, timezone = excluded.timezone, latitude = excluded.latitude,
                   longitude = excluded.longitude, version = site.version + 1, updated_at = now()
            """;

    private final JdbcClient jdbc;

    public JdbcFleet(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    Presences presences(TenantId tenant) {
        return jdbc.sql(PRESENCES)
                .param("tenant", tenant.value())
                .query((row, number) -> new Presences(
                        row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4), row.getLong(5), row.getLong(6)))
                .single();
    }

    Alerts alerts(TenantId tenant) {
        return jdbc.sql(ALERTS)
                .param("tenant", tenant.value())
                .query((row, number) ->
                        new Alerts(row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4), row.getLong(5)))
                .single();
    }

    List<SiteSummary> summaries(TenantId tenant) {
        return jdbc.sql(SITES)
                .param("tenant", tenant.value())
                .param("most", MOST_SITES)
                .query((row, number) -> summary(row))
                .list();
    }

    List<Attention> attention(TenantId tenant) {
        return jdbc.sql(ATTENTION)
                .param("tenant", tenant.value())
                .param("most", MOST_ATTENTION)
                .query((row, number) -> attention(row))
                .list();
    }

    List<Site> sites(TenantId tenant) {
        return jdbc.sql(LIST)
                .param("tenant", tenant.value())
                .param("most", MOST_SITES)
                .query((row, number) -> site(row))
                .list();
    }

    Optional<Site> site(TenantId tenant, SiteId id) {
        return jdbc.sql(ONE)
                .param("tenant", tenant.value())
                .param("id", id.value())
                .query((row, number) -> site(row))
                .optional();
    }

    /** The same, locked for this transaction. */
    Optional<Site> lock(TenantId tenant, SiteId id) {
        return jdbc.sql(ONE + " FOR UPDATE")
                .param("tenant", tenant.value())
                .param("id", id.value())
                .query((row, number) -> site(row))
                .optional();
    }

    private static Site site(ResultSet row) throws SQLException {
        return new Site(
                row.getString("id"),
                row.getString("name"),
                row.getString("timezone"),
                row.getObject("latitude", Double.class),
                row.getObject("longitude", Double.class),
                row.getLong("version"));
    }

    /** Creates or replaces a site. */
    void put(TenantId tenant, SiteId id, SiteChange change) {
        jdbc.sql(ENSURE_TENANT).param("tenant", tenant.value()).update();
        jdbc.sql(PUT)
                .param("tenant", tenant.value())
                .param("id", id.value())
                .param("name", change.name())
                .param("timezone", change.zone())
                .param("lat", change.lat())
                .param("lon", change.lon())
                .update();
    }

    private static Attention attention(ResultSet row) throws SQLException {
        OffsetDateTime since = row.getObject("since", OffsetDateTime.class);
        return new Attention(
                row.getObject("rule_id", UUID.class),
                row.getString("rule_name"),
                row.getString("severity"),
                row.getString("site"),
                row.getLong("devices"),
                since == null ? null : since.toInstant());
    }

    private static SiteSummary summary(ResultSet row) throws SQLException {
        return new SiteSummary(
                row.getString("id"),
                row.getString("name"),
                row.getObject("latitude", Double.class),
                row.getObject("longitude", Double.class),
                row.getString("timezone"),
                row.getLong("devices"),
                row.getLong("reporting"),
                row.getLong("late"),
                row.getLong("silent"),
                row.getLong("offline"),
                row.getLong("unknown"),
                new BySeverity(row.getLong("critical"), row.getLong("warning"), row.getLong("info")));
    }
}
