package dev.heliograph.query.devices;

import dev.heliograph.model.id.DeviceId;
import dev.heliograph.model.id.TenantId;
import dev.heliograph.model.reading.Micros;
import dev.heliograph.query.devices.Device.BySeverity;
import dev.heliograph.query.devices.Device.Metric;
import dev.heliograph.query.devices.Device.Presence;
import dev.heliograph.query.search.Search;
import dev.heliograph.query.search.SearchSql;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Reads devices. Every list costs a fixed number of queries, whatever its length. */
public final class JdbcDevices {
    private static final TypeReference<Map<String, String>> LABELS = new TypeReference<>() {};
    private static final double MILLIS_PER_SECOND = 1_000.0;

    static final String FROM = """
         FROM device d LEFT JOIN presence p ON p.tenant = d.tenant AND p.device = d.id
        WHERE d.tenant = :tenant
        """;
    // Presence is told when it changes and now and then besides; the newest samples say when the device was last heard.
    // As subqueries of the select list they run for the rows of the page alone. History that somebody brought is no
    // sign of
    // life of a device that presence has never heard of.
    static final String COLUMNS = """
        SELECT d.id, d.name, d.type, d.site, d.labels, d.enabled, d.expected_interval_ms, d.may_backfill, d.created_at,
               d.version, d.firmware, d.latitude, d.longitude,
               COALESCE(p.state, 'unknown') AS state, COALESCE(p.since, d.created_at) AS since,
               CASE WHEN p.last_seen IS NOT NULL THEN
                   GREATEST(p.last_seen, (SELECT max(l.received_at) FROM series s JOIN latest l ON l.series_id = s.id
                                           WHERE s.tenant = d.tenant AND s.device = d.id)) END AS last_seen,
               GREATEST(p.last_sample_ts, (SELECT max(l.ts) FROM series s JOIN latest l ON l.series_id = s.id
                                            WHERE s.tenant = d.tenant AND s.device = d.id)) AS last_sample_ts,
               p.connected, p.silent_metrics,
               (SELECT ARRAY[r.latitude, r.longitude, r.altitude, (extract(epoch FROM r.ts) * 1000000)::float8]
                  FROM device_position r WHERE r.tenant = d.tenant AND r.device = d.id) AS position
        """;
    private static final String ALERTS = """
        SELECT device, severity, count(*) AS alerts
          FROM alert
         WHERE tenant = :tenant AND device = ANY(:devices) AND state <> 'resolved' AND state = 'firing'
         GROUP BY device, severity
        """;
    private static final String METRICS = """
        SELECT s.metric, m.unit, COALESCE(m.kind, 'number') AS kind
          FROM series s LEFT JOIN metric m ON m.tenant = s.tenant AND m.name = s.metric
         WHERE s.tenant = :tenant AND s.device = :device
         ORDER BY s.metric
        """;

    /** A device and the text of its sort key. */
    record Keyed(Device device, String key) {}

    /** Where a page begins: behind the device with this id, whose sort key had this text. */
    record Place(String key, String id) {}

    private final JdbcClient jdbc;
    private final JsonMapper json;
    private final JdbcStatusOrder byStatus;

    public JdbcDevices(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
        this.byStatus = new JdbcStatusOrder(jdbc, this::rows);
    }

    /** Up to {@code limit} devices behind the given one. */
    List<Keyed> page(TenantId tenant, Search search, DeviceSort sort, int limit, @Nullable Place after) {
        List<Keyed> page;
        if (search.terms().isEmpty() && sort == DeviceSort.STATUS) {
            page = byStatus.page(tenant, limit, after);
        } else {
            Map<String, Object> parameters = new HashMap<>();
            page = rows(pageSql(tenant, search, sort, limit, after, parameters), parameters);
        }
        Map<String, BySeverity> alerts = openAlerts(
                tenant, page.stream().map(keyed -> keyed.device().id()).toArray(String[]::new));
        return page.stream()
                .map(keyed -> new Keyed(
                        keyed.device()
                                .withAlerts(alerts.getOrDefault(keyed.device().id(), BySeverity.NONE)),
                        keyed.key()))
                .toList();
    }

    private List<Keyed> rows(String sql, Map<String, Object> parameters) {
        return jdbc.sql(sql)
                .params(parameters)
                .query((row, number) -> new Keyed(device(row), row.getString("sort_key")))
                .list();
    }

    /** The statement of a page; puts its parameters into the map. */
    static String pageSql(
            TenantId tenant,
            Search search,
            DeviceSort sort,
            int limit,
            @Nullable Place after,
            Map<String, Object> parameters) {
        String where = where(tenant, search, parameters);
        if (after != null) {
            where += sort.after();
            parameters.put("afterKey", after.key());
            parameters.put("afterId", after.id());
        }
        parameters.put("limit", limit);
        return COLUMNS + ", (" + sort.expression + ")::text AS sort_key " + where + sort.orderBy() + " LIMIT :limit";
    }

    /** How many devices the search finds, counted up to one more than {@code most}. */
    long count(TenantId tenant, Search search, int most) {
        Map<String, Object> parameters = new HashMap<>();
        return jdbc.sql(countSql(tenant, search, most, parameters))
                .params(parameters)
                .query(Long.class)
                .single();
    }

    /** The statement of {@link #count}; puts its parameters into the map. */
    static String countSql(TenantId tenant, Search search, int most, Map<String, Object> parameters) {
        String where = where(tenant, search, parameters);
        parameters.put("most", most + 1);
        return "SELECT count(*) FROM (SELECT 1" + where + " LIMIT :most) AS counted";
    }

    /** Up to {@code most} different keys of labels of the devices that the search finds. */
    List<String> labelKeys(TenantId tenant, Search search, int most) {
        Map<String, Object> parameters = new HashMap<>();
        String where = where(tenant, search, parameters);
        parameters.put("most", most);
        return jdbc.sql("SELECT DISTINCT keys.name FROM (SELECT d.labels" + where
                        + ") AS found CROSS JOIN LATERAL jsonb_object_keys(found.labels) AS keys (name) LIMIT :most")
                .params(parameters)
                .query((row, number) -> row.getString(1))
                .list();
    }

    /** One device with its metrics and alerts. */
    public Optional<Device> find(TenantId tenant, DeviceId id) {
        return jdbc.sql(COLUMNS + FROM + " AND d.id = :device")
                .param("tenant", tenant.value())
                .param("device", id.value())
                .query((row, number) -> device(row))
                .optional()
                .map(device -> device.withMetrics(metrics(tenant, id))
                        .withAlerts(openAlerts(tenant, new String[] {id.value()})
                                .getOrDefault(id.value(), BySeverity.NONE)));
    }

    private List<Metric> metrics(TenantId tenant, DeviceId id) {
        return jdbc.sql(METRICS)
                .param("tenant", tenant.value())
                .param("device", id.value())
                .query((row, number) -> new Metric(row.getString(1), row.getString(2), row.getString(3)))
                .list();
    }

    private Map<String, BySeverity> openAlerts(TenantId tenant, String[] devices) {
        Map<String, BySeverity> open = new HashMap<>();
        if (devices.length == 0) {
            return open;
        }
        jdbc.sql(ALERTS)
                .param("tenant", tenant.value())
                .param("devices", devices)
                .query(row -> {
                    long alerts = row.getLong(3);
                    BySeverity one = switch (row.getString(2)) {
                        case "critical" -> new BySeverity(alerts, 0, 0);
                        case "warning" -> new BySeverity(0, alerts, 0);
                        default -> new BySeverity(0, 0, alerts);
                    };
                    open.merge(
                            row.getString(1),
                            one,
                            (a, b) -> new BySeverity(
                                    a.critical() + b.critical(), a.warning() + b.warning(), a.info() + b.info()));
                });
        return open;
    }

    private static String where(TenantId tenant, Search search, Map<String, Object> parameters) {
        parameters.put("tenant", tenant.value());
        return FROM + SearchSql.conditions(search, parameters);
    }

    private Device device(ResultSet row) throws SQLException {
        long interval = row.getLong("expected_interval_ms");
        Double seconds = row.wasNull() ? null : interval / MILLIS_PER_SECOND;
        Instant createdAt = required(row, "created_at");
        Presence presence = new Presence(
                row.getString("state"),
                required(row, "since"),
                instant(row, "last_seen"),
                instant(row, "last_sample_ts"),
                row.getObject("connected", Boolean.class),
                texts(row.getArray("silent_metrics")));
        return new Device(
                row.getString("id"),
                row.getString("name"),
                row.getString("type"),
                row.getString("site"),
                json.readValue(row.getString("labels"), LABELS),
                row.getBoolean("enabled"),
                seconds,
                row.getBoolean("may_backfill"),
                presence,
                BySeverity.NONE,
                createdAt,
                row.getLong("version"),
                row.getString("firmware"),
                location(row),
                position(row.getArray("position")),
                null);
    }

    private static Device.@Nullable Location location(ResultSet row) throws SQLException {
        Double latitude = row.getObject("latitude", Double.class);
        return latitude == null ? null : new Device.Location(latitude, row.getObject("longitude", Double.class));
    }

    private static Device.@Nullable Position position(@Nullable Array place) throws SQLException {
        if (place == null) {
            return null;
        }
        Double[] fields = (Double[]) place.getArray();
        return new Device.Position(fields[0], fields[1], fields[2], Micros.toInstant(Math.round(fields[3])));
    }

    private static List<String> texts(@Nullable Array array) throws SQLException {
        return array == null ? List.of() : List.of((String[]) array.getArray());
    }

    private static Instant required(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
