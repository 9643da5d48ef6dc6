package dev.heliograph.stream.decode;

import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.reading.Reading;
import dev.heliograph.model.wire.CorrectionRecord;
import dev.heliograph.model.wire.DeviceRecord;
import dev.heliograph.model.wire.SessionRecord;
import org.jspecify.annotations.Nullable;

/** Something that concerns one device. */
public sealed interface DeviceEvent {
    /** Whom it concerns. */
    DeviceKey device();

    /** The device reported. */
    record Reported(Reading reading) implements DeviceEvent {
        @Override
        public DeviceKey device() {
            return reading.device();
        }
    }

    /** What is stored of it was changed. */
    record Corrected(DeviceKey device, CorrectionRecord correction) implements DeviceEvent {}

    /** Its connection changed, or it said that it comes or goes. */
    record SessionChanged(DeviceKey device, SessionRecord session) implements DeviceEvent {}

    /** Its registration changed; null where it was removed. */
    record RegistrationChanged(DeviceKey device, @Nullable DeviceRecord registration) implements DeviceEvent {}
}
