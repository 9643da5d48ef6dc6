package dev.heliograph.storage;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long a tenant's data is kept where it differs from what holds for all.
 *
 * @param raw measurements and states; null as for all
 * @param windows10s summaries of 10 s; null as for all
 * @param windows1m summaries of 1 min; null as for all
 * @param windows1h summaries of 1 h; null as for all
 */
public record Kept(
        @Nullable Duration raw,
        @Nullable Duration windows10s,
        @Nullable Duration windows1m,
        @Nullable Duration windows1h) {
    /** @throws IllegalArgumentException if a time is shorter than an hour */
    public Kept {
        require("raw", raw);
        require("windows10s", windows10s);
        require("windows1m", windows1m);
        require("windows1h", windows1h);
    }

    private static void require(String name, @Nullable Duration value) {
        if (value != null) {
            RetentionSettings.require("a tenant's " + name, value);
        }
    }

    /** The time of a class; null as for all. */
    @Nullable
    Duration of(DataClass dataClass) {
        return switch (dataClass) {
            case RAW -> raw;
            case TEN_SECONDS -> windows10s;
            case MINUTE -> windows1m;
            case HOUR -> windows1h;
        };
    }
}
