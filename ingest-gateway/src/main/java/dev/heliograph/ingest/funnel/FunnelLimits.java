package dev.heliograph.ingest.funnel;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The bounds of a message.
 *
 * @param maxPayloadBytes most bytes of a payload
 * @param maxMembers most members of one object (so most metrics of one reading) and most readings of one array
 * @param maxUserProperties most user properties of a message
 * @param maxAhead how far a device's time may be ahead of the gateway's
 * @param maxAge how far a device's time may be behind the gateway's
 * @param maxHistoryAge the same where history is brought in: what is older would be deleted at once
 */
public record FunnelLimits(
        int maxPayloadBytes,
        int maxMembers,
        int maxUserProperties,
        Duration maxAhead,
        Duration maxAge,
        Duration maxHistoryAge) {

    private static final long NANOS_PER_MICRO = 1_000;

    /** 256 KiB, 500 members, 32 user properties, 5 minutes ahead, 30 days behind, history of five years. */
    public static final FunnelLimits DEFAULTS =
            new FunnelLimits(256 * 1024, 500, 32, Duration.ofMinutes(5), Duration.ofDays(30), Duration.ofDays(1_830));

    /** @throws IllegalArgumentException if a bound is not positive */
    public FunnelLimits {
        if (maxPayloadBytes < 1 || maxMembers < 1 || maxUserProperties < 0) {
            throw new IllegalArgumentException("bounds must be positive, were " + maxPayloadBytes + " bytes, "
                    + maxMembers + " members, " + maxUserProperties + " user properties");
        }
        if (maxAhead.isNegative() || !maxAge.isPositive() || maxHistoryAge.compareTo(maxAge) < 0) {
            throw new IllegalArgumentException(
                    "maxAhead must be 0 or more, maxAge positive and maxHistoryAge no less, were " + maxAhead + ", "
                            + maxAge + " and " + maxHistoryAge);
        }
    }

    /** How far a device's time may be behind the gateway's. */
    Duration maxAge(IntakeMode mode) {
        return mode == IntakeMode.BACKFILL ? maxHistoryAge : maxAge;
    }

    /**
     * What is wrong with a device's time, or null where it is taken.
     *
     * @param micros the device's time, µs since the epoch
     * @param receivedMicros the gateway's time, likewise
     */
    public @Nullable Reason timeFault(long micros, long receivedMicros) {
        if (!Timestamps.isPlausible(micros)) {
            return Reason.TS_RANGE;
        }
        if (micros > receivedMicros + maxAhead.toNanos() / NANOS_PER_MICRO) {
            return Reason.FUTURE_TS;
        }
        return micros < receivedMicros - maxAge.toNanos() / NANOS_PER_MICRO ? Reason.TOO_OLD : null;
    }
}
