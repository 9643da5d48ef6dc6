package dev.heliograph.query.data;

import dev.heliograph.model.id.DeviceId;
import dev.heliograph.model.id.SiteId;
import dev.heliograph.model.id.TenantId;
import dev.heliograph.query.search.SearchSql;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Finds devices in the table {@code device}, by bound parameters only. */
final class JdbcDeviceSelection implements DeviceSelection {
    private static final TypeReference<Map<String, String>> LABELS = new TypeReference<>() {};
    private static final String DEVICES = """
            SELECT d.id, d.site, d.type, d.labels, s.timezone
              FROM device d LEFT JOIN site s ON s.tenant = d.tenant AND s.id = d.site
              LEFT JOIN presence p ON p.tenant = d.tenant AND p.device = d.id
             WHERE d.tenant = :tenant
            """;

    private final JdbcClient jdbc;
    private final JsonMapper json;

    JdbcDeviceSelection(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    @Override
    public List<Selected> devices(
            TenantId tenant, Selector selector, @Nullable String start, boolean including, int most) {
        Map<String, Object> parameters = new HashMap<>();
        parameters.put("tenant", tenant.value());
        parameters.put("most", most);
        String where = where(selector, parameters);
        if (start != null) {
            where += including ? " AND d.id >= :start" : " AND d.id > :start";
            parameters.put("start", start);
        }
        return jdbc.sql(DEVICES + where + " ORDER BY d.id LIMIT :most")
                .params(parameters)
                .query((row, number) -> new Selected(
                        row.getString(1),
                        row.getString(2),
                        row.getString(3),
                        json.readValue(row.getString(4), LABELS),
                        row.getString(5)))
                .list();
    }

    private String where(Selector selector, Map<String, Object> parameters) {
        StringBuilder where = new StringBuilder(SearchSql.conditions(selector.search(), parameters));
        if (!selector.devices().isEmpty()) {
            where.append(" AND d.id = ANY(:devices)");
            parameters.put(
                    "devices", selector.devices().stream().map(DeviceId::value).toArray(String[]::new));
        }
        if (!selector.sites().isEmpty()) {
            where.append(" AND d.site = ANY(:sites)");
            parameters.put("sites", selector.sites().stream().map(SiteId::value).toArray(String[]::new));
        }
        if (!selector.types().isEmpty()) {
            where.append(" AND d.type = ANY(:types)");
            parameters.put("types", selector.types().toArray(String[]::new));
        }
        if (!selector.labels().isEmpty()) {
            where.append(" AND d.labels @> :labels::jsonb");
            parameters.put("labels", json.writeValueAsString(selector.labels()));
        }
        return where.toString();
    }
}
