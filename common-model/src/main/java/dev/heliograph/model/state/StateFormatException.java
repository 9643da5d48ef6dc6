package dev.heliograph.model.state;

/** Bytes of kept state that this build cannot read: cut short, or of a version that it does not know. */
public final class StateFormatException extends RuntimeException {
    public StateFormatException(String message) {
        super(message);
    }
}
