package dev.heliograph.query.alerts;

import dev.heliograph.model.id.DeviceId;
import dev.heliograph.query.problem.Problems;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Which alerts a list shows; everything given must match. {@code open} is pending or firing. */
record AlertFilter(
        String state,
        @Nullable String severity,
        @Nullable DeviceId device,
        @Nullable UUID rule,
        @Nullable Boolean acknowledged) {
    private static final Set<String> STATES = Set.of("open", "firing", "pending", "resolved", "all");
    private static final Set<String> SEVERITIES = Set.of("critical", "warning", "info");

    static AlertFilter of(
            @Nullable String state,
            @Nullable String severity,
            @Nullable DeviceId device,
            @Nullable UUID rule,
            @Nullable String acknowledged) {
        String wanted = state == null ? "open" : state;
        if (!STATES.contains(wanted)) {
            throw Problems.badParameter("state", "must be open, firing, pending, resolved or all");
        }
        if (severity != null && !SEVERITIES.contains(severity)) {
            throw Problems.badParameter("severity", "must be critical, warning or info");
        }
        if (acknowledged != null && !acknowledged.equals("true") && !acknowledged.equals("false")) {
            throw Problems.badParameter("acknowledged", "must be true or false");
        }
        return new AlertFilter(
                wanted, severity, device, rule, acknowledged == null ? null : Boolean.valueOf(acknowledged));
    }

    /** The conditions in SQL; adds their parameters. */
    String where(Map<String, Object> parameters) {
        StringBuilder where = new StringBuilder();
        switch (state) {
            case "open" -> where.append(" AND a.state <> 'resolved'");
            // Both, so that the index of open alerts can be used.
            case "firing" -> where.append(" AND a.state <> 'resolved' AND a.state = 'firing'");
            case "pending" -> where.append(" AND a.state <> 'resolved' AND a.state = 'pending'");
            case "resolved" -> where.append(" AND a.state = 'resolved'");
            default -> where.append("");
        }
        if (severity != null) {
            where.append(" AND a.severity = :severity");
            parameters.put("severity", severity);
        }
        if (device != null) {
            where.append(" AND a.device = :device");
            parameters.put("device", device.value());
        }
        if (rule != null) {
            where.append(" AND a.rule_id = :rule");
            parameters.put("rule", rule);
        }
        if (acknowledged != null) {
            where.append(acknowledged ? " AND a.acknowledged_at IS NOT NULL" : " AND a.acknowledged_at IS NULL");
        }
        return where.toString();
    }
}
