package dev.heliograph.model.wire;

import org.jspecify.annotations.Nullable;

/**
 * Value of the topic {@code alert-transitions}: one step of one alert, with everything that explains it. {@code
 * id} is the same whenever the same step is decided again. Times are microseconds since the epoch unless the name
 * says otherwise.
 */
public record AlertTransitionRecord(
        int v,
        String id,
        String alert,
        String tenant,
        String device,
        @Nullable String metric,
        String rule,
        int ruleVersion,
        String ruleName,
        String kind,
        String severity,
        String from,
        String to,
        @Nullable Double value,
        @Nullable Double threshold,
        long dataTime,
        long decidedAt,
        String explanation) {
    /** Reads and writes the values of the topic. */
    public static final WireCodec<AlertTransitionRecord> CODEC = WireCodec.of(AlertTransitionRecord.class);
}
