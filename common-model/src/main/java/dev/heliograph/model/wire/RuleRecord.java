package dev.heliograph.model.wire;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Value of the compacted topic {@code rules}: when to raise an alert. Durations are milliseconds. */
public record RuleRecord(
        int v,
        String id,
        String tenant,
        int version,
        boolean enabled,
        String name,
        String severity,
        Scope scope,
        Condition condition,
        long holdMs,
        long clearHoldMs,
        @Nullable String runbook,
        @Nullable String owner) {
    /** Reads and writes the values of the topic. */
    public static final WireCodec<RuleRecord> CODEC = WireCodec.of(RuleRecord.class);

    /** Which devices a rule watches: every non-empty criterion must match; all empty means every device. */
    public record Scope(List<String> devices, List<String> types, List<String> sites, Map<String, String> labels) {}

    /** What must be the case for an alert. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Threshold.class, name = "threshold"),
        @JsonSubTypes.Type(value = Absence.class, name = "absence")
    })
    public sealed interface Condition {}

    /**
     * A metric beyond a value; {@code operator} is {@code gt}, {@code ge}, {@code lt} or {@code le}; cleared past
     * {@code clear}.
     */
    public record Threshold(String metric, String operator, double value, double clear) implements Condition {}

    /** No reading received for this long; with a {@code metric}, none that has it. */
    public record Absence(long afterMs, @Nullable String metric) implements Condition {
        /** Of the whole device. */
        public Absence(long afterMs) {
            this(afterMs, null);
        }
    }
}
