package dev.heliograph.systemtests;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A careful reader of the live stream: what came counts once the position behind it is known, so that whoever resumes from
 * that position gets the rest, and nothing of it again.
 */
final class SseReader implements AutoCloseable {
    /** One event. */
    record Event(String name, JsonNode data) {}

    private final HttpResponse<Stream<String>> stream;
    private final Consumer<List<Event>> safe;
    private final CompletableFuture<Void> hello = new CompletableFuture<>();
    private final Thread thread;
    private volatile @Nullable String position;

    /**
     * Begins to read.
     *
     * @param position where an earlier reader ended, or null
     * @param safe takes the events that are safe, in their order
     */
    SseReader(HttpResponse<Stream<String>> stream, @Nullable String position, Consumer<List<Event>> safe) {
        this.stream = stream;
        this.position = position;
        this.safe = safe;
        this.thread = Thread.ofVirtual().start(this::run);
    }

    /** Where the next reader goes on. */
    @Nullable
    String position() {
        return position;
    }

    /** Done when the server has said from where on it tells everything. */
    CompletableFuture<Void> hello() {
        return hello;
    }

    private void run() {
        List<Event> open = new ArrayList<>();
        String name = "message";
        String id = null;
        String data = null;
        try {
            for (String line : (Iterable<String>) stream.body()::iterator) {
                if (line.startsWith("event: ")) {
                    name = line.substring("event: ".length());
                } else if (line.startsWith("id: ")) {
                    id = line.substring("id: ".length());
                } else if (line.startsWith("data: ")) {
                    data = line.substring("data: ".length());
                } else if (line.isEmpty()) {
                    if (data != null) {
                        open.add(new Event(name, JsonMapper.shared().readTree(data)));
                    }
                    if (name.equals("hello")) {
                        hello.complete(null);
                    }
                    if (id != null) {
                        safe.accept(List.copyOf(open));
                        open.clear();
                        position = id;
                    }
                    name = "message";
                    id = null;
                    data = null;
                }
            }
        } catch (RuntimeException cut) {
            hello.completeExceptionally(cut); // without effect if it came: then the cut is the test's own
        }
    }

    /** Cuts the connection, wherever it is. */
    @Override
    public void close() throws InterruptedException {
        stream.body().close();
        thread.join();
    }
}
