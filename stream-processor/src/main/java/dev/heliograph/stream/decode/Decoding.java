package dev.heliograph.stream.decode;

import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.reading.Reading;
import dev.heliograph.model.wire.CorrectionRecord;
import dev.heliograph.model.wire.DeviceRecord;
import dev.heliograph.model.wire.ReadingCodec;
import dev.heliograph.model.wire.SessionRecord;
import dev.heliograph.model.wire.WireFormatException;
import org.jspecify.annotations.Nullable;

/**
 * How the values of one topic become events. A key that is not the device of its value is refused: it would be kept in
 * the wrong partition and never be found again.
 */
public interface Decoding {
    /**
     * The event of a record.
     *
     * @throws WireFormatException if the record is not one
     */
    DeviceEvent decode(DeviceKey key, byte @Nullable [] value);

    /** Values of the topic {@code readings}. */
    Decoding READINGS = (key, value) -> {
        if (value != null && CorrectionRecord.isOne(value)) {
            CorrectionRecord correction = CorrectionRecord.CODEC.decode(value);
            requireSame(key, key(correction.tenant(), correction.device()));
            return new DeviceEvent.Corrected(key, correction);
        }
        Reading reading = ReadingCodec.decode(present(value));
        requireSame(key, reading.device());
        return new DeviceEvent.Reported(reading);
    };

    /** Values of the topic {@code device-sessions}. */
    Decoding SESSIONS = (key, value) -> {
        SessionRecord session = SessionRecord.CODEC.decode(present(value));
        requireSame(key, key(session.tenant(), session.device()));
        if (session.event() == null) {
            throw new WireFormatException("session: event is required");
        }
        return new DeviceEvent.SessionChanged(key, session);
    };

    /** Values of the topic {@code devices}, tombstones included. */
    Decoding DEVICES = (key, value) -> {
        if (value == null) {
            return new DeviceEvent.RegistrationChanged(key, null);
        }
        DeviceRecord registration = DeviceRecord.CODEC.decode(value);
        requireSame(key, key(registration.tenant(), registration.device()));
        return new DeviceEvent.RegistrationChanged(key, registration);
    };

    private static byte[] present(byte @Nullable [] value) {
        if (value == null) {
            throw new WireFormatException("empty value");
        }
        return value;
    }

    private static DeviceKey key(@Nullable String tenant, @Nullable String device) {
        return DeviceKey.parse(tenant + "/" + device)
                .orElseThrow(() -> new WireFormatException("tenant and device do not name a device"));
    }

    private static void requireSame(DeviceKey key, DeviceKey device) {
        if (!key.equals(device)) {
            throw new WireFormatException("the key names " + key + ", the value " + device);
        }
    }
}
