package dev.heliograph.ingest.intake;

import dev.heliograph.ingest.funnel.IntakeMode;
import dev.heliograph.ingest.funnel.Printable;
import dev.heliograph.ingest.funnel.RawMessage;
import dev.heliograph.ingest.funnel.Reason;
import dev.heliograph.ingest.funnel.Refusal;
import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.wire.QuarantineRecord;
import dev.heliograph.model.wire.Topics;
import dev.heliograph.model.wire.WireCodec;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Refusals as records of the topic {@code quarantine}. One record a message and reason, however many parts were refused
 * for it: a message of 500 bad samples must not grow into 500 copies of its payload.
 */
final class Quarantine {
    /** Owner of what names no tenant; no tenant can have this id. */
    static final String NO_TENANT = "-";

    /** Most bytes of the payload that are kept. */
    static final int MAX_PAYLOAD_BYTES = 4_096;

    private static final int MAX_TOPIC_LENGTH = 256;
    private static final int MAX_CONTENT_TYPE_LENGTH = 128;
    private static final int MAX_DESCRIBED = 10;
    private static final int MAX_DETAIL_LENGTH = 1_024;
    private static final long MICROS_PER_MILLI = 1_000;

    private Quarantine() {}

    /** One record and its reason. */
    record Entry(Reason reason, Event event) {}

    static List<Entry> entries(RawMessage message, @Nullable DeviceKey device, List<Refusal> refusals) {
        Map<Reason, List<Refusal>> byReason = new EnumMap<>(Reason.class);
        refusals.forEach(refusal -> byReason.computeIfAbsent(refusal.reason(), reason -> new ArrayList<>(1))
                .add(refusal));
        String sha256 = sha256(message.payload());
        byte[] kept = Arrays.copyOf(message.payload(), Math.min(message.payload().length, MAX_PAYLOAD_BYTES));
        List<Entry> entries = new ArrayList<>(byReason.size());
        byReason.forEach((reason, same) -> entries.add(new Entry(reason, event(message, device, same, sha256, kept))));
        return entries;
    }

    private static Event event(
            RawMessage message, @Nullable DeviceKey device, List<Refusal> same, String sha256, byte[] kept) {
        Refusal first = same.getFirst();
        QuarantineRecord value = new QuarantineRecord(
                WireCodec.VERSION,
                UUID.randomUUID().toString(),
                device == null ? NO_TENANT : device.tenant().value(),
                device == null ? null : device.device().value(),
                Printable.cut(message.topic(), MAX_TOPIC_LENGTH),
                message.transport().name().toLowerCase(Locale.ROOT),
                first.reason().code(),
                describe(same),
                same.size() == 1 ? first.metric() : null,
                message.receivedMicros(),
                message.payload().length,
                sha256,
                kept,
                contentType(message),
                message.mode() == IntakeMode.BACKFILL ? QuarantineRecord.BACKFILL : null);
        return new Event(
                Topics.QUARANTINE,
                device == null ? NO_TENANT : device.toString(),
                QuarantineRecord.CODEC.encode(value),
                message.receivedMicros() / MICROS_PER_MILLI,
                1);
    }

    private static @Nullable String contentType(RawMessage message) {
        String declared = message.contentType();
        return declared == null ? null : Printable.cut(declared, MAX_CONTENT_TYPE_LENGTH);
    }

    private static String describe(List<Refusal> same) {
        if (same.size() == 1) {
            Refusal only = same.getFirst();
            return only.pointer().isEmpty() ? only.detail() : only.pointer() + ": " + only.detail();
        }
        StringBuilder text = new StringBuilder(same.getFirst().detail())
                .append(" (")
                .append(same.size())
                .append(" parts:");
        same.stream()
                .limit(MAX_DESCRIBED)
                .forEach(refusal ->
                        text.append(' ').append(refusal.pointer().isEmpty() ? refusal.metric() : refusal.pointer()));
        text.append(same.size() > MAX_DESCRIBED ? " ...)" : ")");
        return Printable.cut(text.toString(), MAX_DETAIL_LENGTH);
    }

    private static String sha256(byte[] payload) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(payload));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
