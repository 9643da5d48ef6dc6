package dev.heliograph.model.wire;

import org.jspecify.annotations.Nullable;

/**
 * Value of the topic {@code quarantine}: input that was refused, why, and its first bytes ({@code payload} in
 * Base64), with the content type that was declared and for what it was handed in ({@code mode}: {@link #BACKFILL}, or none
 * for what is live). Times are microseconds since the epoch unless the name says otherwise.
 */
public record QuarantineRecord(
        int v,
        String id,
        String tenant,
        @Nullable String device,
        String topic,
        String transport,
        String reason,
        String detail,
        @Nullable String metric,
        long received,
        long size,
        String sha256,
        byte[] payload,
        @Nullable String contentType,
        @Nullable String mode) {
    /** The mode of a message that was to bring history. */
    public static final String BACKFILL = "backfill";

    /** Reads and writes the values of the topic. */
    public static final WireCodec<QuarantineRecord> CODEC = WireCodec.of(QuarantineRecord.class);

    /** A refusal of live input without a declared content type. */
    public QuarantineRecord(
            int v,
            String id,
            String tenant,
            @Nullable String device,
            String topic,
            String transport,
            String reason,
            String detail,
            @Nullable String metric,
            long received,
            long size,
            String sha256,
            byte[] payload) {
        this(
                v, id, tenant, device, topic, transport, reason, detail, metric, received, size, sha256, payload, null,
                null);
    }
}
