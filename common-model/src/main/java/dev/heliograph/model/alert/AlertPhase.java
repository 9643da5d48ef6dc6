package dev.heliograph.model.alert;

import java.util.Locale;

/** Where an alert stands. */
public enum AlertPhase {
    /** The condition does not hold. */
    OK,
    /** The condition holds, but not for long enough. */
    PENDING,
    /** The alert is raised. */
    FIRING,
    /** The alert was raised and has ended; the subject is OK again. */
    RESOLVED;

    /** Its name on the wire. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
