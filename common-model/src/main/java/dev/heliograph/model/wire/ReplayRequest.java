package dev.heliograph.model.wire;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the API asks a gateway: to take quarantined messages again, or to say what would come of it.
 *
 * @param dryRun whether nothing is to be sent
 * @param messages at most {@link #MOST_MESSAGES}
 */
public record ReplayRequest(int v, boolean dryRun, List<Message> messages) {
    /** Where a gateway takes it, by POST. */
    public static final String PATH = "/internal/v1/replay";
    /** The header that carries the shared secret. */
    public static final String SECRET_HEADER = "X-Heliograph-Replay-Secret";
    /** Most messages of one request. */
    public static final int MOST_MESSAGES = 100;
    /** Longest payload that the quarantine keeps, and so the longest that can be replayed, bytes. */
    public static final int MOST_PAYLOAD_BYTES = 4_096;

    /** Reads and writes the body. */
    public static final WireCodec<ReplayRequest> CODEC = WireCodec.of(ReplayRequest.class);

    /**
     * One message as it came.
     *
     * @param id of its row in the quarantine
     * @param device who sent it, null where that was not told by the connection
     * @param mode for what it was handed in: {@link QuarantineRecord#BACKFILL}, or null for what is live
     * @param received when it was first received, µs since the epoch: the time of a reading that names none
     */
    public record Message(
            String id,
            String tenant,
            @Nullable String device,
            String topic,
            String transport,
            @Nullable String contentType,
            @Nullable String mode,
            long received,
            byte[] payload) {}
}
