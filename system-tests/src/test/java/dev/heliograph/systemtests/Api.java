package dev.heliograph.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The REST API as a script uses it. */
final class Api {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final URI base;
    private final String token;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(LIMIT)
            .build();

    Api(PlatformProcess platform, String role) {
        this.base = platform.url();
        this.token = platform.token(role);
    }

    HttpResponse<String> ask(String path) {
        return answer(request(path).timeout(LIMIT).build());
    }

    /** Sends JSON, with other headers as names and values in turn. */
    HttpResponse<String> send(String method, String path, String body, String... headers) {
        HttpRequest.Builder request = request(path).timeout(LIMIT).header("Content-Type", "application/json");
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        return answer(request.method(method, BodyPublishers.ofString(body)).build());
    }

    static JsonNode json(HttpResponse<String> answer) {
        return JsonMapper.shared().readTree(answer.body());
    }

    private HttpResponse<String> answer(HttpRequest request) {
        try {
            return http.send(request, BodyHandlers.ofString());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    JsonNode get(String path) {
        HttpResponse<String> answer = ask(path);
        assertThat(answer.statusCode()).as(path + ": " + answer.body()).isEqualTo(200);
        return json(answer);
    }

    /** The first event of this kind on the live stream whose data fulfils the condition; complete once connected. */
    CompletableFuture<JsonNode> firstEvent(String query, String event, Predicate<JsonNode> condition) {
        HttpResponse<Stream<String>> stream = stream(query, null);
        CompletableFuture<JsonNode> found = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try (Stream<String> lines = stream.body()) {
                read(lines, event, condition, found);
            } catch (RuntimeException failure) {
                found.completeExceptionally(failure);
            }
        });
        return found;
    }

    /** The live stream, from a position or from now. */
    HttpResponse<Stream<String>> stream(String query, @Nullable String position) {
        HttpRequest.Builder request = request("/stream?" + query);
        if (position != null) {
            request.header("Last-Event-ID", position);
        }
        HttpResponse<Stream<String>> stream =
                http.sendAsync(request.build(), BodyHandlers.ofLines()).join();
        assertThat(stream.statusCode()).isEqualTo(200);
        return stream;
    }

    private static void read(
            Stream<String> lines, String wanted, Predicate<JsonNode> condition, CompletableFuture<JsonNode> found) {
        String event = "";
        for (String line : (Iterable<String>) lines::iterator) {
            if (line.startsWith("event:")) {
                event = line.substring("event:".length()).strip();
            } else if (line.startsWith("data:") && event.equals(wanted)) {
                JsonNode data = JsonMapper.shared().readTree(line.substring("data:".length()));
                if (condition.test(data)) {
                    found.complete(data);
                    return;
                }
            }
        }
        found.completeExceptionally(new AssertionError("the stream ended before"));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(base + "/api/v1" + path))
                .header("Authorization", "Bearer " + token)
                .header("Accept", "application/json, text/event-stream");
    }
}
