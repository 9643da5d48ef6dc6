package dev.heliograph.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads the events {@code samples} of the event stream on a thread of its own until it is closed. */
final class SseSamples implements AutoCloseable {
    /** Hears of each sample as it arrives. */
    interface Listener {
        void onSample(String device, String metric, double value, long arrivedNanos);
    }

    private static final JsonMapper JSON = JsonMapper.shared();

    private final InputStream stream;
    private final Thread thread;
    private volatile boolean closed;

    SseSamples(InputStream stream, Listener listener) {
        this.stream = stream;
        this.thread = Thread.ofPlatform().daemon().name("sse").start(() -> read(listener));
    }

    private void read(Listener listener) {
        String event = "";
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("event:")) {
                    event = line.substring("event:".length()).strip();
                } else if (line.startsWith("data:") && event.equals("samples")) {
                    deliver(JSON.readTree(line.substring("data:".length())), System.nanoTime(), listener);
                }
            }
        } catch (IOException failure) {
            if (!closed) {
                throw new UncheckedIOException(failure);
            }
        }
    }

    private static void deliver(JsonNode batch, long arrivedNanos, Listener listener) {
        for (JsonNode series : batch) {
            for (JsonNode value : series.path("values")) {
                listener.onSample(
                        series.path("device").asString(),
                        series.path("metric").asString(),
                        value.asDouble(),
                        arrivedNanos);
            }
        }
    }

    @Override
    public void close() throws IOException, InterruptedException {
        closed = true;
        stream.close();
        thread.join(1_000);
    }
}
