package dev.heliograph.ingest.funnel;

import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.reading.Transport;
import org.jspecify.annotations.Nullable;

/**
 * What a transport hands to the funnel. The array is not copied: the transport gives it away.
 *
 * @param topic the MQTT topic, or for another transport the topic that it stands for
 * @param payload the bytes of the message
 * @param principal who was authenticated; null where the transport knows only the topic (a broker's subscription)
 * @param contentType the declared content type, or null
 * @param userProperties how many user properties came along
 * @param receivedMicros when the gateway received it, µs since the epoch
 * @param transport how it came
 */
public record RawMessage(
        String topic,
        byte[] payload,
        @Nullable DeviceKey principal,
        @Nullable String contentType,
        int userProperties,
        long receivedMicros,
        Transport transport) {}
