package dev.heliograph.local.client;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The REST API as one script uses it: in the name of the client {@code heliograph-cli}, with one tenant and one role.
 * A token is asked for at first use and again when it has expired.
 */
public final class HeliographApi {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final JsonMapper JSON = JsonMapper.shared();

    private final URI base;
    private final String secret;
    private final String tenant;
    private final String role;
    private final HttpClient http;
    private @Nullable String token;

    /**
     * @param base the front door, without a trailing slash
     * @param secret the secret of the client {@code heliograph-cli}
     * @param tenant whose data
     * @param role {@code viewer}, {@code operator} or {@code admin}
     */
    public HeliographApi(URI base, String secret, String tenant, String role) {
        this.base = base;
        this.secret = secret;
        this.tenant = tenant;
        this.role = role;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(5))
                .build();
    }

    /** A new access token. */
    public String requestToken() throws IOException {
        String credentials =
                Base64.getEncoder().encodeToString(("heliograph-cli:" + secret).getBytes(StandardCharsets.UTF_8));
        String form = "grant_type=client_credentials&tenant=%s&role=%s".formatted(encode(tenant), encode(role));
        HttpResponse<String> answer = send(HttpRequest.newBuilder(base.resolve("/auth/oauth2/token"))
                .timeout(LIMIT)
                .header("Authorization", "Basic " + credentials)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form))
                .build());
        if (answer.statusCode() != 200) {
            throw new IOException("no token: HTTP %d %s".formatted(answer.statusCode(), answer.body()));
        }
        return JSON.readTree(answer.body()).path("access_token").asString();
    }

    /** Reads a resource below {@code /api/v1}. */
    public JsonNode get(String path) throws IOException {
        return call("GET", path, BodyPublishers.noBody());
    }

    /** Creates or replaces a resource below {@code /api/v1}. */
    public JsonNode put(String path, JsonNode body) throws IOException {
        return call("PUT", path, BodyPublishers.ofString(body.toString()));
    }

    /** Posts to a resource below {@code /api/v1}. */
    public JsonNode post(String path, JsonNode body) throws IOException {
        return call("POST", path, BodyPublishers.ofString(body.toString()));
    }

    private JsonNode call(String method, String path, BodyPublisher body) throws IOException {
        HttpResponse<String> answer = attempt(method, path, body);
        if (answer.statusCode() == 401) {
            token = null;
            answer = attempt(method, path, body);
        }
        if (answer.statusCode() >= 300) {
            throw new IOException(
                    "%s /api/v1%s: HTTP %d %s".formatted(method, path, answer.statusCode(), answer.body()));
        }
        return answer.body().isEmpty() ? JSON.nullNode() : JSON.readTree(answer.body());
    }

    private HttpResponse<String> attempt(String method, String path, BodyPublisher body) throws IOException {
        String bearer = token;
        if (bearer == null) {
            bearer = requestToken();
            token = bearer;
        }
        return send(HttpRequest.newBuilder(base.resolve("/api/v1" + path))
                .timeout(LIMIT)
                .header("Authorization", "Bearer " + bearer)
                .header("Accept", "application/json, application/problem+json")
                .header("Content-Type", "application/json")
                .method(method, body)
                .build());
    }

    private HttpResponse<String> send(HttpRequest request) throws IOException {
        try {
            return http.send(request, BodyHandlers.ofString());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for " + request.uri());
        }
    }

    private static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }
}
