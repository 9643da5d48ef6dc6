package dev.heliograph.model.alert;

import dev.heliograph.model.id.DeviceId;
import dev.heliograph.model.id.MetricName;
import dev.heliograph.model.id.SiteId;
import dev.heliograph.model.id.TenantId;
import dev.heliograph.model.wire.RuleRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A rule as it came, judged: the rule, or every reason why it is none. */
public sealed interface RuleCheck {
    /** Longest hold, clear hold and absence, 30 days. */
    Duration LONGEST = Duration.ofDays(30);
    /** Shortest absence: below it, the ticking of the evaluator shows. */
    Duration SHORTEST_ABSENCE = Duration.ofSeconds(1);
    /** Most entries in one criterion of a scope. */
    int MAX_SCOPE_ENTRIES = 1_000;
    /** Longest name, in UTF-16 characters. */
    int MAX_NAME_LENGTH = 200;

    /** A rule that can be evaluated. */
    record Valid(AlertRule rule) implements RuleCheck {}

    /** No rule; there is at least one problem. */
    record Invalid(List<RuleProblem> problems) implements RuleCheck {
        public Invalid {
            problems = List.copyOf(problems);
        }
    }

    /** Judges a rule of the wire. */
    static RuleCheck of(RuleRecord wire) {
        return new Judgement().judge(wire);
    }

    /** Collects problems while it translates. */
    final class Judgement {
        private final List<RuleProblem> problems = new ArrayList<>();

        private Judgement() {}

        private RuleCheck judge(RuleRecord wire) {
            TenantId tenant = required("/tenant", parsed(wire.tenant(), TenantId::parse), "must be a tenant id");
            UUID id = required("/id", parsed(wire.id(), Judgement::uuid), "must be a UUID");
            Severity severity = required(
                    "/severity", parsed(wire.severity(), Severity::parse), "must be critical, warning or info");
            String name = name(wire.name());
            RuleScope scope = scope(wire.scope());
            Condition condition = condition(wire.condition());
            Duration hold = duration("/holdMs", wire.holdMs(), Duration.ZERO);
            Duration clearHold = duration("/clearHoldMs", wire.clearHoldMs(), Duration.ZERO);
            if (wire.version() < 1) {
                refuse("/version", "must be 1 or more");
            }
            if (!problems.isEmpty() || tenant == null || id == null || severity == null || condition == null) {
                return new Invalid(problems);
            }
            return new Valid(new AlertRule(
                    tenant, id, wire.version(), wire.enabled(), name, severity, scope, condition, hold, clearHold));
        }

        private String name(@Nullable String name) {
            String given = name == null ? "" : name;
            if (given.isBlank() || given.length() > MAX_NAME_LENGTH) {
                refuse("/name", "must have 1 to " + MAX_NAME_LENGTH + " characters");
            }
            return given;
        }

        private RuleScope scope(RuleRecord.@Nullable Scope wire) {
            if (wire == null) {
                return RuleScope.ALL;
            }
            Set<String> devices = entries(
                    "/scope/devices",
                    wire.devices(),
                    text -> DeviceId.parse(text).isPresent());
            Set<String> types = entries("/scope/types", wire.types(), text -> !text.isBlank());
            Set<String> sites = entries(
                    "/scope/sites", wire.sites(), text -> SiteId.parse(text).isPresent());
            Map<String, String> labels = wire.labels() == null ? Map.of() : wire.labels();
            if (labels.size() > MAX_SCOPE_ENTRIES) {
                refuse("/scope/labels", "must have at most " + MAX_SCOPE_ENTRIES + " entries");
            }
            return new RuleScope(devices, types, sites, labels);
        }

        private Set<String> entries(
                String pointer, @Nullable Collection<String> given, java.util.function.Predicate<String> isGood) {
            if (given == null) {
                return Set.of();
            }
            if (given.size() > MAX_SCOPE_ENTRIES) {
                refuse(pointer, "must have at most " + MAX_SCOPE_ENTRIES + " entries");
            }
            int index = 0;
            for (String entry : given) {
                if (!isGood.test(entry)) {
                    refuse(pointer + "/" + index, "is no valid id: \"" + entry + "\"");
                }
                index++;
            }
            return Set.copyOf(given);
        }

        private @Nullable Condition condition(RuleRecord.@Nullable Condition wire) {
            return switch (wire) {
                case null -> {
                    refuse("/condition", "is required");
                    yield null;
                }
                case RuleRecord.Threshold threshold -> threshold(threshold);
                case RuleRecord.Absence absence -> {
                    Duration after = duration("/condition/afterMs", absence.afterMs(), SHORTEST_ABSENCE);
                    MetricName metric = absence.metric() == null
                            ? null
                            : required(
                                    "/condition/metric",
                                    parsed(absence.metric(), MetricName::parse),
                                    "must be a metric name");
                    yield new Condition.Absence(after, metric);
                }
            };
        }

        private @Nullable Condition threshold(RuleRecord.Threshold wire) {
            MetricName metric =
                    required("/condition/metric", parsed(wire.metric(), MetricName::parse), "must be a metric name");
            Comparison comparison = required(
                    "/condition/operator", parsed(wire.operator(), Comparison::parse), "must be ge, gt, le or lt");
            if (metric == null || comparison == null) {
                return null;
            }
            try {
                return new Condition.Threshold(metric, comparison, wire.value(), wire.clear());
            } catch (IllegalArgumentException refused) {
                refuse("/condition/clear", String.valueOf(refused.getMessage()));
                return null;
            }
        }

        private Duration duration(String pointer, long millis, Duration least) {
            if (millis < least.toMillis() || millis > LONGEST.toMillis()) {
                refuse(pointer, "must be within " + least.toMillis() + ".." + LONGEST.toMillis() + ", was " + millis);
                return least;
            }
            return Duration.ofMillis(millis);
        }

        private static Optional<UUID> uuid(String text) {
            try {
                return Optional.of(UUID.fromString(text));
            } catch (IllegalArgumentException notOne) {
                return Optional.empty();
            }
        }

        private static <T> Optional<T> parsed(
                @Nullable String text, java.util.function.Function<String, Optional<T>> parse) {
            return text == null ? Optional.empty() : parse.apply(text);
        }

        private <T> @Nullable T required(String pointer, Optional<T> value, String rule) {
            if (value.isEmpty()) {
                refuse(pointer, rule);
                return null;
            }
            return value.get();
        }

        private void refuse(String pointer, String detail) {
            problems.add(new RuleProblem(pointer, detail));
        }
    }
}
