package dev.heliograph.stream.decode;

import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.wire.WireFormatException;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * Turns the bytes of one topic into events. A record that is none is a dead letter: counted, logged, kept, and the
 * stream goes on, since the next attempt would fail the same way.
 */
public final class DecodeProcessor implements Processor<byte[], byte[], Object, Object> {
    private final Decoding decoding;
    private final DeadLetters deadLetters;
    private final String events;
    private final String letters;
    private @Nullable ProcessorContext<Object, Object> context;

    /**
     * @param events name of the node that takes the events
     * @param letters name of the node that takes the dead letters
     */
    public DecodeProcessor(Decoding decoding, DeadLetters deadLetters, String events, String letters) {
        this.decoding = decoding;
        this.deadLetters = deadLetters;
        this.events = events;
        this.letters = letters;
    }

    @Override
    public void init(ProcessorContext<Object, Object> newContext) {
        context = newContext;
    }

    @Override
    @SuppressWarnings("NullAway") // Kafka hands over null for the value of a tombstone and for a missing key.
    public void process(Record<byte[], byte[]> record) {
        ProcessorContext<Object, Object> initialised = context;
        try {
            DeviceKey key = keyOf(record.key());
            DeviceEvent event = decoding.decode(key, record.value());
            initialised.forward(record.withKey(key.toString()).withValue(event), events);
        } catch (WireFormatException poison) {
            DeadLetters.Letter letter = deadLetters.write(
                    initialised.recordMetadata().orElse(null),
                    record.key(),
                    record.value(),
                    poison,
                    initialised.currentSystemTimeMs());
            initialised.forward(new Record<>(letter.key(), letter.value(), initialised.currentSystemTimeMs()), letters);
        }
    }

    private static DeviceKey keyOf(byte @Nullable [] key) {
        if (key == null) {
            throw new WireFormatException("no key");
        }
        return DeviceKey.parse(new String(key, StandardCharsets.UTF_8))
                .orElseThrow(() -> new WireFormatException("the key is not tenant/device"));
    }
}
