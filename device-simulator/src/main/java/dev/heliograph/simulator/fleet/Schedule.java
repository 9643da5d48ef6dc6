package dev.heliograph.simulator.fleet;

import dev.heliograph.simulator.physics.Noise;
import java.time.Duration;

/**
 * When a device is due: at {@code phase + k * interval} since the epoch, whatever happened before. The phase differs between
 * devices, so that a fleet does not send in one beat. An open loop: being late does not move what comes next.
 *
 * @param phaseMicros within the interval
 * @param intervalMicros at least 1,000 (payloads carry milliseconds)
 */
public record Schedule(long phaseMicros, long intervalMicros) {
    private static final long SHORTEST_MICROS = 1_000;

    /** @throws IllegalArgumentException if the interval is under a millisecond or the phase outside of it */
    public Schedule {
        if (intervalMicros < SHORTEST_MICROS) {
            throw new IllegalArgumentException("interval must be 1 ms or more, was " + intervalMicros + " µs");
        }
        if (phaseMicros < 0 || phaseMicros >= intervalMicros) {
            throw new IllegalArgumentException("phase must be within the interval, was " + phaseMicros + " µs");
        }
    }

    /** The schedule of a device, its phase by its own noise. */
    public static Schedule of(Duration interval, Noise device) {
        long intervalMicros = interval.toNanos() / 1_000;
        return new Schedule((long) (device.named("phase").uniform(0) * intervalMicros), intervalMicros);
    }

    /** The first time due at or after an instant, µs since the epoch. */
    public long firstDueMicros(long fromMicros) {
        return phaseMicros + Math.ceilDiv(fromMicros - phaseMicros, intervalMicros) * intervalMicros;
    }

    /** The time due after this one. */
    public long next(long dueMicros) {
        return dueMicros + intervalMicros;
    }
}
