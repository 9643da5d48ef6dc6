package dev.heliograph.simulator.history;

import dev.heliograph.model.reading.Micros;
import dev.heliograph.simulator.mqtt.Outgoing;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Base64;

/**
 * Appends to a file, one line an event, tab-separated. A line is with the operating system before the bytes that it announces
 * are sent, so a kill of this process loses no line; a power cut may.
 *
 * <pre>
 * send  micros  id  attempt  topic  device-time-ms  sequence  kind  damage|-  payload in Base64
 * acknowledged|refused|later|unknown|dropped  micros  id  attempt  reason code
 * </pre>
 */
public final class FileHistory implements History {
    private final OutputStream file;
    private final Clock clock;

    // Not a FileChannel: a thread that is interrupted while it writes would close it for all others.
    private FileHistory(OutputStream file, Clock clock) {
        this.file = file;
        this.clock = clock;
    }

    /** @throws UncheckedIOException if the file cannot be opened for appending */
    public static FileHistory appendingTo(Path path, Clock clock) {
        try {
            return new FileHistory(new FileOutputStream(path.toFile(), true), clock);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot append to the history " + path, e);
        }
    }

    @Override
    public void sending(Outgoing message, int attempt) {
        String damage = message.content().damage() == null
                ? "-"
                : message.content().damage().name();
        write(String.join(
                "\t",
                "send",
                now(),
                message.id(),
                String.valueOf(attempt),
                message.topic(),
                String.valueOf(message.content().timeMillis()),
                String.valueOf(message.content().sequence()),
                message.content().kind().name(),
                damage,
                Base64.getEncoder().encodeToString(message.payload())));
    }

    @Override
    public void answered(Outgoing message, int attempt, Outcome outcome, int reasonCode) {
        write(String.join(
                "\t",
                HistoryReader.word(outcome),
                now(),
                message.id(),
                String.valueOf(attempt),
                String.valueOf(reasonCode)));
    }

    @Override
    public synchronized void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close the history", e);
        }
    }

    private String now() {
        return String.valueOf(Micros.of(clock.instant()));
    }

    private synchronized void write(String line) {
        try {
            file.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write to the history", e);
        }
    }
}
