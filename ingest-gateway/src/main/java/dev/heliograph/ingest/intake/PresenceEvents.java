package dev.heliograph.ingest.intake;

import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.reading.Micros;
import dev.heliograph.model.wire.SessionRecord;
import dev.heliograph.model.wire.Topics;
import dev.heliograph.model.wire.WireCodec;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** What the gateway sees of a device's connection, to the topic {@code device-sessions}. Thread-safe. */
public final class PresenceEvents {
    private static final long MICROS_PER_MILLI = 1_000;

    private final EventSink sink;
    private final InstantSource clock;

    public PresenceEvents(EventSink sink, InstantSource clock) {
        this.sink = sink;
        this.clock = clock;
    }

    /** Kinds of event, as the wire names them. */
    public enum Kind {
        CONNECTED("connected"),
        DISCONNECTED("disconnected"),
        WILL("will"),
        STATUS_ONLINE("status-online"),
        STATUS_OFFLINE("status-offline");

        private final String wire;

        Kind(String wire) {
            this.wire = wire;
        }
    }

    /** Sends an event about now, by the word of the device itself. */
    public void send(DeviceKey device, Kind kind, @Nullable String reason, EventSink.Completion completion) {
        sink.send(event(device, kind, reason, null), completion);
    }

    /** Sends that a connection stands, or what became of it; it began then, null where that is not known. */
    public void sendOfConnection(DeviceKey device, Kind kind, @Nullable String reason, @Nullable Long beganMicros) {
        sink.send(event(device, kind, reason, beganMicros), EventSink.Completion.IGNORED);
    }

    /** The same about now, for who sends it together with others. */
    public Event event(DeviceKey device, Kind kind, @Nullable String reason, @Nullable Long beganMicros) {
        long micros = Micros.of(clock.instant());
        SessionRecord value = new SessionRecord(
                WireCodec.VERSION,
                device.tenant().value(),
                device.device().value(),
                kind.wire,
                micros,
                reason,
                beganMicros);
        return new Event(
                Topics.DEVICE_SESSIONS,
                device.toString(),
                SessionRecord.CODEC.encode(value),
                micros / MICROS_PER_MILLI);
    }
}
