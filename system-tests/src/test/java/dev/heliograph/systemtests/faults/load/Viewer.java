package dev.heliograph.systemtests.faults.load;

import dev.heliograph.systemtests.faults.check.Evidence.Viewed;
import dev.heliograph.systemtests.faults.plant.Waiting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A browser that watches the alerts of a tenant, and comes back with the last position whenever it was cut off. */
public final class Viewer implements AutoCloseable {
    private static final Duration BACK_AFTER = Duration.ofMillis(500);
    private static final Duration JOIN_LIMIT = Duration.ofSeconds(20);

    private final Api api;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final Thread thread;
    private final Object lock = new Object();
    private final List<String> transitions = new ArrayList<>();
    private final StringBuilder shown = new StringBuilder();
    private int resets;
    private int connections;
    private @Nullable String lastId;
    private volatile boolean closed;

    private Viewer(Api api) {
        this.api = api;
        this.thread = Thread.ofVirtual().name("viewer").unstarted(this::watch);
    }

    /** Watches from now on; returns when the stream has greeted it. */
    public static Viewer of(Api api) {
        Viewer viewer = new Viewer(api);
        viewer.thread.start();
        Waiting.until("the live stream greets a viewer", JOIN_LIMIT, viewer::hasPosition);
        return viewer;
    }

    /** What was shown so far. */
    public Viewed viewed() {
        synchronized (lock) {
            return new Viewed(List.copyOf(transitions), resets, Math.max(0, connections - 1));
        }
    }

    /** Every line that came. */
    public String everything() {
        synchronized (lock) {
            return shown.toString();
        }
    }

    @Override
    public void close() {
        closed = true;
        http.shutdownNow();
        thread.interrupt();
    }

    private boolean hasPosition() {
        synchronized (lock) {
            return lastId != null;
        }
    }

    private void watch() {
        while (!closed) {
            try {
                connectOnce();
            } catch (IOException | UncheckedIOException cutOff) {
                // expected: this is what the suite does
            } catch (InterruptedException ended) {
                return;
            }
            if (!closed) {
                Waiting.pause(BACK_AFTER);
            }
        }
    }

    private void connectOnce() throws IOException, InterruptedException {
        HttpRequest.Builder request = api.request("/stream?topics=alerts").GET();
        synchronized (lock) {
            if (lastId != null) {
                request.header("Last-Event-ID", lastId);
            }
        }
        HttpResponse<Stream<String>> answer = http.send(request.build(), BodyHandlers.ofLines());
        try (Stream<String> lines = answer.body()) {
            if (answer.statusCode() != 200) {
                return;
            }
            synchronized (lock) {
                connections++;
            }
            read(lines);
        }
    }

    /** As a browser does: an id counts when the empty line after its event has come. */
    private void read(Stream<String> lines) {
        String event = "";
        String id = null;
        List<String> data = new ArrayList<>();
        for (String line : (Iterable<String>) lines::iterator) {
            if (line.startsWith("event:")) {
                event = line.substring("event:".length()).strip();
            } else if (line.startsWith("id:")) {
                id = line.substring("id:".length()).strip();
            } else if (line.startsWith("data:")) {
                data.add(line.substring("data:".length()));
            } else if (line.isEmpty()) {
                dispatch(event, id, String.join("\n", data));
                event = "";
                id = null;
                data.clear();
            }
        }
    }

    private void dispatch(String event, @Nullable String id, String data) {
        synchronized (lock) {
            shown.append(data).append('\n');
            if (event.equals("alerts")) {
                for (JsonNode step : JsonMapper.shared().readTree(data)) {
                    transitions.add(step.path("id").asString());
                }
            } else if (event.equals("reset")) {
                resets++;
            }
            if (id != null) {
                lastId = id;
            }
        }
    }
}
