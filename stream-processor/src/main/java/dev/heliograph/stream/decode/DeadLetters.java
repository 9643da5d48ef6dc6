package dev.heliograph.stream.decode;

import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.wire.QuarantineRecord;
import dev.heliograph.model.wire.WireCodec;
import dev.heliograph.model.wire.WireFormatException;
import dev.heliograph.stream.StreamCounters;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the dead letter of a record that could not be read. The same record gives the same letter id. */
public final class DeadLetters {
    /** The tenant of a letter whose key names none. No tenant can have this name, so no one is shown another's bytes. */
    static final String NO_TENANT = "_";

    static final String POISON = "POISON";
    /** A newer build wrote the record: it is no rubbish. */
    static final String SCHEMA = "SCHEMA";

    private static final int KEPT_BYTES = 4_096;
    private static final int LONGEST_DETAIL = 500;
    private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);

    private final StreamCounters counters;

    public DeadLetters(StreamCounters counters) {
        this.counters = counters;
    }

    /** Key and value for the topic of dead letters. */
    public record Letter(String key, byte[] value) {}

    /** Counts, logs and describes a poisonous record. */
    public Letter write(
            @Nullable RecordMetadata where,
            byte @Nullable [] key,
            byte @Nullable [] value,
            RuntimeException why,
            long nowMillis) {
        counters.poison();
        String at = where == null ? "unknown" : where.topic() + "-" + where.partition() + "@" + where.offset();
        String detail = at + ": " + why.getMessage();
        LOG.warn("Set a record aside that cannot be read, {}", detail);
        Optional<DeviceKey> device =
                key == null ? Optional.empty() : DeviceKey.parse(new String(key, StandardCharsets.UTF_8));
        byte[] payload = value == null ? new byte[0] : value;
        QuarantineRecord letter = new QuarantineRecord(
                WireCodec.VERSION,
                UUID.nameUUIDFromBytes(("poison/" + at).getBytes(StandardCharsets.UTF_8))
                        .toString(),
                device.map(known -> known.tenant().value()).orElse(NO_TENANT),
                device.map(known -> known.device().value()).orElse(null),
                where == null ? "" : where.topic(),
                "kafka",
                why instanceof WireFormatException format && format.isOfUnknownVersion() ? SCHEMA : POISON,
                detail.substring(0, Math.min(detail.length(), LONGEST_DETAIL)),
                null,
                nowMillis * 1_000,
                payload.length,
                sha256(payload),
                Arrays.copyOf(payload, Math.min(payload.length, KEPT_BYTES)));
        return new Letter(device.map(DeviceKey::toString).orElse(NO_TENANT), QuarantineRecord.CODEC.encode(letter));
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java platform has SHA-256", missing);
        }
    }
}
