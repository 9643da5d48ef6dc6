package dev.heliograph.query.alerts;

import dev.heliograph.model.id.TenantId;
import dev.heliograph.query.alerts.Alert.Acknowledged;
import dev.heliograph.query.alerts.Alert.Transition;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads alerts, and keeps that somebody has seen one. */
public final class JdbcAlerts {
    private static final String COLUMNS = """
            SELECT a.id, a.device, d.site, a.metric, a.rule_id, a.rule_name, a.rule_version, a.kind, a.severity, a.state,
                   a.pending_since, a.firing_since, a.resolved_at, a.value, a.threshold, a.explanation, a.acknowledged_at,
                   a.acknowledged_by, a.comment
              FROM alert a LEFT JOIN device d ON d.tenant = a.tenant AND d.id = a.device
             WHERE a.tenant = :tenant
            """;
    private static final String ORDER = " ORDER BY a.pending_since DESC, a.id DESC LIMIT :limit";
    private static final String AFTER = " AND (a.pending_since, a.id) < (:afterTime::timestamptz, :afterId::uuid)";
    private static final String COUNTS = """
            SELECT count(*) FILTER (WHERE severity = 'critical'), count(*) FILTER (WHERE severity = 'warning'),
                   count(*) FILTER (WHERE severity NOT IN ('critical', 'warning')),
                   count(*) FILTER (WHERE acknowledged_at IS NOT NULL), count(*) FILTER (WHERE state = 'pending')
              FROM (SELECT a.severity, a.acknowledged_at, a.state FROM alert a WHERE a.tenant = :tenant %s LIMIT :most) AS counted
            """;
    private static final String TRANSITIONS = """
            SELECT id, from_state, to_state, at, data_time, value, threshold, explanation
              FROM alert_transition
             WHERE tenant = :tenant AND alert_id = :alert
             ORDER BY at, data_time LIMIT 1000
            """;
    private static final String ACKNOWLEDGE = """
            UPDATE alert SET acknowledged_at = now(), acknowledged_by = :by, comment = COALESCE(:comment, comment)
             WHERE tenant = :tenant AND id = :alert AND state <> 'resolved' AND acknowledged_at IS NULL
            """;

    private final JdbcClient jdbc;

    public JdbcAlerts(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    List<Alert> page(TenantId tenant, AlertFilter filter, int limit, @Nullable List<@Nullable String> after) {
        Map<String, @Nullable Object> parameters = new HashMap<>();
        parameters.put("tenant", tenant.value());
        parameters.put("limit", limit);
        String where = where(filter, parameters);
        if (after != null) {
            where += AFTER;
            parameters.put("afterTime", after.get(0));
            parameters.put("afterId", after.get(1));
        }
        return jdbc.sql(COLUMNS + where + ORDER)
                .params(parameters)
                .query((row, number) -> alert(row))
                .list();
    }

    AlertPage.Counts counts(TenantId tenant, AlertFilter filter, int most) {
        Map<String, @Nullable Object> parameters = new HashMap<>();
        parameters.put("tenant", tenant.value());
        parameters.put("most", most + 1);
        return jdbc.sql(COUNTS.formatted(where(filter, parameters)))
                .params(parameters)
                .query((row, number) -> new AlertPage.Counts(
                        row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4), row.getLong(5)))
                .single();
    }

    private static String where(AlertFilter filter, Map<String, @Nullable Object> parameters) {
        Map<String, Object> conditions = new HashMap<>();
        String where = filter.where(conditions);
        parameters.putAll(conditions);
        return where;
    }

    Optional<Alert> find(TenantId tenant, UUID id) {
        return jdbc.sql(COLUMNS + " AND a.id = :alert")
                .param("tenant", tenant.value())
                .param("alert", id)
                .query((row, number) -> alert(row))
                .optional();
    }

    List<Transition> transitions(TenantId tenant, UUID alert) {
        return jdbc.sql(TRANSITIONS)
                .param("tenant", tenant.value())
                .param("alert", alert)
                .query((row, number) -> new Transition(
                        row.getObject("id", UUID.class),
                        row.getString("from_state"),
                        row.getString("to_state"),
                        required(row, "at"),
                        required(row, "data_time"),
                        row.getObject("value", Double.class),
                        row.getObject("threshold", Double.class),
                        row.getString("explanation")))
                .list();
    }

    /** Keeps that somebody has seen it; false if it was acknowledged, resolved or is not there. */
    boolean acknowledge(TenantId tenant, UUID alert, String by, @Nullable String comment) {
        return jdbc.sql(ACKNOWLEDGE)
                        .param("tenant", tenant.value())
                        .param("alert", alert)
                        .param("by", by)
                        .param("comment", comment)
                        .update()
                == 1;
    }

    private static Alert alert(ResultSet row) throws SQLException {
        Instant acknowledgedAt = time(row, "acknowledged_at");
        String acknowledgedBy = row.getString("acknowledged_by");
        return new Alert(
                row.getObject("id", UUID.class),
                row.getString("device"),
                row.getString("site"),
                row.getString("metric"),
                row.getObject("rule_id", UUID.class),
                row.getString("rule_name"),
                row.getInt("rule_version"),
                row.getString("kind"),
                row.getString("severity"),
                row.getString("state"),
                required(row, "pending_since"),
                time(row, "firing_since"),
                time(row, "resolved_at"),
                row.getObject("value", Double.class),
                row.getObject("threshold", Double.class),
                row.getString("explanation"),
                acknowledgedAt == null
                        ? null
                        : new Acknowledged(acknowledgedAt, acknowledgedBy == null ? "" : acknowledgedBy),
                row.getString("comment"),
                List.of(),
                null);
    }

    private static Instant required(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static @Nullable Instant time(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
