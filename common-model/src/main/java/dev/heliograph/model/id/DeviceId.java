package dev.heliograph.model.id;

import java.util.Optional;

/**
 * Name of a device within its tenant.
 *
 * @param value {@code [a-z0-9][a-z0-9_-]{0,63}}, compared as bytes
 */
public record DeviceId(String value) implements Comparable<DeviceId> {
    /** @throws IllegalArgumentException if the value breaks the grammar */
    public DeviceId {
        if (!Identifiers.isSlug(value)) {
            throw new IllegalArgumentException("device id must match [a-z0-9][a-z0-9_-]{0,63}, was \"" + value + "\"");
        }
    }

    /** The device id that the text names, or empty where it breaks the grammar: for text that comes from outside. */
    public static Optional<DeviceId> parse(String text) {
        return Identifiers.isSlug(text) ? Optional.of(new DeviceId(text)) : Optional.empty();
    }

    @Override
    public int compareTo(DeviceId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
