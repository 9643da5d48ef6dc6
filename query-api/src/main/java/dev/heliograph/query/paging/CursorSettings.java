package dev.heliograph.query.paging;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The signature of cursors.
 *
 * @param key secret of at least 32 characters, the same for all instances; empty: a random one for the life of the process,
 *     so that cursors of another instance or of before a restart are refused
 */
@ConfigurationProperties("heliograph.query.cursor")
public record CursorSettings(@DefaultValue("") String key) {
    private static final int LEAST_KEY = 32;

    /** @throws IllegalArgumentException if a key is given that is too short to be one */
    public CursorSettings {
        if (!key.isEmpty() && key.length() < LEAST_KEY) {
            throw new IllegalArgumentException(
                    "heliograph.query.cursor.key must have at least " + LEAST_KEY + " characters, had " + key.length());
        }
    }

    @Override
    public String toString() {
        return "CursorSettings[key=" + (key.isEmpty() ? "random" : "given") + "]";
    }
}
