package dev.heliograph.query.quarantine;

import dev.heliograph.model.id.DeviceId;
import dev.heliograph.model.id.TenantId;
import dev.heliograph.query.quarantine.QuarantinePage.Item;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
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
            SELECT id, device, topic, transport, reason, detail, metric, received_at, coalesce(last_at, received_at) AS last_at,
                   count, size, content_type, mode, substring(payload FROM 1 FOR :preview) AS payload,
                   length(payload) AS kept, replayed_at, replayed_by, replay_outcome, replay_detail
              FROM quarantine
             WHERE tenant = :tenant
            """;
    private static final String ORDER = " ORDER BY received_at DESC, id DESC LIMIT :limit";
    private static final String AFTER = " AND (received_at, id) < (:afterTime::timestamptz, :afterId::uuid)";
    private static final String BY_REASON = """
            SELECT reason, sum(count) FROM (
                SELECT reason, count FROM quarantine
                 WHERE tenant = :tenant AND received_at > now() - INTERVAL '24 hours'
                 ORDER BY received_at DESC LIMIT :counted) AS day
             GROUP BY reason ORDER BY 2 DESC, 1
            """;

    private final JdbcClient jdbc;

    public JdbcQuarantine(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    List<Item> page(TenantId tenant, QuarantineFilter filter, int limit, @Nullable List<@Nullable String> after) {
        Map<String, @Nullable Object> parameters = new HashMap<>();
        String where = where(tenant, filter, parameters);
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

    long count(TenantId tenant, QuarantineFilter filter, int most) {
        Map<String, @Nullable Object> parameters = new HashMap<>();
        String where = where(tenant, filter, parameters);
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

    /** What narrows the rows to those of the filter, behind {@code WHERE tenant = :tenant}. */
    static String where(TenantId tenant, QuarantineFilter filter, Map<String, @Nullable Object> parameters) {
        parameters.put("tenant", tenant.value());
        String where = "";
        if (filter.reason() != null) {
            where += " AND reason = :reason";
            parameters.put("reason", filter.reason());
        }
        DeviceId device = filter.device();
        if (device != null) {
            where += " AND device = :device";
            parameters.put("device", device.value());
        }
        if (filter.transport() != null) {
            where += " AND transport = :transport";
            parameters.put("transport", filter.transport());
        }
        Instant from = filter.from();
        if (from != null) {
            where += " AND received_at >= :from";
            parameters.put("from", from.atOffset(ZoneOffset.UTC));
        }
        Instant to = filter.to();
        if (to != null) {
            where += " AND received_at < :to";
            parameters.put("to", to.atOffset(ZoneOffset.UTC));
        }
        Boolean replayed = filter.replayed();
        if (replayed != null) {
            where += replayed ? " AND replayed_at IS NOT NULL" : " AND replayed_at IS NULL";
        }
        return where;
    }

    private static Item item(ResultSet row) throws SQLException {
        String reason = row.getString("reason");
        String transport = row.getString("transport");
        long size = row.getLong("size");
        OffsetDateTime replayedAt = row.getObject("replayed_at", OffsetDateTime.class);
        return new Item(
                row.getObject("id", UUID.class),
                row.getString("device"),
                row.getString("topic"),
                transport,
                reason,
                row.getString("detail"),
                Hints.of(reason),
                row.getString("metric"),
                row.getObject("received_at", OffsetDateTime.class).toInstant(),
                row.getObject("last_at", OffsetDateTime.class).toInstant(),
                row.getLong("count"),
                size,
                row.getString("content_type"),
                row.getString("mode"),
                Preview.of(row.getBytes("payload"), size > PREVIEW_BYTES),
                QuarantinePage.notReplayable(transport, size, row.getLong("kept")),
                replayedAt == null
                        ? null
                        : new QuarantinePage.LastReplay(
                                replayedAt.toInstant(),
                                String.valueOf(row.getString("replayed_by")),
                                String.valueOf(row.getString("replay_outcome")),
                                row.getString("replay_detail")));
    }
}
