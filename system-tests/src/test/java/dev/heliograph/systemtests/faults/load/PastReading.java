package dev.heliograph.systemtests.faults.load;

import java.nio.charset.StandardCharsets;

/**
 * A reading of days that are over, of a number and a text that no rule looks at.
 *
 * @param millis when it was measured, ms since the epoch
 */
public record PastReading(String device, long millis, double level, String mode) {
    /** The same instant with something else in it. */
    public PastReading contradicted() {
        return new PastReading(device, millis, level + 1, "not " + mode);
    }

    /** As its device sends it. */
    public String json() {
        return "{\"ts\": %d, \"metrics\": {\"archived_level\": %s, \"archived_mode\": \"%s\"}}"
                .formatted(millis, level, mode);
    }

    /** As an operator uploads it. */
    String jsonWithDevice() {
        return "{\"device\": \"" + device + "\", " + json().substring(1);
    }

    byte[] payload() {
        return json().getBytes(StandardCharsets.UTF_8);
    }
}
