package dev.heliograph.simulator.history;

import dev.heliograph.simulator.feed.Damage;
import dev.heliograph.simulator.feed.DeviceMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads a history back, for checkers: every message with all that was answered to it. */
public final class HistoryReader {
    private HistoryReader() {}

    /**
     * One message of a history.
     *
     * @param id unique within the run
     * @param topic it was published to
     * @param timeMillis the instant in its payload, by the device's clock
     * @param sequence of the device
     * @param kind why it was sent
     * @param damage how its payload is broken, or null
     * @param payload as it was sent
     * @param attempts how often it was sent
     * @param outcomes in the order of the answers; empty where the run ended before
     * @param answeredMicros when the last answer came, µs since the epoch; 0 where none came
     */
    public record Entry(
            String id,
            String topic,
            long timeMillis,
            long sequence,
            DeviceMessage.Kind kind,
            @Nullable Damage damage,
            byte[] payload,
            int attempts,
            List<History.Outcome> outcomes,
            long answeredMicros) {
        public Entry {
            outcomes = List.copyOf(outcomes);
        }

        /** Whether the platform said that it has the message: then it must be stored or in quarantine (checker C1). */
        public boolean isAcknowledged() {
            return outcomes.contains(History.Outcome.ACKNOWLEDGED);
        }

        private Entry sentAgain(int attempt) {
            return new Entry(id, topic, timeMillis, sequence, kind, damage, payload, attempt, outcomes, answeredMicros);
        }

        private Entry answered(History.Outcome outcome, long atMicros) {
            List<History.Outcome> more =
                    Stream.concat(outcomes.stream(), Stream.of(outcome)).toList();
            return new Entry(id, topic, timeMillis, sequence, kind, damage, payload, attempts, more, atMicros);
        }
    }

    /**
     * The messages by id, in the order of their first attempt.
     *
     * @throws IOException if the file cannot be read
     * @throws IllegalArgumentException if a line breaks the format; the message has its number
     */
    public static Map<String, Entry> read(Path file) throws IOException {
        Map<String, Entry> entries = new LinkedHashMap<>();
        int lineNumber = 0;
        try (Stream<String> lines = Files.lines(file)) {
            for (String line : (Iterable<String>) lines::iterator) {
                lineNumber++;
                try {
                    add(entries, line.split("\t", -1));
                } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
                    throw new IllegalArgumentException("line " + lineNumber + " of " + file + " is no event", e);
                }
            }
        }
        return entries;
    }

    static String word(History.Outcome outcome) {
        return outcome.name().toLowerCase(Locale.ROOT);
    }

    private static void add(Map<String, Entry> entries, String[] fields) {
        String id = fields[2];
        int attempt = Integer.parseInt(fields[3]);
        if (fields[0].equals("send")) {
            entries.merge(id, first(id, attempt, fields), (known, again) -> known.sentAgain(attempt));
            return;
        }
        History.Outcome outcome = History.Outcome.valueOf(fields[0].toUpperCase(Locale.ROOT));
        // Dropped before it was ever sent: the platform cannot have it, nothing to check.
        entries.computeIfPresent(id, (same, known) -> known.answered(outcome, Long.parseLong(fields[1])));
    }

    private static Entry first(String id, int attempt, String[] fields) {
        return new Entry(
                id,
                fields[4],
                Long.parseLong(fields[5]),
                Long.parseLong(fields[6]),
                DeviceMessage.Kind.valueOf(fields[7]),
                fields[8].equals("-") ? null : Damage.valueOf(fields[8]),
                Base64.getDecoder().decode(fields[9]),
                attempt,
                List.of(),
                0);
    }
}
