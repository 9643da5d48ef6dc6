package dev.heliograph.ingest.funnel;

import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.reading.Reading;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of one message: every part of it is either in a reading or refused with a reason.
 *
 * @param device who sent it, or null where not even that could be told
 * @param readings what is accepted, in the order of the message
 * @param refusals what is not
 * @param items how many readings the message held, good or bad; at least 1
 */
public record Outcome(@Nullable DeviceKey device, List<Reading> readings, List<Refusal> refusals, int items) {

    public Outcome {
        readings = List.copyOf(readings);
        refusals = List.copyOf(refusals);
    }

    /** A message of which nothing is accepted. */
    public static Outcome refused(@Nullable DeviceKey device, Refusal refusal) {
        return new Outcome(device, List.of(), List.of(refusal), 1);
    }

    /** How many samples are accepted. */
    public int measurements() {
        int measurements = 0;
        for (Reading reading : readings) {
            measurements += reading.samples().size();
        }
        return measurements;
    }

    /** Whether everything was accepted. */
    public boolean isClean() {
        return refusals.isEmpty();
    }

    /** Whether something was refused and nothing accepted. */
    public boolean isRefused() {
        return readings.isEmpty() && !refusals.isEmpty();
    }
}
