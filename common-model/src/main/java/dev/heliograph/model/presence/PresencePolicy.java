package dev.heliograph.model.presence;

import java.time.Duration;

/**
 * When a device counts as late or silent.
 *
 * @param lateFactor expected intervals without a reading after which it is late
 * @param silentFactor expected intervals without a reading after which it is silent
 * @param defaultInterval what is expected of a device that neither declared an interval nor showed one yet
 * @param minimumInterval smallest interval that is expected of any device, so that jitter is not lateness
 */
public record PresencePolicy(
        double lateFactor, double silentFactor, Duration defaultInterval, Duration minimumInterval) {
    /** Late after 1.5, silent after 3 intervals; one minute until known; at least two seconds. */
    public static final PresencePolicy DEFAULT =
            new PresencePolicy(1.5, 3, Duration.ofMinutes(1), Duration.ofSeconds(2));

    /** @throws IllegalArgumentException unless 1 &lt;= lateFactor &lt; silentFactor and the durations are positive */
    public PresencePolicy {
        if (!(lateFactor >= 1 && lateFactor < silentFactor && silentFactor <= 1_000)) {
            throw new IllegalArgumentException(
                    "factors must be 1 <= late < silent <= 1000, were " + lateFactor + " and " + silentFactor);
        }
        if (!defaultInterval.isPositive() || !minimumInterval.isPositive()) {
            throw new IllegalArgumentException("intervals must be positive");
        }
    }
}
