package dev.heliograph.writer.store;

import dev.heliograph.model.id.SeriesKey;
import dev.heliograph.writer.plan.MetricKind;
import dev.heliograph.writer.plan.SeriesRows;
import dev.heliograph.writer.plan.StateRow;
import dev.heliograph.writer.plan.WritePlan;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The ids of the series of a plan, from the cache or the database; what is new is entered together with its metric and
 * its device. New rows are committed at once, ahead of the measurements: an id is then true whatever becomes of the
 * batch, and the locks on shared rows last no longer than one statement.
 */
final class SeriesIds {
    private static final String FIND = """
            SELECT s.tenant, s.device, s.metric, s.id
            FROM unnest(?::text[], ?::text[], ?::text[]) AS u(tenant, device, metric)
            JOIN series s ON s.tenant = u.tenant AND s.device = u.device AND s.metric = u.metric
            """;
    private static final String ADD_METRICS = """
            INSERT INTO metric (tenant, name, kind)
            SELECT DISTINCT ON (u.tenant, u.name) u.tenant, u.name, u.kind
            FROM unnest(?::text[], ?::text[], ?::text[]) AS u(tenant, name, kind)
            ORDER BY u.tenant, u.name
            ON CONFLICT DO NOTHING
            """;
    private static final String ADD_DEVICES = """
            INSERT INTO device (tenant, id, name)
            SELECT DISTINCT u.tenant, u.device, u.device
            FROM unnest(?::text[], ?::text[]) AS u(tenant, device)
            ORDER BY u.tenant, u.device
            ON CONFLICT DO NOTHING
            """;
    private static final String ADD_SERIES = """
            INSERT INTO series (tenant, device, metric)
            SELECT u.tenant, u.device, u.metric
            FROM unnest(?::text[], ?::text[], ?::text[]) AS u(tenant, device, metric)
            ORDER BY u.tenant, u.device, u.metric
            ON CONFLICT DO NOTHING
            """;

    private final SeriesCache cache;

    SeriesIds(SeriesCache cache) {
        this.cache = cache;
    }

    /** Ids of all series of the plan. The connection must be in auto-commit. */
    Map<SeriesKey, Integer> of(WritePlan plan, Connection connection) throws SQLException {
        Map<SeriesKey, MetricKind> wanted = kinds(plan);
        Map<SeriesKey, Integer> ids = HashMap.newHashMap(wanted.size());
        List<SeriesKey> unknown = new ArrayList<>();
        for (SeriesKey series : wanted.keySet()) {
            Integer id = cache.get(series);
            if (id == null) {
                unknown.add(series);
            } else {
                ids.put(series, id);
            }
        }
        if (!unknown.isEmpty()) {
            find(unknown, ids, connection);
            unknown.removeIf(ids::containsKey);
        }
        if (!unknown.isEmpty()) {
            add(unknown, wanted, connection);
            find(unknown, ids, connection);
        }
        return ids;
    }

    private static Map<SeriesKey, MetricKind> kinds(WritePlan plan) {
        Map<SeriesKey, MetricKind> kinds = new LinkedHashMap<>();
        for (SeriesRows rows : plan.measurements()) {
            kinds.put(rows.series(), rows.kind());
        }
        for (StateRow row : plan.states()) {
            kinds.putIfAbsent(row.series(), MetricKind.STATE);
        }
        plan.windows().forEach(row -> kinds.putIfAbsent(row.series(), MetricKind.NUMBER));
        plan.repairs().forEach(row -> kinds.putIfAbsent(row.series(), MetricKind.NUMBER));
        return kinds;
    }

    private void find(List<SeriesKey> wanted, Map<SeriesKey, Integer> ids, Connection connection) throws SQLException {
        Map<String, SeriesKey> byText = HashMap.newHashMap(wanted.size());
        wanted.forEach(series -> byText.put(series.toString(), series));
        try (PreparedStatement find = connection.prepareStatement(FIND)) {
            bind(find, wanted);
            try (ResultSet row = find.executeQuery()) {
                while (row.next()) {
                    SeriesKey series = byText.get(row.getString(1) + "/" + row.getString(2) + "/" + row.getString(3));
                    if (series == null) {
                        throw new IllegalStateException("series that was not asked for: " + row.getString(4));
                    }
                    ids.put(series, row.getInt(4));
                    cache.put(series, row.getInt(4));
                }
            }
        }
    }

    private static void add(List<SeriesKey> fresh, Map<SeriesKey, MetricKind> kinds, Connection connection)
            throws SQLException {
        String[] tenants = column(fresh, 0);
        String[] devices = column(fresh, 1);
        String[] metrics = column(fresh, 2);
        String[] kindTexts =
                fresh.stream().map(series -> kind(kinds, series).text()).toArray(String[]::new);
        try (PreparedStatement add = connection.prepareStatement(ADD_METRICS)) {
            add.setObject(1, tenants);
            add.setObject(2, metrics);
            add.setObject(3, kindTexts);
            add.executeUpdate();
        }
        try (PreparedStatement add = connection.prepareStatement(ADD_DEVICES)) {
            add.setObject(1, tenants);
            add.setObject(2, devices);
            add.executeUpdate();
        }
        try (PreparedStatement add = connection.prepareStatement(ADD_SERIES)) {
            bind(add, fresh);
            add.executeUpdate();
        }
    }

    private static MetricKind kind(Map<SeriesKey, MetricKind> kinds, SeriesKey series) {
        return kinds.getOrDefault(series, MetricKind.NUMBER);
    }

    private static void bind(PreparedStatement statement, List<SeriesKey> series) throws SQLException {
        statement.setObject(1, column(series, 0));
        statement.setObject(2, column(series, 1));
        statement.setObject(3, column(series, 2));
    }

    private static String[] column(List<SeriesKey> series, int part) {
        return series.stream()
                .map(key -> switch (part) {
                    case 0 -> key.device().tenant().value();
                    case 1 -> key.device().device().value();
                    default -> key.metric().value();
                })
                .toArray(String[]::new);
    }
}
