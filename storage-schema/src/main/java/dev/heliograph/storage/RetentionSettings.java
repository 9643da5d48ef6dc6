package dev.heliograph.storage;

import java.time.Duration;

/**
 * How long rows are kept, by their time.
 *
 * @param raw measurements and states; at least as long as late readings are accepted
 * @param windows10s summaries of 10 s
 * @param windows1m summaries of 1 min
 * @param windows1h summaries of 1 h
 * @param quarantine what was refused
 * @param ledger what each gateway claimed of each minute and what was found of it; the sums by minute are kept for good
 */
public record RetentionSettings(
        Duration raw,
        Duration windows10s,
        Duration windows1m,
        Duration windows1h,
        Duration quarantine,
        Duration ledger) {
    private static final Duration SHORTEST = Duration.ofHours(1);

    /** 30 days of raw data, of 10 s windows and of the quarantine; 365 days of 1 min windows; five years of 1 h windows; 90
     * days of the ledger by gateway. */
    public static final RetentionSettings DEFAULT = new RetentionSettings(
            Duration.ofDays(30),
            Duration.ofDays(30),
            Duration.ofDays(365),
            Duration.ofDays(1830),
            Duration.ofDays(30),
            Duration.ofDays(90));

    /** @throws IllegalArgumentException if a time is shorter than an hour */
    public RetentionSettings {
        require("raw", raw);
        require("windows10s", windows10s);
        require("windows1m", windows1m);
        require("windows1h", windows1h);
        require("quarantine", quarantine);
        require("ledger", ledger);
    }

    private static void require(String name, Duration value) {
        if (value.compareTo(SHORTEST) < 0) {
            throw new IllegalArgumentException("retention of " + name + " must be at least 1 h, was " + value);
        }
    }
}
