package dev.heliograph.model.wire;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Value of the compacted topic {@code devices}: a registered device and the hashes of its credentials.
 *
 * @param mayBackfill whether it may bring readings of any age by its own key; null for no
 */
public record DeviceRecord(
        int v,
        String tenant,
        String device,
        boolean enabled,
        @Nullable String type,
        @Nullable String site,
        Map<String, String> labels,
        @Nullable Long expectedIntervalMs,
        List<Credential> credentials,
        long version,
        @Nullable Boolean mayBackfill) {
    /** Reads and writes the values of the topic. */
    public static final WireCodec<DeviceRecord> CODEC = WireCodec.of(DeviceRecord.class);

    /**
     * Salt and HMAC-SHA256 of a device key, both in lower-case hex; see {@link
     * dev.heliograph.model.credential.DeviceKeyHash}.
     */
    public record Credential(String salt, String hash) {}
}
