package dev.heliograph.model.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;
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
    private final Method version;

    private WireCodec(Class<T> type) {
        this.type = type;
        try {
            this.version = type.getMethod("v");
        } catch (NoSuchMethodException missing) {
            throw new IllegalArgumentException(type + " must have a component v", missing);
        }
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
            T value = reader.readValue(bytes);
            if (value != null && versionOf(value) == VERSION) {
                return value;
            }
        } catch (JacksonException newerOrMalformed) {
            throw refused(bytes, newerOrMalformed);
        }
        throw refused(bytes, null);
    }

    private int versionOf(T value) {
        try {
            return (int) version.invoke(value);
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException("the component v of " + type, impossible);
        }
    }

    /** Says what is wrong. A version that is not known says more than whatever else it brought. */
    private WireFormatException refused(byte[] bytes, @Nullable JacksonException failure) {
        try {
            JsonNode version = MAPPER.readTree(bytes).path("v");
            if (version.isIntegralNumber() && version.asLong(0) > VERSION) {
                return WireFormatException.ofUnknownVersion(type.getSimpleName(), version);
            }
            if (version.asInt(-1) != VERSION) {
                return new WireFormatException(
                        type.getSimpleName() + ": version v must be " + VERSION + ", was " + version);
            }
        } catch (JacksonException malformed) {
            return new WireFormatException(type.getSimpleName() + ": " + malformed.getOriginalMessage(), malformed);
        }
        return failure == null
                ? new WireFormatException(type.getSimpleName() + ": empty value")
                : new WireFormatException(type.getSimpleName() + ": " + failure.getOriginalMessage(), failure);
    }
}
