package dev.heliograph.model.reading;

/** The way by which a message came to the gateway. */
public enum Transport {
    /** A device connected to the gateway's own MQTT endpoint. */
    MQTT,
    /** A device posted by HTTP. */
    HTTP,
    /** A subscription to a broker that somebody else runs. */
    SUBSCRIPTION
}
