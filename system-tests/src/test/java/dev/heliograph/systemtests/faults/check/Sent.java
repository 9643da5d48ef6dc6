package dev.heliograph.systemtests.faults.check;

import dev.heliograph.simulator.history.History.Outcome;
import dev.heliograph.simulator.history.HistoryReader;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One message that a device sent, with what it was told.
 *
 * @param device who sent it
 * @param micros the instant in its payload, µs since the epoch; without meaning where it is not sound
 * @param numbers samples that are stored as numbers, booleans as 1 and 0
 * @param texts samples that are stored as states
 * @param sound whether the payload is as the contract wants it
 * @param sha256 of the payload
 * @param attempts how often it was sent
 * @param deliveries how often it may have come at most: once for each attempt, and once for each time that a broker between
 *     had to deliver again what it had
 * @param verdict the last word of the platform
 */
public record Sent(
        String device,
        long micros,
        Map<String, Double> numbers,
        Map<String, String> texts,
        boolean sound,
        String sha256,
        int attempts,
        int deliveries,
        Verdict verdict) {
    private static final long MICROS_PER_MILLI = 1_000;
    private static final int DEVICE_LEVEL = 3;

    /** What the device knows at the end. */
    public enum Verdict {
        /** The platform has it. */
        ACKNOWLEDGED,
        /** The platform refused it and says why. */
        REFUSED,
        /** No answer: it may be there once or not at all. */
        OPEN,
        /** A broker acknowledged it and then forgot it: it must not be there, and the ledger must miss it. */
        FORGOTTEN
    }

    public Sent {
        numbers = Map.copyOf(numbers);
        texts = Map.copyOf(texts);
    }

    /** A message of the simulator's history. */
    public static Sent of(HistoryReader.Entry entry) {
        String device = entry.topic().split("/")[DEVICE_LEVEL];
        Verdict verdict = Verdict.OPEN;
        if (entry.isAcknowledged()) {
            verdict = Verdict.ACKNOWLEDGED;
        } else if (entry.outcomes().contains(Outcome.REFUSED)) {
            verdict = Verdict.REFUSED;
        }
        return of(device, entry.payload(), entry.damage() == null, entry.attempts(), verdict);
    }

    /** A message by its payload. */
    public static Sent of(String device, byte[] payload, boolean sound, int attempts, Verdict verdict) {
        Map<String, Double> numbers = new LinkedHashMap<>();
        Map<String, String> texts = new LinkedHashMap<>();
        long micros = 0;
        if (sound) {
            JsonNode json = JsonMapper.shared().readTree(payload);
            micros = json.path("ts").asLong() * MICROS_PER_MILLI;
            for (Map.Entry<String, JsonNode> sample : json.path("metrics").properties()) {
                JsonNode value = sample.getValue();
                if (value.isString()) {
                    texts.put(sample.getKey(), value.asString());
                } else {
                    numbers.put(
                            sample.getKey(), value.isBoolean() ? (value.asBoolean() ? 1.0 : 0.0) : value.asDouble());
                }
            }
        }
        return new Sent(device, micros, numbers, texts, sound, sha256(payload), attempts, attempts, verdict);
    }

    /** The same of a broker that may have lost what it acknowledged, or not; see {@code FaultRun}. */
    public Sent uncertain() {
        return new Sent(device, micros, numbers, texts, sound, sha256, attempts, deliveries, Verdict.OPEN);
    }

    /** The same of a broker that has forgotten what it acknowledged; see {@link Forgotten}. */
    Sent forgotten() {
        return new Sent(device, micros, numbers, texts, sound, sha256, attempts, deliveries, Verdict.FORGOTTEN);
    }

    /** The same where a broker may have delivered so many more copies. */
    public Sent deliveredAgain(int times) {
        return new Sent(device, micros, numbers, texts, sound, sha256, attempts, deliveries + times, verdict);
    }

    /** The hash under which the quarantine keeps a payload. */
    public static String sha256(byte[] payload) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(payload));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }

    /** For problems: who and when, and the first bytes of the hash. */
    String describe() {
        return device + "@" + micros + " (" + sha256.substring(0, 8) + ", " + verdict + ", attempts " + attempts + ")";
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
