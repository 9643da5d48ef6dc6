package dev.heliograph.storage;

import java.time.Duration;
import java.util.Map;

/**
 * How long rows are kept, by their time.
 *
 * @param raw measurements and states; at least as long as late readings are accepted
 * @param windows10s summaries of 10 s
 * @param windows1m summaries of 1 min
 * @param windows1h summaries of 1 h
 * @param quarantine what was refused
 * @param ledger what each gateway claimed of each minute and what was found of it; the sums by minute are kept for good
 * @param tenants those for which other times hold, by their id
 */
public record RetentionSettings(
        Duration raw,
        Duration windows10s,
        Duration windows1m,
        Duration windows1h,
        Duration quarantine,
        Duration ledger,
        Map<String, Kept> tenants) {
    private static final Duration SHORTEST = Duration.ofHours(1);

    /** 30 days of raw data, of 10 s windows and of the quarantine; 365 days of 1 min windows; five years of 1 h windows; 90
     * days of the ledger by gateway. */
    public static final RetentionSettings DEFAULT = new RetentionSettings(
            Duration.ofDays(30),
            Duration.ofDays(30),
            Duration.ofDays(365),
            Duration.ofDays(1830),
            Duration.ofDays(30),
            Duration.ofDays(90),
            Map.of());

    /** @throws IllegalArgumentException if a time is shorter than an hour */
    public RetentionSettings {
        require("raw", raw);
        require("windows10s", windows10s);
        require("windows1m", windows1m);
        require("windows1h", windows1h);
        require("quarantine", quarantine);
        require("ledger", ledger);
        tenants = Map.copyOf(tenants);
    }

    /** How long a class is kept for all tenants that have no time of their own. */
    Duration keep(DataClass dataClass) {
        return switch (dataClass) {
            case RAW -> raw;
            case TEN_SECONDS -> windows10s;
            case MINUTE -> windows1m;
            case HOUR -> windows1h;
        };
    }

    /** How long a class of a tenant is kept. */
    Duration keep(DataClass dataClass, String tenant) {
        Kept own = tenants.get(tenant);
        Duration kept = own == null ? null : own.of(dataClass);
        return kept == null ? keep(dataClass) : kept;
    }

    /** The longest that a class of any tenant is kept. */
    Duration longest(DataClass dataClass) {
        return tenants.keySet().stream()
                .map(tenant -> keep(dataClass, tenant))
                .reduce(keep(dataClass), (a, b) -> a.compareTo(b) >= 0 ? a : b);
    }

    /** Whether all tenants keep a class for the same time. */
    boolean uniform(DataClass dataClass) {
        return tenants.keySet().stream()
                .allMatch(tenant -> keep(dataClass, tenant).equals(keep(dataClass)));
    }

    static void require(String name, Duration value) {
        if (value.compareTo(SHORTEST) < 0) {
            throw new IllegalArgumentException("retention of " + name + " must be at least 1 h, was " + value);
        }
    }
}
