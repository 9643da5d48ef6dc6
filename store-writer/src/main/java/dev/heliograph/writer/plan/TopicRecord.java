package dev.heliograph.writer.plan;

import dev.heliograph.model.wire.LedgerStamp;
import org.jspecify.annotations.Nullable;

/**
 * One record of a topic, not yet decoded.
 *
 * @param place where it stands
 * @param offset its offset there
 * @param timestampMillis the record's timestamp, ms since the epoch
 * @param key its key, {@code tenant/device} where the writer of it kept to the contract
 * @param value its bytes; null for a tombstone, which none of the consumed topics should hold
 * @param stamp what the gateway that sent it says for the ledger; null for a record that no gateway sent
 */
public record TopicRecord(
        Place place,
        long offset,
        long timestampMillis,
        @Nullable String key,
        byte @Nullable [] value,
        @Nullable LedgerStamp stamp) {
    /** A record that no gateway sent. */
    public TopicRecord(Place place, long offset, long timestampMillis, @Nullable String key, byte @Nullable [] value) {
        this(place, offset, timestampMillis, key, value, null);
    }
}
