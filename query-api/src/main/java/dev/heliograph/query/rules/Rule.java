package dev.heliograph.query.rules;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An alert rule as callers see it.
 *
 * @param holdSeconds how long the condition must hold before the alert fires
 * @param clearHoldSeconds how long it must be clear before the alert resolves
 */
public record Rule(
        UUID id,
        int version,
        boolean enabled,
        String name,
        String severity,
        Scope scope,
        Condition condition,
        double holdSeconds,
        double clearHoldSeconds,
        @Nullable String runbook,
        @Nullable String owner,
        Instant updatedAt,
        String updatedBy) {
    /** Which devices: every criterion that is not empty must match. */
    public record Scope(
            @Nullable List<String> devices,
            @Nullable List<String> types,
            @Nullable List<String> sites,
            @Nullable Map<String, String> labels) {}

    /** What must be the case. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Threshold.class, name = "threshold"),
        @JsonSubTypes.Type(value = Absence.class, name = "absence")
    })
    public sealed interface Condition permits Threshold, Absence {}

    /**
     * A metric beyond a value.
     *
     * @param operator {@code gt}, {@code ge}, {@code lt} or {@code le}
     * @param clear the value past which it is over; {@code value} where it is absent
     */
    public record Threshold(
            @Nullable String metric,
            @Nullable String operator,
            @Nullable Double value,
            @Nullable Double clear) implements Condition {}

    /**
     * No reading received for this long.
     *
     * @param metric only readings that have it count; any reading where it is absent
     */
    public record Absence(
            @Nullable Double afterSeconds, @Nullable String metric) implements Condition {}
}
