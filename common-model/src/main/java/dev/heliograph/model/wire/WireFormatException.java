package dev.heliograph.model.wire;

/** Bytes of a topic that are not what the topic holds: not JSON, a missing field, or a version from the future. */
public final class WireFormatException extends RuntimeException {
    public WireFormatException(String message) {
        super(message);
    }

    public WireFormatException(String message, Throwable cause) {
        super(message, cause);
    }
}
