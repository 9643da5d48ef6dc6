package dev.heliograph.model.window;

import java.time.Duration;

/**
 * When windows close, how long they are kept afterwards, and how much they may hold.
 *
 * @param lateness how far behind the newest sample of its device a window stays open
 * @param retention how long a closed window is kept, so that late samples revise it
 * @param tellEvery shortest time between two results of the same open or revised window
 * @param maxSamplesPerMinute samples of one series kept for one minute; past it the windows of that minute are handed to repair
 * @param maxSamplesPerDeviceMinute the same for all series of a device together: it bounds the bytes kept under one key
 * @param maxMinutes minutes of one device kept at the same time; past it the oldest is closed and let go
 * @param tellHoursEvery shortest time between two results of the same hour before it closes, and of its revisions
 * @param maxHours hours of one device kept at the same time; past it the oldest is closed and let go
 * @param maxHourBytes bytes kept for one hour of one device; past it the hours of its largest series are handed to repair
 */
public record WindowPolicy(
        Duration lateness,
        Duration retention,
        Duration tellEvery,
        int maxSamplesPerMinute,
        int maxSamplesPerDeviceMinute,
        int maxMinutes,
        Duration tellHoursEvery,
        int maxHours,
        int maxHourBytes) {
    /** Lateness 30 s, retention 5 min, a result a second at most, 1,200 samples a minute (20 Hz), 20,000 together, 32 minutes; hours told once a minute, 8 of them, 250 KB each. */
    public static final WindowPolicy DEFAULT = new WindowPolicy(
            Duration.ofSeconds(30),
            Duration.ofMinutes(5),
            Duration.ofSeconds(1),
            1_200,
            20_000,
            32,
            Duration.ofMinutes(1),
            8,
            250_000);

    /** @throws IllegalArgumentException if a duration is negative or a bound is below one (two for the minutes) */
    public WindowPolicy {
        if (lateness.isNegative() || retention.isNegative() || tellEvery.isNegative() || tellHoursEvery.isNegative()) {
            throw new IllegalArgumentException(
                    "lateness, retention, tellEvery and tellHoursEvery must not be negative");
        }
        if (maxSamplesPerMinute < 1) {
            throw new IllegalArgumentException("maxSamplesPerMinute must be 1 or more, was " + maxSamplesPerMinute);
        }
        if (maxSamplesPerDeviceMinute < 1) {
            throw new IllegalArgumentException(
                    "maxSamplesPerDeviceMinute must be 1 or more, was " + maxSamplesPerDeviceMinute);
        }
        if (maxMinutes < 2) {
            throw new IllegalArgumentException("maxMinutes must be 2 or more, was " + maxMinutes);
        }
        if (maxHours < 2) {
            throw new IllegalArgumentException("maxHours must be 2 or more, was " + maxHours);
        }
        if (maxHourBytes < 1_000) {
            throw new IllegalArgumentException("maxHourBytes must be 1000 or more, was " + maxHourBytes);
        }
    }

    long latenessMicros() {
        return lateness.toNanos() / 1_000;
    }

    long retentionMicros() {
        return retention.toNanos() / 1_000;
    }

    long tellHoursEveryMicros() {
        return tellHoursEvery.toNanos() / 1_000;
    }

    long tellEveryMicros() {
        return tellEvery.toNanos() / 1_000;
    }
}
