package dev.heliograph.query.rules;

import dev.heliograph.model.id.DeviceId;
import dev.heliograph.model.id.MetricName;
import dev.heliograph.model.id.SiteId;
import dev.heliograph.model.id.TenantId;
import dev.heliograph.model.wire.RuleRecord;
import dev.heliograph.model.wire.WireCodec;
import dev.heliograph.query.problem.ProblemException.Fault;
import dev.heliograph.query.problem.Problems;
import dev.heliograph.query.web.Text;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A rule as it is written.
 *
 * @param enabled true where it is absent
 * @param holdSeconds 0 where it is absent; at most a week
 * @param clearHoldSeconds 0 where it is absent; at most a week
 * @param runbook an http or https address
 */
public record RuleDraft(
        @Nullable String name,
        @Nullable Boolean enabled,
        @Nullable String severity,
        Rule.@Nullable Scope scope,
        Rule.@Nullable Condition condition,
        @Nullable Double holdSeconds,
        @Nullable Double clearHoldSeconds,
        @Nullable String runbook,
        @Nullable String owner) {
    private static final Set<String> SEVERITIES = Set.of("critical", "warning", "info");
    private static final Set<String> OPERATORS = Set.of("gt", "ge", "lt", "le");
    private static final double MAX_HOLD_SECONDS = 7 * 86_400.0;
    private static final int MAX_SCOPE = 1_000;
    private static final int MAX_RUNBOOK = 1_000;

    /** The rule as it is published; throws 400 with everything that is wrong. */
    RuleRecord toRecord(TenantId tenant, UUID id, int version) {
        List<Fault> faults = new ArrayList<>();
        Text.required(name, "/name", faults);
        require(
                severity != null && SEVERITIES.contains(severity),
                "/severity",
                "must be critical, warning or info",
                faults);
        long hold = millis(holdSeconds, "/holdSeconds", faults);
        long clearHold = millis(clearHoldSeconds, "/clearHoldSeconds", faults);
        require(runbook == null || isWebAddress(runbook), "/runbook", "must be an http or https address", faults);
        Text.optional(owner, "/owner", Text.MAX_NAME, faults);
        RuleRecord.Scope checkedScope = scope(faults);
        RuleRecord.Condition checked = condition(faults);
        if (!faults.isEmpty() || checked == null) {
            throw Problems.badBody(faults);
        }
        return new RuleRecord(
                WireCodec.VERSION,
                id.toString(),
                tenant.value(),
                version,
                !Boolean.FALSE.equals(enabled),
                Objects.requireNonNull(name),
                Objects.requireNonNull(severity),
                checkedScope,
                checked,
                hold,
                clearHold,
                runbook,
                owner);
    }

    private RuleRecord.Scope scope(List<Fault> faults) {
        Rule.Scope given = scope;
        if (given == null) {
            return new RuleRecord.Scope(List.of(), List.of(), List.of(), Map.of());
        }
        List<String> devices =
                list(given.devices(), "/scope/devices", id -> DeviceId.parse(id).isPresent(), faults);
        List<String> sites =
                list(given.sites(), "/scope/sites", id -> SiteId.parse(id).isPresent(), faults);
        List<String> types =
                list(given.types(), "/scope/types", type -> !type.isBlank() && type.length() <= Text.MAX_NAME, faults);
        Text.labels(given.labels(), "/scope/labels", faults);
        Map<String, String> labels = given.labels();
        return new RuleRecord.Scope(devices, types, sites, labels == null ? Map.of() : labels);
    }

    private static List<String> list(
            @Nullable List<String> given, String pointer, Predicate<String> valid, List<Fault> faults) {
        if (given == null) {
            return List.of();
        }
        require(given.size() <= MAX_SCOPE, pointer, "may have " + MAX_SCOPE + " entries", faults);
        require(
                given.stream().allMatch(entry -> entry != null && valid.test(entry)),
                pointer,
                "has an entry that is not a name",
                faults);
        return given;
    }

    private RuleRecord.@Nullable Condition condition(List<Fault> faults) {
        Rule.Condition given = condition;
        return switch (given) {
            case null -> {
                faults.add(new Fault("/condition", "is required"));
                yield null;
            }
            case Rule.Threshold threshold -> threshold(threshold, faults);
            case Rule.Absence absence -> {
                Double after = absence.afterSeconds();
                require(
                        after != null && after >= 1 && after <= MAX_HOLD_SECONDS,
                        "/condition/afterSeconds",
                        "must be within 1 and 604800",
                        faults);
                String metric = absence.metric();
                require(
                        metric == null || MetricName.parse(metric).isPresent(),
                        "/condition/metric",
                        "must be the name of a metric, or absent for any reading",
                        faults);
                yield after == null ? null : new RuleRecord.Absence(Math.round(after * 1_000), metric);
            }
        };
    }

    private static RuleRecord.@Nullable Condition threshold(Rule.Threshold given, List<Fault> faults) {
        String metric = given.metric();
        String operator = given.operator();
        Double value = given.value();
        require(
                metric != null && MetricName.parse(metric).isPresent(),
                "/condition/metric",
                "must be the name of a metric",
                faults);
        require(
                operator != null && OPERATORS.contains(operator),
                "/condition/operator",
                "must be gt, ge, lt or le",
                faults);
        require(value != null && Double.isFinite(value), "/condition/value", "must be a number", faults);
        if (metric == null || operator == null || value == null) {
            return null;
        }
        double clear = Objects.requireNonNullElse(given.clear(), value);
        boolean above = operator.startsWith("g");
        require(
                Double.isFinite(clear) && (above ? clear <= value : clear >= value),
                "/condition/clear",
                above ? "must not be above value" : "must not be below value",
                faults);
        return new RuleRecord.Threshold(metric, operator, value, clear);
    }

    private static long millis(@Nullable Double seconds, String pointer, List<Fault> faults) {
        if (seconds == null) {
            return 0;
        }
        require(seconds >= 0 && seconds <= MAX_HOLD_SECONDS, pointer, "must be within 0 and 604800", faults);
        return Math.round(seconds * 1_000);
    }

    private static boolean isWebAddress(String text) {
        try {
            URI address = new URI(text);
            String scheme = address.getScheme();
            return text.length() <= MAX_RUNBOOK
                    && address.getHost() != null
                    && ("https".equalsIgnoreCase(scheme) || "http".equalsIgnoreCase(scheme));
        } catch (URISyntaxException notAnAddress) {
            return false;
        }
    }

    private static void require(boolean holds, String pointer, String expected, List<Fault> faults) {
        if (!holds) {
            faults.add(new Fault(pointer, expected));
        }
    }
}
