package dev.heliograph.model.alert;

import dev.heliograph.model.id.MetricName;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One step of one alert and everything that explains it. The ids are derived from the content, so that a step that is
 * decided again has the same ones.
 *
 * @param id of this step
 * @param alert of the episode from pending or firing to resolved or OK
 * @param metric of the series; null where the alert is about the whole device
 * @param rule by which it was decided; the version before the change where a change of the rule ended the alert
 * @param ruleVersion its version
 * @param ruleName its name, or the id where the rule is gone
 * @param kind of its condition
 * @param severity of the rule
 * @param from phase before
 * @param to phase after
 * @param value the sample that decided, or null
 * @param threshold the limit it was held against, or null
 * @param dataMicros time of the data that decided, µs since the epoch
 * @param decidedMicros when it was decided by the platform's clock, µs since the epoch
 * @param explanation one sentence for an operator
 */
public record AlertTransition(
        UUID id,
        UUID alert,
        @Nullable MetricName metric,
        UUID rule,
        int ruleVersion,
        String ruleName,
        String kind,
        Severity severity,
        AlertPhase from,
        AlertPhase to,
        @Nullable Double value,
        @Nullable Double threshold,
        long dataMicros,
        long decidedMicros,
        String explanation) {}
