package dev.heliograph.writer.plan;

import org.jspecify.annotations.Nullable;

/**
 * One record of a topic, not yet decoded.
 *
 * @param place where it stands
 * @param offset its offset there
 * @param timestampMillis the record's timestamp, ms since the epoch
 * @param key its key, {@code tenant/device} where the writer of it kept to the contract
 * @param value its bytes; null for a tombstone, which none of the consumed topics should hold
 */
public record TopicRecord(
        Place place,
        long offset,
        long timestampMillis,
        @Nullable String key,
        byte @Nullable [] value) {}
