package dev.heliograph.ingest.funnel;

/**
 * Why input was refused. The name is the stable code: in the quarantine, in metrics, in reason strings and in the answers
 * of the HTTP door. A code is never renamed and never changes its meaning.
 */
public enum Reason {
    /** No bytes. */
    EMPTY("Send a JSON object; to clear a retained message is of no use here."),
    /** JSON, but not an object, an array of objects, or a bare value on a metric's own topic. */
    SHAPE("Send {\"metrics\":{...}}, an array of these, or the flat form {\"temperature\":21.4}."),
    /** Not JSON by RFC 8259. */
    JSON("Send one JSON document: double quotes, no comments, no trailing commas, nothing after it."),
    /** Not UTF-8 without byte order mark, a NUL, or half of a surrogate pair. */
    ENCODING("Send UTF-8 without byte order mark; compression is not supported."),
    /** Nested too deeply. */
    DEPTH("A reading nests three levels at most."),
    /** Not a number, infinite, or beyond the range of a double. */
    NON_FINITE("Leave out what could not be measured instead of sending NaN or Infinity."),
    /** A value that is neither number, boolean nor text. */
    TYPE("A sample is a number, a boolean or a text."),
    /** A text longer than a state may be. */
    TEXT_LENGTH("A state has at most 64 characters."),
    /** The same member twice in one object. */
    DUPLICATE_KEY("Name each member of an object once."),
    /** More members, elements or bytes of a name or number than the limits admit. */
    TOO_MANY("Split the message."),
    /** A metric name that breaks the grammar. */
    METRIC_NAME("A metric name matches [A-Za-z][A-Za-z0-9_.-]{0,63}."),
    /** A time far from any that a device can mean; often seconds, micro- or nanoseconds for milliseconds. */
    TS_RANGE("Send ts in milliseconds since 1970-01-01T00:00Z."),
    /** A time ahead of the gateway's clock by more than is tolerated. */
    FUTURE_TS("Set the device's clock (NTP), or leave ts out."),
    /** A time older than the accepted lateness. */
    TOO_OLD(
            "Older history goes by POST /api/v1/data:backfill, or /api/v1/telemetry?mode=backfill of a device that may."),
    /** A time that is neither whole milliseconds nor RFC 3339 with an offset. */
    BAD_TS("Send ts as whole milliseconds or as RFC 3339 with offset, such as 2026-11-23T07:19:00.123Z."),
    /** A sequence number that is not a whole number from 0 to 2^53 - 1. */
    BAD_SEQ("Send seq as a whole number from 0 to 9007199254740991."),
    /** A place outside the earth's coordinates, or not of the form {lat, lon, alt}. */
    LOCATION("Send location as {\"lat\":-90..90,\"lon\":-180..180,\"alt\":metres}."),
    /** A topic that no mapping knows. */
    TOPIC("Publish to iot/v1/{tenant}/{device}/telemetry; ids match [a-z0-9][a-z0-9_-]{0,63}."),
    /** The payload or a property claims another tenant or device than the connection or the topic. */
    IDENTITY_MISMATCH("Leave identity out of the payload; the connection says who sends."),
    /** More bytes than a message may have. */
    TOO_LARGE("Split the message."),
    /** A declared content type that is not supported. */
    CONTENT_TYPE("Declare application/json, application/cbor, application/senml+json or text/plain, or nothing."),
    /** The payload is not what its content type, its format indicator or the mapping of its topic says. */
    TYPE_MISMATCH("Declare the content type that the payload has, or nothing."),
    /** Not CBOR by RFC 8949, or CBOR that JSON has nothing for: keys that are no text, too many tags. */
    CBOR("Send one well-formed CBOR data item whose map keys are text."),
    /** A SenML pack whose fields cannot be resolved by RFC 8428. */
    SENML("Send an array of SenML records by RFC 8428."),
    /** A line that is not line protocol. */
    LINE("Send measurement,tag=value field=value timestamp, one a line."),
    /** Too many user properties. */
    PROPERTY("Send fewer user properties."),
    /** A device that is not registered, or disabled. */
    UNKNOWN_DEVICE("Register the device first."),
    /** More distinct metrics than a device may have. */
    CARDINALITY("Use labels of the device, not metric names, for what varies."),
    /** More messages than the limit of the device. */
    RATE("Send less often, or several readings in one array."),
    /** A Sparkplug B message or metric that cannot be read: see the guide for each case. */
    SPARKPLUG("Publish the births again; DataSet, Template, Bytes, File and arrays are not taken."),
    /** A fault of the gateway's own while it looked at the message. */
    INTERNAL("Report this: the payload is kept.");

    private final String hint;

    Reason(String hint) {
        this.hint = hint;
    }

    /** The stable code, upper case with underscores. */
    public String code() {
        return name();
    }

    /** What the sender can do about it, one sentence. */
    public String hint() {
        return hint;
    }
}
