package dev.heliograph.writer.plan;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Something that was refused, and why.
 *
 * @param id the same whenever the same thing is refused again
 * @param tenant whose it is, {@link #NO_TENANT} where that cannot be told
 * @param receivedMicros when the platform received it, µs since the epoch
 * @param size of the whole input in bytes; {@code payload} may be its beginning only
 * @param counted whether the ledger counts it as received and quarantined
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
        boolean counted) {
    /** Stands for a tenant that cannot be told; no tenant id looks like it. */
    public static final String NO_TENANT = "-";
    /** A sample whose identity is already stored with another value. */
    public static final String CONFLICT = "CONFLICT";
    /** A record that is not what its topic holds. */
    public static final String POISON = "POISON";
    /** A row that the database refused. */
    public static final String DATABASE = "DATABASE";

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
    }

    private static String storable(String text) {
        return StorableText.of(text.length() > MAX_TEXT ? text.substring(0, MAX_TEXT) : text);
    }
}
