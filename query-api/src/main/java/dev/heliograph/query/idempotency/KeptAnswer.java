package dev.heliograph.query.idempotency;

import java.nio.ByteBuffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * An answer that can be given again.
 *
 * @param head all but the body
 * @param body as it was written; empty without one
 */
record KeptAnswer(Head head, byte[] body) {
    /**
     * What stands before a body.
     *
     * @param headers those that belong to what was answered, such as {@code Location}
     */
    record Head(
            int status,
            Map<String, String> headers,
            @Nullable String contentType) {}

    /** As bytes: the length of the head (4 bytes), the head as JSON, and the body. */
    byte[] encode(JsonMapper json) {
        byte[] first = json.writeValueAsBytes(head);
        return ByteBuffer.allocate(Integer.BYTES + first.length + body.length)
                .putInt(first.length)
                .put(first)
                .put(body)
                .array();
    }

    /** From the bytes of {@link #encode}. */
    static KeptAnswer decode(JsonMapper json, byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        byte[] first = new byte[buffer.getInt()];
        buffer.get(first);
        byte[] rest = new byte[buffer.remaining()];
        buffer.get(rest);
        return new KeptAnswer(json.readValue(first, Head.class), rest);
    }
}
