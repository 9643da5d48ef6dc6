package dev.heliograph.writer.plan;

import dev.heliograph.model.id.SeriesKey;
import dev.heliograph.model.reading.Micros;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Makes the quarantine rows of what the writer itself refuses, with ids that a repetition gives again. */
public final class Refusals {
    /** The transport of what was refused behind the gateway. */
    static final String BY = "kafka";

    private static final int MAX_PAYLOAD_BYTES = 4_096;

    private Refusals() {}

    /** A sample whose identity has another value already; the first stays. */
    public static QuarantineRow conflict(
            SeriesKey series, long timeMicros, String refused, String stored, long receivedMicros) {
        String identity = series + "@" + timeMicros;
        return sample(
                series,
                timeMicros,
                refused,
                receivedMicros,
                QuarantineRow.CONFLICT,
                id("conflict", identity, refused),
                "stored " + stored + " for " + Micros.toInstant(timeMicros) + ", refused " + refused);
    }

    /** A sample that the database refused. */
    public static QuarantineRow refusedSample(
            SeriesKey series, long timeMicros, String text, long receivedMicros, String why) {
        return sample(
                series,
                timeMicros,
                text,
                receivedMicros,
                QuarantineRow.DATABASE,
                id("database", series + "@" + timeMicros, text),
                why);
    }

    /** A record that could not be decoded or, as a whole, not stored. */
    public static QuarantineRow record(TopicRecord record, String reason, String why, long units) {
        byte @Nullable [] value = record.value();
        byte[] bytes = value == null ? new byte[0] : value;
        @Nullable String key = record.key();
        int slash = key == null ? -1 : key.indexOf('/');
        return new QuarantineRow(
                id("record", record.place().toString(), Long.toString(record.offset())),
                key == null || slash <= 0 ? QuarantineRow.NO_TENANT : key.substring(0, slash),
                key == null || slash <= 0 ? null : key.substring(slash + 1),
                record.place().topic(),
                BY,
                reason,
                record.place() + "@" + record.offset() + ": " + why,
                null,
                StorableTime.orEpoch(record.timestampMillis()),
                bytes.length,
                sha256(bytes),
                Arrays.copyOf(bytes, Math.min(bytes.length, MAX_PAYLOAD_BYTES)),
                units,
                null,
                null,
                -1);
    }

    private static QuarantineRow sample(
            SeriesKey series, long timeMicros, String text, long receivedMicros, String reason, UUID id, String why) {
        byte[] payload = (series.metric() + "=" + text + " at " + timeMicros).getBytes(StandardCharsets.UTF_8);
        return new QuarantineRow(
                id,
                series.device().tenant().value(),
                series.device().device().value(),
                "readings",
                BY,
                reason,
                why,
                series.metric().value(),
                receivedMicros,
                payload.length,
                sha256(payload),
                payload,
                1,
                null,
                null,
                -1);
    }

    private static UUID id(String... parts) {
        return UUID.nameUUIDFromBytes(String.join("\n", parts).getBytes(StandardCharsets.UTF_8));
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }
}
