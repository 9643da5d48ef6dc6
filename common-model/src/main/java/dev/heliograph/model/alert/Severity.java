package dev.heliograph.model.alert;

import java.util.Locale;
import java.util.Optional;

/** How much an alert matters. */
public enum Severity {
    CRITICAL,
    WARNING,
    INFO;

    /** Its name on the wire. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The severity of a name on the wire, or empty. */
    public static Optional<Severity> parse(String wireName) {
        for (Severity severity : values()) {
            if (severity.wireName().equals(wireName)) {
                return Optional.of(severity);
            }
        }
        return Optional.empty();
    }
}
