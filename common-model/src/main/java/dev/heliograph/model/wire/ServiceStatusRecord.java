package dev.heliograph.model.wire;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Value of the topic {@code service-status}: how one instance of a service is. Counters only grow while the
 * instance lives. Times are microseconds since the epoch unless the name says otherwise.
 */
public record ServiceStatusRecord(
        int v,
        String service,
        String instance,
        String version,
        long startedAt,
        long at,
        String state,
        @Nullable String detail,
        Map<String, Double> gauges,
        Map<String, Long> counters) {
    /** Reads and writes the values of the topic. */
    public static final WireCodec<ServiceStatusRecord> CODEC = WireCodec.of(ServiceStatusRecord.class);
}
