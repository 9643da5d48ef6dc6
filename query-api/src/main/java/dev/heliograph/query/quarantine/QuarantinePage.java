package dev.heliograph.query.quarantine;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Some refused messages, newest first.
 *
 * @param total how many the filter matches, up to the counting limit
 * @param counts by reason, over the last day and whatever the filter
 */
public record QuarantinePage(
        List<Item> items, @Nullable String nextCursor, long total, boolean totalIsExact, Map<String, Long> counts) {
    /**
     * One refused message.
     *
     * @param size bytes of the whole message
     * @param payloadPreview the beginning of it: text where it is text, else hex after {@code 0x}
     */
    public record Item(
            UUID id,
            @Nullable String device,
            String topic,
            String transport,
            String reason,
            String detail,
            @Nullable String metric,
            Instant receivedAt,
            long size,
            String payloadPreview) {}
}
