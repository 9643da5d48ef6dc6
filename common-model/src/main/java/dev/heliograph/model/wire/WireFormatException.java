package dev.heliograph.model.wire;

import org.jspecify.annotations.Nullable;

/** Bytes of a topic that are not what the topic holds: not JSON, a missing field, or a version from the future. */
public final class WireFormatException extends RuntimeException {
    private final boolean unknownVersion;

    public WireFormatException(String message) {
        this(message, null, false);
    }

    public WireFormatException(String message, @Nullable Throwable cause) {
        this(message, cause, false);
    }

    private WireFormatException(String message, @Nullable Throwable cause, boolean unknownVersion) {
        super(message, cause);
        this.unknownVersion = unknownVersion;
    }

    /**
     * A record of a version that only a newer build knows.
     *
     * @param what the record
     * @param version its version
     */
    static WireFormatException ofUnknownVersion(String what, Object version) {
        return new WireFormatException(
                what + ": version v must be " + WireCodec.VERSION + ", was " + version + " of a newer build",
                null,
                true);
    }

    /** Whether a newer build wrote them: they are no rubbish, and that build can read them. */
    public boolean isOfUnknownVersion() {
        return unknownVersion;
    }
}
