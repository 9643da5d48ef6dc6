package dev.heliograph.simulator.feed;

import dev.heliograph.model.reading.Sample;
import java.io.ByteArrayOutputStream;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Writes a message as {@code {"ts":1790000000123,"seq":42,"metrics":{"temperature":21.4,"running":true,"mode":"heating"}}}. */
public final class ReadingJson {
    private static final JsonFactory JSON = new JsonFactory();
    private static final int USUAL_SIZE_BYTES = 256;

    private ReadingJson() {}

    /** The payload, broken where the message says so. */
    public static byte[] encode(DeviceMessage message) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(USUAL_SIZE_BYTES);
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
            json.writeStartObject();
            json.writeNumberProperty("ts", message.timeMillis());
            json.writeNumberProperty("seq", message.sequence());
            json.writeObjectPropertyStart("metrics");
            message.samples().forEach(sample -> write(json, sample));
            json.writeEndObject();
            json.writeEndObject();
        }
        byte[] payload = bytes.toByteArray();
        return message.damage() == null ? payload : message.damage().apply(payload);
    }

    private static void write(JsonGenerator json, Sample sample) {
        String name = sample.metric().value();
        switch (sample) {
            case Sample.Measurement measurement -> json.writeNumberProperty(name, measurement.value());
            case Sample.Flag flag -> json.writeBooleanProperty(name, flag.value());
            case Sample.State state -> json.writeStringProperty(name, state.text());
        }
    }
}
