package dev.heliograph.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The few calls of the REST API that a benchmark needs. */
final class ApiClient {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int REGISTER_AT_ONCE = 1_000;

    private final HttpClient http = HttpClient.newHttpClient();
    private final URI api;
    private final String token;

    ApiClient(URI api, String token) {
        this.api = api;
        this.token = token;
    }

    /** A device and its key. */
    record Credentials(String device, String password) {}

    /** Registers devices of these names and returns their keys. */
    List<Credentials> register(List<String> devices) throws IOException, InterruptedException {
        List<Credentials> passwords = new ArrayList<>();
        for (int from = 0; from < devices.size(); from += REGISTER_AT_ONCE) {
            ObjectNode body = JSON.createObjectNode().put("issueCredentials", true);
            ArrayNode list = body.putArray("devices");
            devices.subList(from, Math.min(devices.size(), from + REGISTER_AT_ONCE))
                    .forEach(device -> list.addObject().put("id", device).put("type", "benchmark"));
            HttpRequest request = request("/api/v1/devices:register")
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                    .build();
            for (JsonNode device : send(request).path("devices")) {
                passwords.add(new Credentials(
                        device.path("id").asString(), device.path("password").asString()));
            }
        }
        return passwords;
    }

    /** Tenant of the token. */
    String tenant() throws IOException, InterruptedException {
        return get("/api/v1/me").path("tenant").asString();
    }

    JsonNode get(String path) throws IOException, InterruptedException {
        return send(request(path).build());
    }

    /** Opens the event stream; the caller reads and closes it. */
    InputStream stream(String query) throws IOException, InterruptedException {
        HttpRequest request = request("/api/v1/stream?" + query)
                .header("Accept", "text/event-stream")
                .build();
        HttpResponse<InputStream> response = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
        if (response.statusCode() != 200) {
            throw new IOException("stream answered " + response.statusCode());
        }
        return response.body();
    }

    /** Records that the writer and the stream processor have yet to take, by {@code /system}; -1 while it is unknown. */
    long backlog() throws IOException, InterruptedException {
        List<Long> lags = new ArrayList<>();
        for (JsonNode stage : get("/api/v1/system").path("stages")) {
            String id = stage.path("id").asString();
            if (id.equals("writer") || id.equals("stream")) {
                lags.add(stage.path("lagRecords").asLong(-1));
            }
        }
        return lags.contains(-1L)
                ? -1
                : lags.stream().mapToLong(Long::longValue).sum();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(api.resolve(path)).header("Authorization", "Bearer " + token);
    }

    private JsonNode send(HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() / 100 != 2) {
            throw new IOException(
                    request.uri().getPath() + " answered " + response.statusCode() + ": " + response.body());
        }
        return JSON.readTree(response.body());
    }
}
