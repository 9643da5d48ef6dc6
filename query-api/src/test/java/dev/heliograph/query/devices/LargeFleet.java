package dev.heliograph.query.devices;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import javax.sql.DataSource;

/**
 * Many devices of one tenant, made by the database itself: 500 sites, 20 types, ten versions of firmware of which one is
 * rare, labels with few and with many values, one of a thousand late; each with a temperature, half of them with a humidity,
 * one of ten with a place of its own, another with one that it reported.
 * A tenth as many belong to another tenant.
 */
final class LargeFleet {
    static final String TENANT = "large";

    private LargeFleet() {}

    static void fill(DataSource database, int devices) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement sql = connection.createStatement()) {
            for (String statement : statements(TENANT, devices)) {
                sql.execute(statement);
            }
            for (String statement : statements("beside", devices / 10)) {
                sql.execute(statement);
            }
            sql.execute("SELECT fold_fleet(2147483647)");
            sql.execute("VACUUM ANALYZE");
        }
    }

    private static List<String> statements(String tenant, int devices) {
        String numbers = "FROM generate_series(0, " + (devices - 1) + ") AS n";
        return List.of(
                "INSERT INTO tenant (id, name) VALUES ('" + tenant + "', '" + tenant + "')",
                "INSERT INTO site (tenant, id, name, latitude, longitude) SELECT '" + tenant
                        + "', 'site-' || n, 'Site ' || n, (n * 37) % 120 - 60 + 0.1, (n * 53) % 340 - 170 + 0.1 "
                        + "FROM generate_series(0, 499) AS n",
                "INSERT INTO device (tenant, id, name, type, site, firmware, labels, latitude, longitude) SELECT '"
                        + tenant
                        + "', 'd' || lpad(n::text, 7, '0'), "
                        + "(ARRAY['Boiler', 'Pump', 'Meter', 'Valve', 'Fan'])[1 + n % 5] || ' ' || md5(n::text), "
                        + "'type-' || n % 20, 'site-' || (n * 7) % 500, "
                        + "CASE WHEN n % 5000 = 0 THEN '9.9' ELSE '2.' || n % 9 END, "
                        + "jsonb_build_object('line', (n % 50)::text, 'owner', 'o' || n / 10), "
                        + "CASE WHEN n % 10 = 0 THEN (n * 7.3)::numeric % 140 - 70 END, "
                        + "CASE WHEN n % 10 = 0 THEN (n * 11.7)::numeric % 360 - 180 END " + numbers,
                "INSERT INTO presence (tenant, device, state, since, last_seen) SELECT '" + tenant
                        + "', 'd' || lpad(n::text, 7, '0'), CASE WHEN n % 1000 = 0 THEN 'late' WHEN n % 100 = 1 THEN 'silent' "
                        + "ELSE 'reporting' END, now(), now() - (n * 7919::bigint % 86400) * interval '1 s' " + numbers,
                "INSERT INTO device_position (tenant, device, ts, latitude, longitude) SELECT '" + tenant
                        + "', 'd' || lpad(n::text, 7, '0'), now(), (n * 3.7)::numeric % 140 - 70, (n * 5.3)::numeric % 360 - 180 "
                        + numbers + " WHERE n % 10 = 5",
                "INSERT INTO series (tenant, device, metric) SELECT '" + tenant
                        + "', 'd' || lpad(n::text, 7, '0'), 'temp' " + numbers,
                "INSERT INTO series (tenant, device, metric) SELECT '" + tenant
                        + "', 'd' || lpad(n::text, 7, '0'), 'humidity' " + numbers + " WHERE n % 2 = 0",
                "INSERT INTO latest (series_id, ts, value, received_at) SELECT id, now(), (id * 7919::bigint % 100000) / 1000.0, "
                        + "now() FROM series WHERE tenant = '" + tenant + "'");
    }
}
