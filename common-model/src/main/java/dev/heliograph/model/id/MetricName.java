package dev.heliograph.model.id;

import java.util.Optional;

/**
 * Name of a quantity that a device reports, such as {@code temperature}.
 *
 * @param value {@code [A-Za-z][A-Za-z0-9_.-]{0,63}}, case-sensitive
 */
public record MetricName(String value) implements Comparable<MetricName> {
    /** @throws IllegalArgumentException if the value breaks the grammar */
    public MetricName {
        if (!Identifiers.isMetricName(value)) {
            throw new IllegalArgumentException(
                    "metric name must match [A-Za-z][A-Za-z0-9_.-]{0,63}, was \"" + value + "\"");
        }
    }

    /** The metric that the text names, or empty where it breaks the grammar: for text that comes from outside. */
    public static Optional<MetricName> parse(String text) {
        return Identifiers.isMetricName(text) ? Optional.of(new MetricName(text)) : Optional.empty();
    }

    @Override
    public int compareTo(MetricName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
