package dev.heliograph.query.quarantine;

import dev.heliograph.model.id.DeviceId;
import dev.heliograph.query.data.TimeText;
import dev.heliograph.query.problem.Problems;
import java.time.Instant;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which refused messages; null leaves open.
 *
 * @param from first time of receipt, inclusive
 * @param to last time of receipt, exclusive
 * @param replayed {@code true} for what was replayed, {@code false} for what was not
 */
record QuarantineFilter(
        @Nullable String reason,
        @Nullable DeviceId device,
        @Nullable String transport,
        @Nullable Instant from,
        @Nullable Instant to,
        @Nullable Boolean replayed) {
    private static final Pattern REASON = Pattern.compile("[A-Z][A-Z0-9_]{0,63}");
    private static final Set<String> TRANSPORTS = Set.of("mqtt", "http", "subscription", "kafka");

    static QuarantineFilter of(
            @Nullable String reason,
            @Nullable DeviceId device,
            @Nullable String transport,
            @Nullable String from,
            @Nullable String to,
            @Nullable String replayed,
            Instant now) {
        if (reason != null && !REASON.matcher(reason).matches()) {
            throw Problems.badParameter("reason", "must be a reason such as JSON");
        }
        if (transport != null && !TRANSPORTS.contains(transport)) {
            throw Problems.badParameter("transport", "must be mqtt, http, subscription or kafka");
        }
        if (replayed != null && !replayed.equals("true") && !replayed.equals("false")) {
            throw Problems.badParameter("replayed", "must be true or false");
        }
        return new QuarantineFilter(
                reason,
                device,
                transport,
                from == null ? null : TimeText.instant("from", from, now),
                to == null ? null : TimeText.instant("to", to, now),
                replayed == null ? null : Boolean.valueOf(replayed));
    }
}
