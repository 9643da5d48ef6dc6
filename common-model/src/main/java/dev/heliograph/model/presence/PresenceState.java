package dev.heliograph.model.presence;

import java.util.Locale;

/** Whether a device is there. */
public enum PresenceState {
    /** Nothing was heard of it yet. */
    UNKNOWN,
    /** Its last reading is not older than expected. */
    REPORTING,
    /** Its last reading is older than one and a half expected intervals. */
    LATE,
    /** Its last reading is older than three expected intervals. */
    SILENT,
    /** Its session has ended, or it said that it goes. */
    OFFLINE;

    /** Its name on the wire. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
