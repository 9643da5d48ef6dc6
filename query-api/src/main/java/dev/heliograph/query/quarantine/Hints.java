package dev.heliograph.query.quarantine;

import java.util.Map;

/** What an operator can do about a refusal, one sentence for each reason. */
final class Hints {
    private static final String OTHERWISE = "Look at the detail and the payload; the reason says what was expected.";
    private static final String SENDER =
            "Only the sender can mend this: correct its payload; a replay would be refused again.";
    private static final Map<String, String> BY_REASON = Map.ofEntries(
            Map.entry("EMPTY", "The device sent no bytes; there is nothing to replay."),
            Map.entry("SHAPE", "Map the topic to the layout that the device speaks, then replay."),
            Map.entry(
                    "JSON",
                    "If the device speaks another format, map its topic to it and replay; else correct the device."),
            Map.entry("ENCODING", SENDER),
            Map.entry("DEPTH", SENDER),
            Map.entry("NON_FINITE", "A sensor that could not measure should send nothing; correct the device."),
            Map.entry("TYPE", SENDER),
            Map.entry("TEXT_LENGTH", SENDER),
            Map.entry("DUPLICATE_KEY", SENDER),
            Map.entry("TOO_MANY", "Raise the limit of members, or let the device split its messages; then replay."),
            Map.entry("METRIC_NAME", "Rename the metric in the mapping or on the device; then replay."),
            Map.entry(
                    "TS_RANGE",
                    "The device's time is in another unit than milliseconds: say so in its mapping, then replay."),
            Map.entry("FUTURE_TS", "The device's clock is ahead: set it by a time server."),
            Map.entry("TOO_OLD", "Raise the accepted age and replay, or import the history."),
            Map.entry("BAD_TS", "Map the device's way of writing times, then replay; or correct the device."),
            Map.entry("BAD_SEQ", SENDER),
            Map.entry("LOCATION", SENDER),
            Map.entry("TOPIC", "Add a mapping for this topic, then replay."),
            Map.entry(
                    "IDENTITY_MISMATCH",
                    "The message names another device than its sender: check the device's key and topic."),
            Map.entry(
                    "TOO_LARGE",
                    "Raise the limit, or let the device split its messages; what is longer than 4 KB is not kept whole."),
            Map.entry(
                    "CONTENT_TYPE", "Let the device declare the format that it sends, or map its topic; then replay."),
            Map.entry("PROPERTY", "Let the device send fewer user properties; the payload can be replayed."),
            Map.entry("UNKNOWN_DEVICE", "Register or enable the device, then replay."),
            Map.entry(
                    "CARDINALITY",
                    "Raise the number of metrics of the device, or correct names that are made from values; then replay."),
            Map.entry("RATE", "Raise the rate of the device, or let it send arrays of readings; then replay."),
            Map.entry("INTERNAL", "A fault of the platform: report it; replay once it is mended."),
            Map.entry(
                    "CONFLICT",
                    "Two values for one instant: two devices with one identity, or a clock that was set back; the first stays."),
            Map.entry(
                    "POISON",
                    "A service could not read a record of a topic: look who else writes to it, or which version."),
            Map.entry(
                    "SCHEMA",
                    "A newer version wrote a record that this one cannot read: finish the upgrade, or see how to roll back."),
            Map.entry(
                    "DATABASE", "The database refused the row: the detail says why; the reading itself came through."));

    private Hints() {}

    static String of(String reason) {
        return BY_REASON.getOrDefault(reason, OTHERWISE);
    }
}
