package dev.heliograph.model.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/**
 * Encodes and decodes one wire record as JSON. Thread-safe. Fields that are null are left out; unknown fields are
 * ignored; a missing or unknown version {@code v} is refused.
 *
 * @param <T> the record of a topic's values
 */
public final class WireCodec<T> {
    /** The version that this build writes and the only one that it reads. */
    public static final int VERSION = 1;

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .changeDefaultPropertyInclusion(value -> value.withValueInclusion(JsonInclude.Include.NON_NULL))
            .build();

    private final Class<T> type;
    private final ObjectWriter writer;
    private final ObjectReader reader;

    private WireCodec(Class<T> type) {
        this.type = type;
        this.writer = MAPPER.writerFor(type);
        this.reader = MAPPER.readerFor(type);
    }

    /** A codec of the given record type, which must have a component {@code int v}. */
    public static <T extends Record> WireCodec<T> of(Class<T> type) {
        return new WireCodec<>(type);
    }

    /** The JSON of a value, UTF-8. */
    public byte[] encode(T value) {
        return writer.writeValueAsBytes(value);
    }

    /**
     * Reads one value.
     *
     * @throws WireFormatException if the bytes are not JSON of this record in a known version
     */
    public T decode(byte[] bytes) {
        try {
            JsonNode tree = MAPPER.readTree(bytes);
            int version = tree.path("v").asInt(-1);
            if (version != VERSION) {
                throw new WireFormatException(
                        type.getSimpleName() + ": version v must be " + VERSION + ", was " + tree.path("v"));
            }
            T value = reader.readValue(tree);
            if (value == null) {
                throw new WireFormatException(type.getSimpleName() + ": empty value");
            }
            return value;
        } catch (JacksonException malformed) {
            throw new WireFormatException(type.getSimpleName() + ": " + malformed.getOriginalMessage(), malformed);
        }
    }
}
