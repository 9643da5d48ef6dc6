package dev.heliograph.simulator.feed;

import dev.heliograph.model.reading.Sample;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One message of a device, before it becomes bytes.
 *
 * @param sequence the device's count of its readings, from 0; a resend has the number of the original
 * @param timeMillis the instant that the device's clock says, ms since the epoch
 * @param samples one for each metric
 * @param kind why it is sent
 * @param damage how its payload is broken, or null where it is sound
 */
public record DeviceMessage(
        long sequence,
        long timeMillis,
        List<Sample> samples,
        Kind kind,
        @Nullable Damage damage) {
    /** Why a message is sent. */
    public enum Kind {
        /** Measured now. */
        FRESH,
        /** Measured while the device could not send, sent later with its old time. */
        BUFFERED,
        /** Sent before; the device does not know whether it arrived. */
        RESEND
    }

    public DeviceMessage {
        samples = List.copyOf(samples);
    }

    /** A sound message, measured now. */
    public static DeviceMessage fresh(long sequence, long timeMillis, List<Sample> samples) {
        return new DeviceMessage(sequence, timeMillis, samples, Kind.FRESH, null);
    }

    /** The same message for another reason. */
    public DeviceMessage as(Kind other) {
        return new DeviceMessage(sequence, timeMillis, samples, other, damage);
    }

    /** The same message by another clock. */
    public DeviceMessage at(long otherTimeMillis) {
        return new DeviceMessage(sequence, otherTimeMillis, samples, kind, damage);
    }

    /** The same message with a broken payload. */
    public DeviceMessage damaged(Damage how) {
        return new DeviceMessage(sequence, timeMillis, samples, kind, how);
    }
}
