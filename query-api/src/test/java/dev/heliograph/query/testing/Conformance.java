package dev.heliograph.query.testing;

import dev.heliograph.query.docs.ContractDocument;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Holds every answer that any test gets to the description of the interface: its status, its media type, its header fields
 * that no standard knows, each field of its body, and where it is a refusal, its kind.
 */
final class Conformance {
    private static final ContractDocument CONTRACT = ContractDocument.read(ContractDocument.GOLDEN);
    private static final JsonMapper JSON = JsonMapper.shared();
    /** What is refused before anybody knows which operation is meant, or by any of them. */
    private static final List<Integer> ANYWHERE = List.of(404, 405, 406, 413, 415);

    private static final Set<String> OF_BROWSERS =
            Set.of("x-content-type-options", "x-frame-options", "x-xss-protection", "x-accel-buffering");

    /** A row of the table of events: name, whether its data is an array, and the schema. */
    private static final Pattern EVENT =
            Pattern.compile("\\| `([a-z]+)` \\| (?:the first: )?(array of )?`([A-Z][A-Za-z]+)`");

    private static final Map<String, JsonNode> EVENTS = events();

    private Conformance() {}

    static void check(String method, String path, HttpResponse<String> response) {
        Optional<ContractDocument.Operation> operation = CONTRACT.operation(method, path.replaceFirst("\\?.*", ""));
        String type = response.headers().firstValue("Content-Type").orElse("").replaceFirst(";.*", "");
        if (operation.isEmpty() || Boolean.getBoolean("heliograph.golden.update")) {
            return;
        }
        String status = Integer.toString(response.statusCode());
        JsonNode described = operation.get().node().path("responses").path(status);
        String place = method + " " + path + " -> " + status + ": ";
        if (described.isMissingNode()) {
            if (!ANYWHERE.contains(response.statusCode())) {
                throw new AssertionError(place + "docs/api/openapi.yaml does not know this status\n" + response.body());
            }
        } else {
            headers(place, CONTRACT.resolve(described).path("headers"), response);
        }
        if (!described.isMissingNode() && !response.body().isEmpty()) {
            JsonNode media = CONTRACT.resolve(described).path("content").path(type);
            if (media.isMissingNode()) {
                throw new AssertionError(place + "docs/api/openapi.yaml does not know this as " + type);
            }
            judge(place, media.path("schema"), type, response.body());
        }
        if (type.equals("application/problem+json")) {
            kind(place, JSON.readTree(response.body()));
        }
    }

    /** @throws IllegalStateException for an event that the description does not have, or not so */
    static void checkEvent(String name, JsonNode data) {
        JsonNode schema = EVENTS.get(name);
        if (schema == null) {
            throw new IllegalStateException("docs/api/openapi.yaml does not know the event " + name);
        }
        List<String> faults = CONTRACT.faults(schema, data);
        if (!faults.isEmpty()) {
            throw new IllegalStateException("event " + name + ": " + faults + "\n" + data);
        }
    }

    private static Map<String, JsonNode> events() {
        String described = CONTRACT.operation("GET", "/api/v1/stream")
                .orElseThrow()
                .node()
                .path("responses")
                .path("200")
                .path("description")
                .asString();
        Map<String, JsonNode> events = new HashMap<>();
        EVENT.matcher(described).results().forEach(row -> {
            ObjectNode one = JSON.createObjectNode().put("$ref", "#/components/schemas/" + row.group(3));
            ObjectNode many = JSON.createObjectNode().put("type", "array");
            many.set("items", one);
            events.put(row.group(1), row.group(2) == null ? one : many);
        });
        return events;
    }

    /** Header fields of our own, which nobody could know from a standard. */
    private static void headers(String place, JsonNode described, HttpResponse<String> response) {
        for (String name : response.headers().map().keySet()) {
            String lower = name.toLowerCase(Locale.ROOT);
            boolean known = OF_BROWSERS.contains(lower)
                    || described.propertyNames().stream().anyMatch(one -> one.equalsIgnoreCase(name));
            if (lower.startsWith("x-") && !known) {
                throw new AssertionError(place + "docs/api/openapi.yaml does not know the header " + name);
            }
        }
    }

    private static void judge(String place, JsonNode schema, String type, String body) {
        if (!type.endsWith("json") || type.equals("application/x-ndjson")) {
            return;
        }
        List<String> faults = CONTRACT.faults(schema, JSON.readTree(body));
        if (!faults.isEmpty()) {
            String shown = body.length() <= 2_000 ? body : body.substring(0, 2_000) + "...";
            throw new AssertionError(place + "not as docs/api/openapi.yaml says: " + faults + "\n" + shown);
        }
    }

    private static void kind(String place, JsonNode problem) {
        String kind = problem.path("type").asString().replaceFirst(".*/", "");
        if (kind.startsWith("http-")) {
            return; // what the container refuses, named by its status
        }
        JsonNode example = CONTRACT.example(kind);
        if (!example.path("status").equals(problem.path("status"))
                || !example.path("title").equals(problem.path("title"))) {
            throw new AssertionError(place + "docs/api/openapi.yaml has another problem " + kind + ": " + example);
        }
    }
}
