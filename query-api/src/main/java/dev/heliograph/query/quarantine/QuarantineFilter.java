package dev.heliograph.query.quarantine;

import dev.heliograph.model.id.DeviceId;
import dev.heliograph.query.data.TimeText;
import dev.heliograph.query.problem.Problems;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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
    private static final List<String> NAMES = List.of("reason", "device", "transport", "from", "to", "replayed");
    /** Texts of {@link #written}. */
    static final int TEXTS = 6;

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

    /** The same of what has come until now: what it finds grows no more. */
    QuarantineFilter until(Instant now) {
        Instant end = to == null || to.isAfter(now) ? now : to;
        return new QuarantineFilter(reason, device, transport, from, end, replayed);
    }

    /** As texts, for {@link #read}. */
    List<@Nullable String> written() {
        return Arrays.asList(
                reason,
                device == null ? null : device.value(),
                transport,
                from == null ? null : from.toString(),
                to == null ? null : to.toString(),
                replayed == null ? null : replayed.toString());
    }

    /** What {@link #written} wrote, and nobody has changed. */
    static QuarantineFilter read(List<@Nullable String> written) {
        String device = written.get(1);
        String from = written.get(3);
        String to = written.get(4);
        String replayed = written.get(5);
        return new QuarantineFilter(
                written.get(0),
                device == null ? null : new DeviceId(device),
                written.get(2),
                from == null ? null : Instant.parse(from),
                to == null ? null : Instant.parse(to),
                replayed == null ? null : Boolean.valueOf(replayed));
    }

    /** The same for people, such as {@code reason=JSON to=2026-11-25T10:00:00Z}. */
    @Override
    public String toString() {
        List<@Nullable String> values = written();
        return IntStream.range(0, NAMES.size())
                .filter(at -> values.get(at) != null)
                .mapToObj(at -> NAMES.get(at) + "=" + values.get(at))
                .collect(Collectors.joining(" "));
    }
}
