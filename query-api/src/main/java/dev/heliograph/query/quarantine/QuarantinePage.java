package dev.heliograph.query.quarantine;

import io.swagger.v3.oas.annotations.media.Schema;
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
     * One refused message, or several that are equal.
     *
     * @param hint what can be done about it
     * @param receivedAt when the first was received
     * @param lastReceivedAt when the last equal one was received
     * @param count how many equal ones came within the hour
     * @param size bytes of the whole message
     * @param contentType what it was declared to be
     * @param mode for what it was handed in: {@code backfill} for history, as which it is replayed; null for what is live
     * @param payloadPreview the beginning of it: text where it is text, else hex after {@code 0x}
     * @param notReplayable why it cannot be replayed; null where it can
     * @param replay what came of the last replay; null where there was none
     */
    @Schema(name = "QuarantinedMessage")
    public record Item(
            UUID id,
            @Nullable String device,
            String topic,
            String transport,
            String reason,
            String detail,
            String hint,
            @Nullable String metric,
            Instant receivedAt,
            Instant lastReceivedAt,
            long count,
            long size,
            @Nullable String contentType,
            @Nullable String mode,
            String payloadPreview,
            @Nullable String notReplayable,
            @Nullable LastReplay replay) {}

    /** What came of a replay. */
    public record LastReplay(
            Instant at, String by, String outcome, @Nullable String detail) {}

    /** Why a row cannot be replayed; null where it can. */
    static @Nullable String notReplayable(String transport, long size, long kept) {
        if (transport.equals("kafka")) {
            return "It was refused behind the gateway, where there is no message to take again.";
        }
        if (size > kept) {
            return "Only the first " + kept + " of " + size + " bytes are kept.";
        }
        return size == 0 ? "There are no bytes to replay." : null;
    }
}
