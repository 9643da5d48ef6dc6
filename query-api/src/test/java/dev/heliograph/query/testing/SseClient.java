package dev.heliograph.query.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A reader of server-sent events on a plain socket, so that it can also not read. Refuses every line that is no event. */
public final class SseClient implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();

    /** One event; data is JSON. */
    public record Event(String name, @Nullable String id, JsonNode data) {}

    public final List<Event> events = new CopyOnWriteArrayList<>();
    public final AtomicInteger comments = new AtomicInteger();
    public volatile int status;
    public volatile @Nullable String lastId;
    public volatile @Nullable String torn;
    public volatile boolean ended;
    public volatile Map<String, String> headers = Map.of();
    private final Socket socket;
    private @Nullable Thread reader;

    /** Connects and sends the request; nothing is read before {@link #read()}. */
    public SseClient(int port, String path, String token, @Nullable String lastEventId, int receiveBuffer) {
        try {
            socket = new Socket();
            if (receiveBuffer > 0) {
                socket.setReceiveBufferSize(receiveBuffer);
            }
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            String resume = lastEventId == null ? "" : "Last-Event-ID: " + lastEventId + "\r\n";
            String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + token
                    + "\r\nAccept: text/event-stream\r\n" + resume + "\r\n";
            OutputStream out = socket.getOutputStream();
            out.write(request.getBytes(StandardCharsets.US_ASCII));
            out.flush();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    public static SseClient open(TestApi api, String query, String token) {
        return new SseClient(api.port, "/api/v1/stream?" + query, token, null, 0).read();
    }

    public static SseClient resume(TestApi api, String query, String token, String lastEventId) {
        return new SseClient(api.port, "/api/v1/stream?" + query, token, lastEventId, 0).read();
    }

    /** Reads from now on, on a thread of its own. */
    public SseClient read() {
        reader = Thread.ofVirtual().start(this::run);
        return this;
    }

    public List<Event> named(String name) {
        return events.stream().filter(event -> event.name().equals(name)).toList();
    }

    private void run() {
        try (BufferedReader in =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
            status = Integer.parseInt(in.readLine().split(" ")[1]);
            Map<String, String> read = new java.util.HashMap<>();
            for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                int colon = line.indexOf(':');
                read.put(
                        line.substring(0, colon).toLowerCase(java.util.Locale.ROOT),
                        line.substring(colon + 1).strip());
            }
            headers = read;
            if (status == 200) {
                events(new BufferedReader(new InputStreamReader(new Chunked(in), StandardCharsets.UTF_8)));
            }
        } catch (IOException | RuntimeException broken) {
            if (!socket.isClosed() && broken instanceof RuntimeException) {
                torn = broken.toString();
            }
        } finally {
            ended = true;
        }
    }

    private void events(BufferedReader lines) throws IOException {
        String name = "message";
        String id = null;
        StringBuilder data = new StringBuilder();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.isEmpty()) {
                if (id != null) {
                    lastId = id;
                }
                if (!data.isEmpty()) {
                    JsonNode read = JSON.readTree(data.toString());
                    Conformance.checkEvent(name, read);
                    events.add(new Event(name, id, read));
                }
                name = "message";
                id = null;
                data.setLength(0);
            } else if (line.startsWith(":")) {
                comments.incrementAndGet();
            } else if (line.startsWith("event: ")) {
                name = line.substring(7);
            } else if (line.startsWith("id: ")) {
                id = line.substring(4);
            } else if (line.startsWith("data: ")) {
                data.append(line.substring(6));
            } else if (!line.startsWith("retry: ")) {
                throw new IllegalStateException("not a line of an event: " + line);
            }
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
            Thread running = reader;
            if (running != null) {
                running.join();
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    /** The body of a chunked answer; text here is ASCII but for states, which the tests keep to ASCII as well. */
    private static final class Chunked extends java.io.InputStream {
        private final BufferedReader in;
        private int left;
        private boolean first = true;

        Chunked(BufferedReader in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            if (left == 0) {
                if (!first) {
                    in.readLine();
                }
                first = false;
                String size = in.readLine();
                left = size == null ? 0 : Integer.parseInt(size.strip(), 16);
                if (left == 0) {
                    return -1;
                }
            }
            left--;
            return in.read();
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int next = read();
            if (next < 0) {
                return -1;
            }
            buffer[offset] = (byte) next;
            int count = 1;
            while (count < length && left > 0 && in.ready()) {
                buffer[offset + count++] = (byte) read();
            }
            return count;
        }
    }
}
