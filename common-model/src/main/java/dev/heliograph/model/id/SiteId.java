package dev.heliograph.model.id;

import java.util.Optional;

/**
 * Name of a place with a time zone, within its tenant.
 *
 * @param value {@code [a-z0-9][a-z0-9_-]{0,63}}, compared as bytes
 */
public record SiteId(String value) implements Comparable<SiteId> {
    /** @throws IllegalArgumentException if the value breaks the grammar */
    public SiteId {
        if (!Identifiers.isSlug(value)) {
            throw new IllegalArgumentException("site id must match [a-z0-9][a-z0-9_-]{0,63}, was \"" + value + "\"");
        }
    }

    /** The site id that the text names, or empty where it breaks the grammar: for text that comes from outside. */
    public static Optional<SiteId> parse(String text) {
        return Identifiers.isSlug(text) ? Optional.of(new SiteId(text)) : Optional.empty();
    }

    @Override
    public int compareTo(SiteId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
