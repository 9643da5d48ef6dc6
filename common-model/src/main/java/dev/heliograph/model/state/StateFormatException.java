package dev.heliograph.model.state;

/** Bytes of kept state that this build cannot read: cut short, or of a version that it does not know. */
public final class StateFormatException extends RuntimeException {
    private final boolean newer;

    public StateFormatException(String message) {
        this(message, false);
    }

    private StateFormatException(String message, boolean newer) {
        super(message);
        this.newer = newer;
    }

    /**
     * What a newer build wrote.
     *
     * @param what the state, and of whom
     * @param found its version
     * @param newest the newest version that this build reads
     */
    static StateFormatException newer(String what, int found, int newest) {
        return new StateFormatException(
                what + ": version " + found + " was written by a newer build, this one reads none above " + newest,
                true);
    }

    /** Whether a newer build wrote them, so that it, and not this one, can go on from them. */
    public boolean isNewer() {
        return newer;
    }
}
