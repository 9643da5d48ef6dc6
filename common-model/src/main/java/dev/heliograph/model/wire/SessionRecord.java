package dev.heliograph.model.wire;

import org.jspecify.annotations.Nullable;

/**
 * Value of the topic {@code device-sessions}: what the gateway saw of a device connection. {@code event} is {@code
 * connected}, {@code disconnected}, {@code will}, {@code status-online} or {@code status-offline}. Times are
 * microseconds since the epoch unless the name says otherwise.
 */
public record SessionRecord(
        int v,
        String tenant,
        String device,
        String event,
        long at,
        @Nullable String reason) {
    /** Reads and writes the values of the topic. */
    public static final WireCodec<SessionRecord> CODEC = WireCodec.of(SessionRecord.class);
}
