package dev.heliograph.model.id;

import java.util.Optional;

/**
 * Who owns a device and everything that it reports; the wall that no answer crosses.
 *
 * @param value {@code [a-z0-9][a-z0-9_-]{0,63}}, compared as bytes
 */
public record TenantId(String value) implements Comparable<TenantId> {
    /** @throws IllegalArgumentException if the value breaks the grammar */
    public TenantId {
        if (!Identifiers.isSlug(value)) {
            throw new IllegalArgumentException("tenant id must match [a-z0-9][a-z0-9_-]{0,63}, was \"" + value + "\"");
        }
    }

    /** The tenant id that the text names, or empty where it breaks the grammar: for text that comes from outside. */
    public static Optional<TenantId> parse(String text) {
        return Identifiers.isSlug(text) ? Optional.of(new TenantId(text)) : Optional.empty();
    }

    @Override
    public int compareTo(TenantId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
