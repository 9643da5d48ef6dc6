package dev.heliograph.ingest.funnel;

import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.reading.Sample;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/** What the funnel must ask the rest of the gateway. The answers come from memory: the funnel waits for nothing. */
public interface Admission {

    /** Admits every device and every metric; for tests and measurements. */
    Admission ALL = new Admission() {
        @Override
        public boolean knows(DeviceKey device) {
            return true;
        }

        @Override
        public Verdict admits(DeviceKey device, Sample sample) {
            return Verdict.ADMITTED;
        }
    };

    /** The answer to a sample. */
    enum Verdict {
        ADMITTED,
        /** Admitted, and of another kind or in another unit than the device last sent this metric. */
        CHANGED,
        /** One distinct metric more than the device may have. */
        REFUSED
    }

    /** Whether the device is registered and enabled. */
    boolean knows(DeviceKey device);

    /**
     * Whether the device may report this sample. Counts its metric against the device's budget of distinct metrics if it is
     * new, and remembers its kind and unit.
     */
    Verdict admits(DeviceKey device, Sample sample);

    /**
     * Whether the device may bring this sample of its past. Counts its metric as {@link #admits} does and remembers nothing of
     * its kind and unit: those are what the device sends now.
     */
    default boolean admitsHistory(DeviceKey device, Sample sample) {
        return true;
    }

    /** The zone in which the device keeps its clock, where that is known of it; null for that of the mapping. */
    default @Nullable ZoneId zone(DeviceKey device) {
        return null;
    }

    /**
     * Whether this sequence number leaves out others since the last that the device sent; remembers it.
     *
     * @param strand of the message that the number came with, see {@link RawMessage#strand}
     */
    default boolean isGap(DeviceKey device, long strand, long sequence) {
        return false;
    }
}
