package dev.heliograph.ingest.intake;

import java.util.Locale;

/** What the limits of a sender are counted in. */
public enum Quantity {
    MESSAGES,
    MEASUREMENTS,
    BYTES;

    /** In words and in labels: lower case. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
