package dev.heliograph.query.quarantine;

import dev.heliograph.model.id.DeviceId;
import dev.heliograph.model.id.TenantId;
import dev.heliograph.query.quarantine.QuarantinePage.Item;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads what was refused. */
public final class JdbcQuarantine {
    private static final int PREVIEW_BYTES = 256;
    private static final int COUNTED = 100_000;
    private static final String PAGE = """
            SELECT id, device, topic, transport, reason, detail, metric, received_at, size,
                   substring(payload FROM 1 FOR :preview) AS payload
              FROM quarantine
             WHERE tenant = :tenant
            """;
    private static final String ORDER = " ORDER BY received_at DESC, id DESC LIMIT :limit";
    private static final String AFTER = " AND (received_at, id) < (:afterTime::timestamptz, :afterId::uuid)";
    private static final String BY_REASON = """
            SELECT reason, count(*) FROM (
                SELECT reason FROM quarantine
                 WHERE tenant = :tenant AND received_at > now() - INTERVAL '24 hours'
                 ORDER BY received_at DESC LIMIT :counted) AS day
             GROUP BY reason ORDER BY 2 DESC, 1
            """;

    private final JdbcClient jdbc;

    public JdbcQuarantine(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    List<Item> page(
            TenantId tenant,
            @Nullable String reason,
            @Nullable DeviceId device,
            int limit,
            @Nullable List<@Nullable String> after) {
        Map<String, @Nullable Object> parameters = new HashMap<>();
        String where = where(tenant, reason, device, parameters);
        parameters.put("preview", PREVIEW_BYTES);
        parameters.put("limit", limit);
        if (after != null) {
            where += AFTER;
            parameters.put("afterTime", after.get(0));
            parameters.put("afterId", after.get(1));
        }
        return jdbc.sql(PAGE + where + ORDER)
                .params(parameters)
                .query((row, number) -> item(row))
                .list();
    }

    long count(TenantId tenant, @Nullable String reason, @Nullable DeviceId device, int most) {
        Map<String, @Nullable Object> parameters = new HashMap<>();
        String where = where(tenant, reason, device, parameters);
        parameters.put("most", most + 1);
        return jdbc.sql("SELECT count(*) FROM (SELECT 1 FROM quarantine WHERE tenant = :tenant" + where
                        + " LIMIT :most) AS counted")
                .params(parameters)
                .query(Long.class)
                .single();
    }

    /** Numbers of the last day by reason, most first; counted over the newest 100,000. */
    public Map<String, Long> lastDay(TenantId tenant) {
        Map<String, Long> counts = new LinkedHashMap<>();
        jdbc.sql(BY_REASON)
                .param("tenant", tenant.value())
                .param("counted", COUNTED)
                .query(row -> {
                    counts.put(row.getString(1), row.getLong(2));
                });
        return counts;
    }

    private static String where(
            TenantId tenant,
            @Nullable String reason,
            @Nullable DeviceId device,
            Map<String, @Nullable Object> parameters) {
        parameters.put("tenant", tenant.value());
        String where = "";
        if (reason != null) {
            where += " AND reason = :reason";
            parameters.put("reason", reason);
        }
        if (device != null) {
            where += " AND device = :device";
            parameters.put("device", device.value());
        }
        return where;
    }

    private static Item item(ResultSet row) throws SQLException {
        return new Item(
                row.getObject("id", UUID.class),
                row.getString("device"),
                row.getString("topic"),
                row.getString("transport"),
                row.getString("reason"),
                row.getString("detail"),
                row.getString("metric"),
                row.getObject("received_at", OffsetDateTime.class).toInstant(),
                row.getLong("size"),
                Preview.of(row.getBytes("payload"), row.getLong("size") > PREVIEW_BYTES));
    }
}
