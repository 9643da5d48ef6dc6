package dev.heliograph.query.devices;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A change of many devices: what is asked for, what it would do, and what it did. */
final class BulkChange {
    private BulkChange() {}

    /**
     * What is asked for.
     *
     * @param q search that finds the devices; an empty one finds all
     * @param change merge patch for each of them: any fields of a device but its name; labels are merged key by key
     */
    record BulkDraft(
            @Nullable String q,

            @Schema(implementation = DeviceChange.class) @Nullable
            JsonNode change) {}

    /**
     * What it would do.
     *
     * @param token with which exactly this can be carried out, until {@code expiresAt}; null where it would do nothing
     * @param found devices that the search finds
     * @param changed devices that would be another
     * @param unchanged devices that are so already
     * @param conflicts devices that can not be changed so, and are left out
     * @param sample the first of those that would be changed
     */
    record BulkPreview(
            @Nullable UUID token,
            @Nullable Instant expiresAt,
            int found,
            int changed,
            int unchanged,
            BulkConflicts conflicts,
            List<BulkSample> sample) {}

    /** How many, and some of them. */
    record BulkConflicts(int count, List<BulkConflict> items) {}

    /** A device that can not be changed so. */
    record BulkConflict(String device, String detail) {}

    /** A device as it is and as it would be; only fields that differ. */
    record BulkSample(String device, Map<String, @Nullable Object> before, Map<String, @Nullable Object> after) {}

    /** Which previewed change to carry out. */
    record BulkOrder(@Nullable UUID token) {}

    /**
     * What it did.
     *
     * @param published whether Kafka has it; if not, it is kept and published when Kafka is back
     */
    record BulkResult(int changed, boolean published) {}

    /** A device that a search finds, and what a change would mean to it. */
    record Found(String id, long version, boolean differs, int labels) {}

    /** A previewed change that waits. */
    record Kept(String search, JsonNode change, List<String> devices, List<Long> versions) {}
}
