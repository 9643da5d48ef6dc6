package dev.heliograph.model.wire;

import org.jspecify.annotations.Nullable;

/**
 * Value of the topic {@code device-sessions}: what the gateway saw of a device connection. {@code event} is {@code
 * connected}, {@code disconnected}, {@code will}, {@code status-online} or {@code status-offline}. Times are
 * microseconds since the epoch unless the name says otherwise.
 *
 * @param since when the connection that this is about began: the device's own, or that of the edge node that speaks for it;
 *     null where an older gateway did not say, or where there is no such connection. The end of a connection that was older
 *     than another one says nothing: a device that has moved to another gateway leaves its old connection behind, which ends
 *     when nobody is there any more
 */
public record SessionRecord(
        int v,
        String tenant,
        String device,
        String event,
        long at,
        @Nullable String reason,
        @Nullable Long since) {
    /** Reads and writes the values of the topic. */
    public static final WireCodec<SessionRecord> CODEC = WireCodec.of(SessionRecord.class);
}
