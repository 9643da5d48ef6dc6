package dev.heliograph.model.wire;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Value of the topic {@code presence}: the state that a device entered at {@code at}. Times are microseconds since
 * the epoch unless the name says otherwise. {@code silentMetrics} are those that have stopped while others of the
 * device go on; absent where there are none.
 */
public record PresenceRecord(
        int v,
        String tenant,
        String device,
        String state,
        @Nullable String previous,
        long at,
        @Nullable Long lastSeen,
        @Nullable Long lastSampleTs,
        @Nullable Long expectedIntervalMs,
        @Nullable Boolean connected,
        @Nullable List<String> silentMetrics) {
    /** Reads and writes the values of the topic. */
    public static final WireCodec<PresenceRecord> CODEC = WireCodec.of(PresenceRecord.class);
}
