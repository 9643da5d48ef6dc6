package dev.heliograph.writer.plan;

import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Something that was refused, and why.
 *
 * @param id the same whenever the same thing is refused again
 * @param tenant whose it is, {@link #NO_TENANT} where that cannot be told
 * @param receivedMicros when the platform received it, µs since the epoch
 * @param size of the whole input in bytes; {@code payload} may be its beginning only
 * @param units how many units the ledger counts as received and quarantined for it; 0 where it counts none
 * @param contentType the content type that was declared, null for none
 * @param mode for what it was handed in: {@code backfill}, or null for what is live
 * @param offset of the record in the topic {@code quarantine} that tells of it, so that equal refusals can be one row with a
 *     count; -1 for what the writer itself refuses, whose id is the same whenever it is refused again
 */
public record QuarantineRow(
        UUID id,
        String tenant,
        @Nullable String device,
        String topic,
        String transport,
        String reason,
        String detail,
        @Nullable String metric,
        long receivedMicros,
        long size,
        String sha256,
        byte[] payload,
        long units,
        @Nullable String contentType,
        @Nullable String mode,
        long offset) {
    /** Stands for a tenant that cannot be told; no tenant id looks like it. */
    public static final String NO_TENANT = "-";
    /** A sample whose identity is already stored with another value. */
    public static final String CONFLICT = "CONFLICT";
    /** A record that is not what its topic holds. */
    public static final String POISON = "POISON";
    /** A record of a version that only a newer build knows. */
    public static final String SCHEMA = "SCHEMA";
    /** A row that the database refused. */
    public static final String DATABASE = "DATABASE";

    private static final long FOLD_MICROS = 3_600_000_000L;
    private static final int MAX_TEXT = 2_000;

    /** Texts are cut to a bound, and without the NUL that PostgreSQL cannot store: what is refused must be storable. */
    public QuarantineRow {
        tenant = storable(tenant);
        device = device == null ? null : storable(device);
        topic = storable(topic);
        transport = storable(transport);
        reason = storable(reason);
        detail = storable(detail);
        metric = metric == null ? null : storable(metric);
        sha256 = storable(sha256);
        contentType = contentType == null ? null : storable(contentType);
        mode = mode == null ? null : storable(mode);
    }

    /** Whether it comes from the topic, where each record counts once by its offset. */
    public boolean isFolded() {
        return offset >= 0;
    }

    /** The same for equal input that is refused for the same reason in the same hour. */
    public UUID fold() {
        String equal = String.join(
                "\n",
                tenant,
                String.valueOf(device),
                topic,
                transport,
                reason,
                String.valueOf(metric),
                sha256,
                mode == null ? String.valueOf(contentType) : contentType + "\n" + mode,
                Long.toString(Math.floorDiv(receivedMicros, FOLD_MICROS)));
        return UUID.nameUUIDFromBytes(equal.getBytes(StandardCharsets.UTF_8));
    }

    private static String storable(String text) {
        return StorableText.of(text.length() > MAX_TEXT ? text.substring(0, MAX_TEXT) : text);
    }
}
