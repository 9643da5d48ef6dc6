package dev.heliograph.query.stream;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes whole frames to one client, on one thread: nobody else has the stream, so no frame can be torn by another. A write
 * that takes longer than the deadline ends the connection; the container's own timeout ends one that makes no progress.
 */
final class EventWriter {
    private static final int CHUNK = 4_096;

    private final OutputStream out;
    private final Duration deadline;
    private final StreamMetrics metrics;

    EventWriter(OutputStream out, Duration deadline, StreamMetrics metrics) {
        this.out = out;
        this.deadline = deadline;
        this.metrics = metrics;
    }

    /** The reader takes too little too slowly. */
    static final class SlowReaderException extends IOException {
        SlowReaderException() {
            super("the reader did not take what was written in time");
        }
    }

    void write(Frame frame) throws IOException {
        write(List.of(frame));
    }

    /** Writes the frames and sends them off. */
    void write(List<Frame> frames) throws IOException {
        long end = System.nanoTime() + deadline.toNanos();
        for (Frame frame : frames) {
            write(frame.bytes(), end);
        }
        out.flush();
        check(end);
        metrics.written(frames.size());
    }

    /** A sign of life; with the position where there is one. */
    void heartbeat(@Nullable String id) throws IOException {
        String line = id == null ? ":\n\n" : ":\nid: " + id + "\n\n";
        out.write(line.getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    private void write(byte[] bytes, long end) throws IOException {
        for (int at = 0; at < bytes.length; at += CHUNK) {
            out.write(bytes, at, Math.min(CHUNK, bytes.length - at));
            check(end);
        }
    }

    private static void check(long end) throws SlowReaderException {
        if (System.nanoTime() - end > 0) {
            throw new SlowReaderException();
        }
    }
}
