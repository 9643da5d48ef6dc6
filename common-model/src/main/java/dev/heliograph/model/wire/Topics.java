package dev.heliograph.model.wire;

import java.util.List;

/** Names of the Kafka topics, the meeting points of the services. */
public final class Topics {
    /** Accepted readings, keyed by device. */
    public static final String READINGS = "readings";
    /** Refused input with its reason, keyed by device where it is known. */
    public static final String QUARANTINE = "quarantine";
    /** Window results: early, final, revised; keyed by device. */
    public static final String WINDOWS = "windows";
    /** What the writer changed of stored windows after the stream had told them, keyed by device; for live viewers. */
    public static final String WINDOW_REVISIONS = "window-revisions";
    /** Changes of presence, keyed by device. */
    public static final String PRESENCE = "presence";
    /** Connections and Wills as the gateway saw them, keyed by device. */
    public static final String DEVICE_SESSIONS = "device-sessions";
    /** Transitions of alerts, keyed by device. */
    public static final String ALERT_TRANSITIONS = "alert-transitions";
    /** What the gateways claim to have had acknowledged, keyed by source: the other end of the ledger. */
    public static final String LEDGER = "ledger";
    /** Alert rules, compacted, keyed {@code tenant/rule}. */
    public static final String RULES = "rules";
    /** Device registry and credential hashes, compacted, keyed by device. */
    public static final String DEVICES = "devices";
    /** Heartbeats of service instances, compacted, keyed {@code service/instance}. */
    public static final String SERVICE_STATUS = "service-status";

    /** What a topic is like when it is created. */
    public enum Kind {
        /** Co-partitioned by device, deleted by age. */
        EVENTS_BY_DEVICE,
        /** Co-partitioned by device, compacted. */
        TABLE_BY_DEVICE,
        /** One partition, compacted. */
        SMALL_TABLE
    }

    /** A topic and its kind. */
    public record Spec(String name, Kind kind) {}

    /** Every topic of the platform, as the administration step creates and checks it. */
    public static final List<Spec> ALL = List.of(
            new Spec(READINGS, Kind.EVENTS_BY_DEVICE),
            new Spec(QUARANTINE, Kind.EVENTS_BY_DEVICE),
            new Spec(WINDOWS, Kind.EVENTS_BY_DEVICE),
            new Spec(WINDOW_REVISIONS, Kind.EVENTS_BY_DEVICE),
            new Spec(PRESENCE, Kind.EVENTS_BY_DEVICE),
            new Spec(DEVICE_SESSIONS, Kind.EVENTS_BY_DEVICE),
            new Spec(ALERT_TRANSITIONS, Kind.EVENTS_BY_DEVICE),
            new Spec(LEDGER, Kind.EVENTS_BY_DEVICE),
            new Spec(DEVICES, Kind.TABLE_BY_DEVICE),
            new Spec(RULES, Kind.SMALL_TABLE),
            new Spec(SERVICE_STATUS, Kind.SMALL_TABLE));

    private Topics() {}
}
