package dev.heliograph.model.reading;

import dev.heliograph.model.id.DeviceKey;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a device reports for one instant.
 *
 * @param device who reports
 * @param timeMicros the instant by the device's clock (or the receipt, see {@link ReadingFlag#TS_SERVER}), µs since the epoch
 * @param receivedMicros when the gateway received it, µs since the epoch
 * @param sequence the device's own count of its readings, 0 or more; null where it keeps none
 * @param samples one for each metric, at least one, no metric twice
 * @param location where the device was, or null
 * @param transport how it came
 * @param flags what the intake noticed
 */
public record Reading(
        DeviceKey device,
        long timeMicros,
        long receivedMicros,
        @Nullable Long sequence,
        List<Sample> samples,
        @Nullable Location location,
        Transport transport,
        Set<ReadingFlag> flags) {
    /** @throws IllegalArgumentException if there is no sample or the sequence is negative */
    public Reading {
        if (samples.isEmpty()) {
            throw new IllegalArgumentException("a reading needs at least one sample");
        }
        if (sequence != null && sequence < 0) {
            throw new IllegalArgumentException("sequence must be 0 or more, was " + sequence);
        }
        samples = List.copyOf(samples);
        flags = Set.copyOf(flags);
    }

    /** The instant of the reading by the device's clock. */
    public Instant time() {
        return Micros.toInstant(timeMicros);
    }

    /** When the gateway received it. */
    public Instant received() {
        return Micros.toInstant(receivedMicros);
    }
}
