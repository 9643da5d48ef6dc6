package dev.heliograph.query.quarantine;

import dev.heliograph.model.id.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads refused messages whole, to take them again, and keeps what came of that. */
final class JdbcReplays {
    private static final int MAX_DETAIL = 2_000;
    private static final String COLUMNS =
            "SELECT id, tenant, device, topic, transport, reason, received_at, size, content_type, mode, payload, replay_outcome"
                    + " FROM quarantine WHERE tenant = :tenant";
    private static final String BY_ID = COLUMNS + " AND id IN (:ids)";

    /** As {@link QuarantinePage#notReplayable} says it of a row. */
    private static final String CAN = "(transport <> 'kafka' AND size > 0 AND size = length(payload))";

    private static final String WAS = "coalesce(replay_outcome IN ('accepted', 'partial'), false)";

    /** Oldest first, so that what a device sent comes in the order in which it came. The first condition is for the index. */
    private static final String BEHIND = " AND received_at >= :afterTime AND (received_at, id) > (:afterTime, :afterId)"
            + " AND " + CAN + " AND NOT " + WAS;

    private static final String IN_ORDER = " ORDER BY received_at, id LIMIT :most";
    private static final String MATCHED = """
            SELECT reason, count(*), count(*) FILTER (WHERE was), count(*) FILTER (WHERE NOT was AND NOT can)
              FROM (SELECT reason, %s AS was, %s AS can FROM quarantine WHERE tenant = :tenant%s LIMIT :most) AS found
             GROUP BY reason ORDER BY 2 DESC, 1
            """;
    private static final String REPLAYED = """
            UPDATE quarantine q
               SET replayed_at = now(), replayed_by = :by, replay_outcome = r.outcome, replay_detail = r.detail
              FROM unnest(CAST(:ids AS uuid[]), CAST(:times AS timestamptz[]), CAST(:outcomes AS text[]),
                          CAST(:details AS text[])) AS r(id, received_at, outcome, detail)
             WHERE q.tenant = :tenant AND q.id = r.id AND q.received_at = r.received_at
            """;

    private final JdbcClient jdbc;

    JdbcReplays(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** A row with all that is kept of its message. */
    record Kept(
            UUID id,
            String tenant,
            @Nullable String device,
            String topic,
            String transport,
            String reason,
            Instant receivedAt,
            long size,
            @Nullable String contentType,
            @Nullable String mode,
            byte[] payload,
            @Nullable String outcome) {}

    /** A place in the order of a run: behind this row. */
    record Place(Instant receivedAt, UUID id) {
        /** Before all rows. */
        static final Place START = new Place(Instant.EPOCH, new UUID(0, 0));

        static Place behind(Kept row) {
            return new Place(row.receivedAt(), row.id());
        }
    }

    /** How many rows of one reason a filter finds, and how many of them a run would leave out. */
    record Matched(long rows, long alreadyReplayed, long notReplayable) {
        long replayable() {
            return rows - alreadyReplayed - notReplayable;
        }
    }

    /** The rows of these ids that are the tenant's. */
    List<Kept> kept(TenantId tenant, Collection<UUID> ids) {
        return jdbc.sql(BY_ID)
                .param("tenant", tenant.value())
                .param("ids", ids)
                .query((row, number) -> kept(row))
                .list();
    }

    /** The next rows of a filter that can be replayed and were not. */
    List<Kept> next(TenantId tenant, QuarantineFilter filter, Place after, int most) {
        Map<String, @Nullable Object> parameters = new HashMap<>();
        String where = behind(tenant, filter, after, most, parameters);
        return jdbc.sql(COLUMNS + where + IN_ORDER)
                .params(parameters)
                .query((row, number) -> kept(row))
                .list();
    }

    /** How many such rows follow, up to a bound. */
    long countNext(TenantId tenant, QuarantineFilter filter, Place after, int most) {
        Map<String, @Nullable Object> parameters = new HashMap<>();
        String where = behind(tenant, filter, after, most, parameters);
        return jdbc.sql("SELECT count(*) FROM (SELECT FROM quarantine WHERE tenant = :tenant" + where
                        + " LIMIT :most) AS counted")
                .params(parameters)
                .query(Long.class)
                .single();
    }

    private static String behind(
            TenantId tenant, QuarantineFilter filter, Place after, int most, Map<String, @Nullable Object> parameters) {
        String where = JdbcQuarantine.where(tenant, filter, parameters);
        parameters.put("afterTime", after.receivedAt().atOffset(ZoneOffset.UTC));
        parameters.put("afterId", after.id());
        parameters.put("most", most);
        return where + BEHIND;
    }

    /** What a filter finds, by reason, the most frequent first; up to so many rows in all. */
    Map<String, Matched> matched(TenantId tenant, QuarantineFilter filter, int most) {
        Map<String, @Nullable Object> parameters = new HashMap<>();
        String where = JdbcQuarantine.where(tenant, filter, parameters);
        parameters.put("most", most);
        Map<String, Matched> matched = new LinkedHashMap<>();
        jdbc.sql(MATCHED.formatted(WAS, CAN, where)).params(parameters).query(row -> {
            matched.put(row.getString(1), new Matched(row.getLong(2), row.getLong(3), row.getLong(4)));
        });
        return matched;
    }

    /** Keeps what came of replaying these rows. */
    void replayed(TenantId tenant, List<Kept> rows, String by, List<ReplayResults.Result> results) {
        jdbc.sql(REPLAYED)
                .param("tenant", tenant.value())
                .param("by", by)
                .param(
                        "ids",
                        texts(rows.stream().map(row -> row.id().toString()).toList()))
                .param(
                        "times",
                        texts(rows.stream()
                                .map(row -> row.receivedAt().toString())
                                .toList()))
                .param(
                        "outcomes",
                        texts(results.stream()
                                .map(ReplayResults.Result::outcome)
                                .toList()))
                .param(
                        "details",
                        texts(results.stream().map(JdbcReplays::detail).toList()))
                .update();
    }

    private static String detail(ReplayResults.Result result) {
        String detail = result.detail();
        return detail.length() > MAX_DETAIL ? detail.substring(0, MAX_DETAIL) : detail;
    }

    private static String[] texts(List<String> texts) {
        return texts.toArray(String[]::new);
    }

    private static Kept kept(ResultSet row) throws SQLException {
        return new Kept(
                row.getObject("id", UUID.class),
                row.getString("tenant"),
                row.getString("device"),
                row.getString("topic"),
                row.getString("transport"),
                row.getString("reason"),
                row.getObject("received_at", OffsetDateTime.class).toInstant(),
                row.getLong("size"),
                row.getString("content_type"),
                row.getString("mode"),
                row.getBytes("payload"),
                row.getString("replay_outcome"));
    }
}
