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
 */
public record FunnelLimits(
        int maxPayloadBytes, int maxMembers, int maxUserProperties, Duration maxAhead, Duration maxAge) {

    private static final long NANOS_PER_MICRO = 1_000;

    /** 256 KiB, 500 members, 32 user properties, 5 minutes ahead, 30 days behind. */
    public static final FunnelLimits DEFAULTS =
            new FunnelLimits(256 * 1024, 500, 32, Duration.ofMinutes(5), Duration.ofDays(30));

    /** @throws IllegalArgumentException if a bound is not positive */
    public FunnelLimits {
        if (maxPayloadBytes < 1 || maxMembers < 1 || maxUserProperties < 0) {
            throw new IllegalArgumentException("bounds must be positive, were " + maxPayloadBytes + " bytes, "
                    + maxMembers + " members, " + maxUserProperties + " user properties");
        }
        if (maxAhead.isNegative() || !maxAge.isPositive()) {
            throw new IllegalArgumentException(
                    "maxAhead must be 0 or more and maxAge positive, were " + maxAhead + " and " + maxAge);
        }
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
