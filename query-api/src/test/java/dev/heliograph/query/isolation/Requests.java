package dev.heliograph.query.isolation;

import dev.heliograph.query.testing.Described;
import dev.heliograph.query.testing.Described.Operation;
import dev.heliograph.query.testing.Described.Parameter;
import dev.heliograph.query.testing.TestApi;
import dev.heliograph.query.testing.TestApi.Answer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Well-formed requests of every operation in which one place names something else. */
final class Requests {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String TO = Instant.now().truncatedTo(ChronoUnit.HOURS).toString();
    private static final String FROM =
            Instant.parse(TO).minus(1, ChronoUnit.HOURS).toString();

    /** A body of each operation that has one; a word in braces stands for the caller's own. */
    private static final Map<String, String> BODIES = Map.ofEntries(
            Map.entry("acknowledgeAlert", "{}"),
            Map.entry("correctData", """
                    {"metric": "{METRIC}", "from": "{FROM}", "to": "{TO}", "set": 1,
                     "reason": "x"}
                    """),
            Map.entry("backfill", "{\"device\": \"{DEVICE}\", \"ts\": 1767225600000, \"metrics\": {\"{METRIC}\": 1}}"),
            Map.entry("queryData", "{\"from\": \"now-1h\"}"),
            Map.entry("putDevice", "{\"name\": \"x\"}"),
            Map.entry("registerDevices", "{\"devices\": [{\"id\": \"{DEVICE}\"}]}"),
            Map.entry("putMetric", "{\"unit\": \"x\"}"),
            Map.entry("previewReplay", "{\"ids\": [\"{QUARANTINE}\"]}"),
            Map.entry("replayQuarantine", "{\"ids\": [\"{QUARANTINE}\"]}"),
            Map.entry("previewMatchingReplay", "{\"device\": \"{DEVICE}\"}"),
            Map.entry("replayMatchingQuarantine", "{\"cursor\": \"AAAA\"}"),
            Map.entry("createRule", "{RULE_BODY}"),
            Map.entry("replaceRule", "{RULE_BODY}"),
            Map.entry("putSite", "{\"name\": \"x\"}"),
            Map.entry("patchSite", "{\"name\": \"y\"}"),
            Map.entry("patchDevice", "{\"name\": \"y\"}"),
            Map.entry("previewDeviceChange", "{\"q\": \"type:none\", \"change\": {\"enabled\": true}}"),
            Map.entry("applyDeviceChange", "{\"token\": \"AAAA\"}"),
            Map.entry("importDevices", "id,name\n{DEVICE},x\n"),
            Map.entry(
                    "changeStream", "{\"subscriptions\": [{\"topics\": [\"samples\"], \"devices\": [\"{DEVICE}\"]}]}"));

    private static final String RULE = """
            {"name": "x", "severity": "info",
             "condition": {"type": "threshold", "metric": "{METRIC}", "operator": "ge", "value": 1}}
            """;

    /** What an operation does not do without. */
    private static final Map<String, Map<String, String>> PARAMETERS = Map.of(
            "deleteData", Map.of("from", FROM, "to", TO, "reason", "x"),
            "stream", Map.of("topics", "presence"),
            "getFleetCells", Map.of("bbox", "-180,-85,180,85", "zoom", "2"),
            "getFleetGroups", Map.of("groupBy", "site"));

    private static final Map<String, String> FIRST_VERSION = Map.of("If-Match", "\"1\"");
    private static final Map<String, Map<String, String>> HEADERS = Map.of(
            "replaceRule", FIRST_VERSION,
            "deleteRule", FIRST_VERSION,
            "putDevice", FIRST_VERSION,
            "patchDevice", FIRST_VERSION,
            "disableDevice", FIRST_VERSION,
            "putSite", FIRST_VERSION,
            "patchSite", FIRST_VERSION,
            "importDevices", Map.of("Content-Type", "text/csv"));

    private final TestApi api;
    private final Described described;

    Requests(TestApi api, Described described) {
        this.api = api;
        this.described = described;
    }

    /** A place of an operation that names something. */
    record Place(String in, String name, Kind kind) {}

    /**
     * Every place of an operation that names something.
     *
     * @throws AssertionError where nobody has said whether a place does, or what a body looks like
     */
    List<Place> places(Operation operation) {
        List<Place> places = new ArrayList<>();
        for (Parameter parameter : operation.parameters()) {
            Kind.of(operation, parameter.in(), parameter.name())
                    .ifPresent(kind -> places.add(new Place(parameter.in(), parameter.name(), kind)));
        }
        if (!operation.bodyTypes().isEmpty() && !BODIES.containsKey(operation.id())) {
            throw new AssertionError("Say in Requests.BODIES what a body of " + operation + " looks like.");
        }
        described.leaves(operation.body(), (pointer, schema) -> {
            boolean ofMany = pointer.startsWith("/-"); // and of one alone as well
            if (!pointer.isEmpty() && !ofMany) {
                Kind.of(operation, "body", pointer).ifPresent(kind -> {
                    Place place = new Place("body", pointer, kind);
                    if (!places.contains(place)) {
                        places.add(place);
                    }
                });
            }
        });
        return places;
    }

    /** Sends the caller's own request; with one place changed, or none. */
    Answer send(Operation operation, Tenant caller, String role, @Nullable Place place, String value) {
        Prepared request = prepare(operation, caller, place, value);
        return api.send(operation.method(), request.target(), caller.token(role), request.body(), request.headers());
    }

    /** @param target path and query */
    record Prepared(String target, @Nullable String body, Map<String, String> headers) {}

    Prepared prepare(Operation operation, Tenant caller, @Nullable Place place, String value) {
        String path = operation.path();
        Map<String, String> query = new LinkedHashMap<>(PARAMETERS.getOrDefault(operation.id(), Map.of()));
        Map<String, String> headers = new LinkedHashMap<>();
        if (place == null || !place.in().equals("body")) {
            // A version goes with a change: without it, the same change is refused the same way however often it is
            // asked.
            headers.putAll(HEADERS.getOrDefault(operation.id(), Map.of()));
        }
        for (Parameter parameter : operation.parameters()) {
            if (parameter.in().equals("path")) {
                String own = Kind.of(operation, "path", parameter.name())
                        .map(caller.names::get)
                        .orElseThrow();
                boolean changed = place != null
                        && place.in().equals("path")
                        && place.name().equals(parameter.name());
                path = path.replace("{" + parameter.name() + "}", encoded(changed ? value : own));
            }
        }
        if (place != null && place.in().equals("query")) {
            query.put(place.name(), value);
        }
        if (place != null && place.in().equals("header")) {
            headers.put(place.name(), value);
        }
        StringBuilder target = new StringBuilder(path);
        query.forEach((name, one) -> target.append(target.indexOf("?") < 0 ? '?' : '&')
                .append(name)
                .append('=')
                .append(encoded(one)));
        return new Prepared(target.toString(), body(operation, caller, place, value), headers);
    }

    private static @Nullable String body(Operation operation, Tenant caller, @Nullable Place place, String value) {
        String body = BODIES.get(operation.id());
        if (body == null) {
            return null;
        }
        body = body.replace("{RULE_BODY}", RULE).replace("{FROM}", FROM).replace("{TO}", TO);
        for (Map.Entry<Kind, String> own : caller.names.entrySet()) {
            body = body.replace("{" + own.getKey() + "}", own.getValue());
        }
        if (place == null || !place.in().equals("body")) {
            return body;
        }
        ObjectNode root = (ObjectNode) JSON.readTree(body);
        set(root, List.of(place.name().substring(1).split("/")), place.name().endsWith("/labels"), value);
        return root.toString();
    }

    private static void set(ObjectNode at, List<String> steps, boolean label, String value) {
        String name = steps.getFirst();
        List<String> rest = steps.subList(1, steps.size());
        if (rest.isEmpty()) {
            if (label) {
                at.putObject(name).put("floor", value);
            } else {
                at.put(name, value);
            }
        } else if (rest.equals(List.of("-"))) {
            at.putArray(name).add(value);
        } else if (rest.getFirst().equals("-")) {
            JsonNode list = at.path(name);
            ArrayNode items = list instanceof ArrayNode known ? known : at.putArray(name);
            ObjectNode item = items.isEmpty() ? items.addObject() : (ObjectNode) items.get(0);
            set(item, rest.subList(1, rest.size()), label, value);
        } else {
            ObjectNode inner = at.path(name) instanceof ObjectNode known ? known : at.putObject(name);
            set(inner, rest, label, value);
        }
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
