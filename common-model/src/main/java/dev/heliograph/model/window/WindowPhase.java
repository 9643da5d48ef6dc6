package dev.heliograph.model.window;

/** How settled the result of a window is. */
public enum WindowPhase {
    /** The window is open: more is to come. */
    EARLY("early"),
    /** The window has closed; told once. */
    FINAL("final"),
    /** Late samples changed a closed window; each time with a higher revision. */
    REVISED("revised"),
    /** A sample came for a window that is no longer kept: it must be recomputed from the stored measurements. */
    REPAIR("repair");

    private final String wireName;

    WindowPhase(String wireName) {
        this.wireName = wireName;
    }

    /** Its name on the wire. */
    public String wireName() {
        return wireName;
    }
}
