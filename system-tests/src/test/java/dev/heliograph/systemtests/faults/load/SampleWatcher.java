package dev.heliograph.systemtests.faults.load;

import dev.heliograph.systemtests.faults.plant.Waiting;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Somebody who looks at one metric of one device live, by one connection, and notes the time of every sample. */
public final class SampleWatcher implements AutoCloseable {
    private static final Duration GREETING_LIMIT = Duration.ofSeconds(20);
    private static final String DATA = "data:";
    private static final String EVENT = "event:";

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final String metric;
    private final HttpResponse<Stream<String>> answer;
    private final NavigableSet<Long> times = new TreeSet<>();
    private volatile boolean greeted;
    private volatile boolean ended;
    private volatile boolean closed;

    /** Returns when the stream has greeted it. */
    public SampleWatcher(Api api, String device, String metric) throws IOException, InterruptedException {
        this.metric = metric;
        answer = http.send(
                api.request("/stream?topics=samples&device=" + device).GET().build(), BodyHandlers.ofLines());
        if (answer.statusCode() != 200) {
            throw new IllegalStateException("a stream was answered by " + answer.statusCode());
        }
        Thread.ofVirtual().name("sample-watcher").start(this::read);
        Waiting.until("the live stream greets a watcher", GREETING_LIMIT, () -> greeted);
    }

    private void read() {
        String event = "";
        try (Stream<String> lines = answer.body()) {
            for (String line : (Iterable<String>) lines::iterator) {
                if (line.startsWith(EVENT)) {
                    event = line.substring(EVENT.length()).strip();
                    greeted |= event.equals("hello");
                } else if (line.startsWith(DATA) && event.equals("samples")) {
                    note(JsonMapper.shared().readTree(line.substring(DATA.length())));
                }
            }
        } catch (RuntimeException cut) {
            if (!closed) {
                ended = true;
            }
            return;
        }
        ended = true;
    }

    private void note(JsonNode series) {
        synchronized (times) {
            for (JsonNode one : series) {
                if (one.path("metric").asString().equals(metric)) {
                    one.path("times").forEach(time -> times.add(time.asLong()));
                }
            }
        }
    }

    /** The times of all samples that were shown so far, ms since the epoch. */
    public NavigableSet<Long> times() {
        synchronized (times) {
            return new TreeSet<>(times);
        }
    }

    /** Whether the stream has ended by itself. */
    public boolean hasEnded() {
        return ended;
    }

    @Override
    public void close() {
        closed = true;
        http.shutdownNow();
    }
}
