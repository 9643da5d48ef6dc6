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
 * @param text whether the payload was declared to be text in UTF-8 (MQTT 5 payload format indicator 1)
 * @param userProperties how many user properties came along
 * @param receivedMicros when the gateway received it, µs since the epoch
 * @param transport how it came
 * @param mode for what
 * @param strand what it is one of: messages of one number come in the order in which their device sends, and are all that it
 *     sends meanwhile, as far as this instance can know. A connection of the device's own is a strand; where the next message
 *     may go to another instance, each message is one
 */
public record RawMessage(
        String topic,
        byte[] payload,
        @Nullable DeviceKey principal,
        @Nullable String contentType,
        boolean text,
        int userProperties,
        long receivedMicros,
        Transport transport,
        IntakeMode mode,
        long strand) {

    /** A live message whose payload was not declared to be text, of the strand 0. */
    public RawMessage(
            String topic,
            byte[] payload,
            @Nullable DeviceKey principal,
            @Nullable String contentType,
            int userProperties,
            long receivedMicros,
            Transport transport) {
        this(
                topic,
                payload,
                principal,
                contentType,
                false,
                userProperties,
                receivedMicros,
                transport,
                IntakeMode.LIVE,
                0);
    }
}
