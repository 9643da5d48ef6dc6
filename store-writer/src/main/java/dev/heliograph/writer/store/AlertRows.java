package dev.heliograph.writer.store;

import dev.heliograph.model.wire.AlertTransitionRecord;
import dev.heliograph.writer.plan.AlertRow;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The tables {@code alert} (how an alert is) and {@code alert_transition} (how it became so). The columns of
 * acknowledgement belong to people and are never written here.
 */
final class AlertRows {
    private static final String UPSERT = """
            INSERT INTO alert AS a (id, tenant, device, metric, rule_id, rule_version, rule_name, kind, severity, state,
                                    pending_since, firing_since, resolved_at, value, threshold, explanation, decided_at)
            SELECT u.id::uuid, u.tenant, u.device, u.metric, u.rule_id::uuid, u.rule_version, u.rule_name, u.kind,
                   u.severity, u.state, timestamptz 'epoch' + u.pending_since * interval '1 microsecond',
                   timestamptz 'epoch' + u.firing_since * interval '1 microsecond',
                   timestamptz 'epoch' + u.resolved_at * interval '1 microsecond', u.value, u.threshold, u.explanation,
                   timestamptz 'epoch' + u.decided_at * interval '1 microsecond'
            FROM unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::int[], ?::text[], ?::text[], ?::text[],
                        ?::text[], ?::bigint[], ?::bigint[], ?::bigint[], ?::float8[], ?::float8[], ?::text[], ?::bigint[])
                 AS u(id, tenant, device, metric, rule_id, rule_version, rule_name, kind, severity, state, pending_since,
                      firing_since, resolved_at, value, threshold, explanation, decided_at)
            ORDER BY u.id
            ON CONFLICT (id) DO UPDATE
            SET rule_version = excluded.rule_version, rule_name = excluded.rule_name, severity = excluded.severity,
                state = excluded.state, firing_since = coalesce(a.firing_since, excluded.firing_since),
                resolved_at = excluded.resolved_at, value = excluded.value, threshold = excluded.threshold,
                explanation = excluded.explanation, decided_at = excluded.decided_at
            WHERE excluded.decided_at >= a.decided_at
            """;
    private static final String ADD_TRANSITIONS = """
            INSERT INTO alert_transition (id, alert_id, tenant, at, from_state, to_state, value, threshold, data_time,
                                          explanation)
            SELECT u.id::uuid, u.alert_id::uuid, u.tenant, timestamptz 'epoch' + u.at * interval '1 microsecond',
                   u.from_state, u.to_state, u.value, u.threshold,
                   timestamptz 'epoch' + u.data_time * interval '1 microsecond', u.explanation
            FROM unnest(?::text[], ?::text[], ?::text[], ?::bigint[], ?::text[], ?::text[], ?::float8[], ?::float8[],
                        ?::bigint[], ?::text[])
                 AS u(id, alert_id, tenant, at, from_state, to_state, value, threshold, data_time, explanation)
            ON CONFLICT DO NOTHING
            """;

    void write(Transaction transaction) throws SQLException {
        List<AlertRow> alerts = transaction.plan().alerts();
        if (alerts.isEmpty()) {
            return;
        }
        try (PreparedStatement upsert = transaction.connection().prepareStatement(UPSERT)) {
            upsert.setObject(1, alerts.stream().map(row -> row.id().toString()).toArray(String[]::new));
            upsert.setObject(2, texts(alerts, AlertTransitionRecord::tenant));
            upsert.setObject(3, texts(alerts, AlertTransitionRecord::device));
            upsert.setObject(4, texts(alerts, AlertTransitionRecord::metric));
            upsert.setObject(
                    5, alerts.stream().map(row -> row.rule().toString()).toArray(String[]::new));
            upsert.setObject(
                    6,
                    alerts.stream().mapToInt(row -> row.newest().ruleVersion()).toArray());
            upsert.setObject(7, texts(alerts, AlertTransitionRecord::ruleName));
            upsert.setObject(8, texts(alerts, AlertTransitionRecord::kind));
            upsert.setObject(9, texts(alerts, AlertTransitionRecord::severity));
            upsert.setObject(10, alerts.stream().map(AlertRow::state).toArray(String[]::new));
            upsert.setObject(
                    11, alerts.stream().mapToLong(AlertRow::pendingSince).toArray());
            upsert.setObject(12, alerts.stream().map(AlertRow::firingSince).toArray(Long[]::new));
            upsert.setObject(13, alerts.stream().map(AlertRow::resolvedAt).toArray(Long[]::new));
            upsert.setObject(
                    14, alerts.stream().map(row -> row.newest().value()).toArray(Double[]::new));
            upsert.setObject(
                    15, alerts.stream().map(row -> row.newest().threshold()).toArray(Double[]::new));
            upsert.setObject(16, texts(alerts, AlertTransitionRecord::explanation));
            upsert.setObject(
                    17,
                    alerts.stream().mapToLong(row -> row.newest().decidedAt()).toArray());
            transaction.wrote("alert", upsert.executeUpdate());
        }
        addTransitions(transaction, transaction.plan().transitions());
    }

    private static void addTransitions(Transaction transaction, List<AlertTransitionRecord> rows) throws SQLException {
        try (PreparedStatement add = transaction.connection().prepareStatement(ADD_TRANSITIONS)) {
            add.setObject(1, rows.stream().map(AlertTransitionRecord::id).toArray(String[]::new));
            add.setObject(2, rows.stream().map(AlertTransitionRecord::alert).toArray(String[]::new));
            add.setObject(3, rows.stream().map(AlertTransitionRecord::tenant).toArray(String[]::new));
            add.setObject(
                    4, rows.stream().mapToLong(AlertTransitionRecord::decidedAt).toArray());
            add.setObject(5, rows.stream().map(AlertTransitionRecord::from).toArray(String[]::new));
            add.setObject(6, rows.stream().map(AlertTransitionRecord::to).toArray(String[]::new));
            add.setObject(7, rows.stream().map(AlertTransitionRecord::value).toArray(Double[]::new));
            add.setObject(8, rows.stream().map(AlertTransitionRecord::threshold).toArray(Double[]::new));
            add.setObject(
                    9, rows.stream().mapToLong(AlertTransitionRecord::dataTime).toArray());
            add.setObject(
                    10, rows.stream().map(AlertTransitionRecord::explanation).toArray(String[]::new));
            transaction.wrote("alert_transition", add.executeUpdate());
        }
    }

    private static String[] texts(List<AlertRow> alerts, Function<AlertTransitionRecord, @Nullable String> column) {
        return alerts.stream().map(row -> column.apply(row.newest())).toArray(String[]::new);
    }
}
