package dev.heliograph.query.alerts;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One rule that holds, or held, for one series or device.
 *
 * @param state {@code pending}, {@code firing} or {@code resolved}
 * @param explanation why, in words with numbers
 * @param allowedActions what this caller may do with it now
 * @param transitions every step; only in the answer for one alert
 */
public record Alert(
        UUID id,
        String device,
        @Nullable String site,
        @Nullable String metric,
        UUID ruleId,
        String ruleName,
        int ruleVersion,
        String kind,
        String severity,
        String state,
        Instant pendingSince,
        @Nullable Instant firingSince,
        @Nullable Instant resolvedAt,
        @Nullable Double value,
        @Nullable Double threshold,
        String explanation,
        @Nullable Acknowledged acknowledged,
        @Nullable String comment,
        List<String> allowedActions,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<Transition> transitions) {
    /** That somebody has seen it. */
    public record Acknowledged(Instant at, String by) {}

    /**
     * One step.
     *
     * @param at when it was decided
     * @param dataTime the time of the data that decided it
     */
    public record Transition(
            UUID id,
            String from,
            String to,
            Instant at,
            Instant dataTime,
            @Nullable Double value,
            @Nullable Double threshold,
            String explanation) {}
}
