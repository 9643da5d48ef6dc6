package dev.heliograph.query.outbox;

import org.jspecify.annotations.Nullable;

/**
 * One change on its way.
 *
 * @param id grows with every change of the same key
 * @param topic where it goes
 * @param key key of the record
 * @param value its JSON; null is the tombstone
 */
public record OutboxRow(
        long id, String topic, String key, @Nullable String value) {}
