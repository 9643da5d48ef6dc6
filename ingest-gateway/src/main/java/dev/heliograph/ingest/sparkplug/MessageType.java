package dev.heliograph.ingest.sparkplug;

/** The message types of the topic namespace {@code spBv1.0}, but for {@code STATE}, whose topic is of another form. */
enum MessageType {
    NBIRTH(false),
    NDATA(false),
    NDEATH(false),
    NCMD(false),
    DBIRTH(true),
    DDATA(true),
    DDEATH(true),
    DCMD(true);

    private final boolean ofDevice;

    MessageType(boolean ofDevice) {
        this.ofDevice = ofDevice;
    }

    /** Whether the topic names a device below the edge node. */
    boolean isOfDevice() {
        return ofDevice;
    }

    /** Whether it goes to the edge node instead of coming from it. */
    boolean isCommand() {
        return this == NCMD || this == DCMD;
    }
}
