package dev.heliograph.systemtests.faults.load;

import dev.heliograph.systemtests.faults.plant.Plant;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The REST API in the name of one tenant's administrator. */
public final class Api {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    private final Plant plant;
    private final String tenant;

    public Api(Plant plant, String tenant) {
        this.plant = plant;
        this.tenant = tenant;
    }

    /** A token for this tenant. */
    public String token() {
        return plant.issuer().token(tenant, "admin");
    }

    /** The body of an answer that must be a success. */
    public JsonNode call(String method, String path, String body) {
        try {
            HttpResponse<String> answer = send(request(path).method(method, BodyPublishers.ofString(body)));
            if (answer.statusCode() / 100 != 2) {
                throw new IllegalStateException(
                        method + " " + path + " was answered by " + answer.statusCode() + ": " + answer.body());
            }
            return answer.body().isBlank()
                    ? JsonMapper.shared().missingNode()
                    : JsonMapper.shared().readTree(answer.body());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Status and body of whatever is answered. */
    public HttpResponse<String> ask(String path) throws IOException {
        return send(request(path).GET());
    }

    /** The same with a body. */
    HttpResponse<String> post(String path, String body) throws IOException {
        return send(request(path).POST(BodyPublishers.ofString(body)));
    }

    /** The same with a token that somebody else has made. */
    public HttpResponse<String> ask(String path, String by) throws IOException {
        return send(request(path, by).GET());
    }

    HttpRequest.Builder request(String path) {
        return request(path, token());
    }

    private HttpRequest.Builder request(String path, String by) {
        return HttpRequest.newBuilder(URI.create(plant.apiUri() + "/api/v1" + path))
                .header("Authorization", "Bearer " + by)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json, application/problem+json, text/event-stream");
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
        try {
            return HTTP.send(request.timeout(LIMIT).build(), BodyHandlers.ofString());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}
