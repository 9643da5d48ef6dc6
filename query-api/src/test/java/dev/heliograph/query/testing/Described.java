package dev.heliograph.query.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import tools.jackson.databind.JsonNode;

/** The operations that a running service describes, for tests that are made from the description. */
public final class Described {
    private static final int DEEPEST = 8;

    private final JsonNode document;

    private Described(JsonNode document) {
        this.document = document;
    }

    /** Reads the description from the service. */
    public static Described by(TestApi api) {
        return new Described(
                api.send("GET", "/api/openapi.json", null, null, Map.of()).json());
    }

    /**
     * One operation.
     *
     * @param method in capitals
     * @param body schema of a JSON body; a missing node where there is none
     * @param bodyTypes media types that a body may have; empty where there is none
     */
    public record Operation(
            String id, String method, String path, List<Parameter> parameters, JsonNode body, List<String> bodyTypes) {
        @Override
        public String toString() {
            return id + " (" + method + " " + path + ")";
        }
    }

    /** @param in {@code path}, {@code query} or {@code header} */
    public record Parameter(String in, String name, boolean required, JsonNode schema) {}

    public List<Operation> operations() {
        List<Operation> operations = new ArrayList<>();
        document.path("paths")
                .propertyStream()
                .forEach(path -> path.getValue()
                        .propertyStream()
                        .forEach(operation ->
                                operations.add(operation(operation.getKey(), path.getKey(), operation.getValue()))));
        return operations;
    }

    private static Operation operation(String method, String path, JsonNode node) {
        List<Parameter> parameters = new ArrayList<>();
        for (JsonNode one : node.path("parameters")) {
            parameters.add(new Parameter(
                    one.path("in").asString(),
                    one.path("name").asString(),
                    one.path("required").asBoolean(false),
                    one.path("schema")));
        }
        JsonNode content = node.path("requestBody").path("content");
        return new Operation(
                node.path("operationId").asString(),
                method.toUpperCase(java.util.Locale.ROOT),
                path,
                parameters,
                content.path("application/json").path("schema"),
                content.propertyStream().map(Map.Entry::getKey).toList());
    }

    /** The schema itself where it is a reference. */
    public JsonNode resolved(JsonNode schema) {
        String reference = schema.path("$ref").asString("");
        return reference.isEmpty()
                ? schema
                : document.at(reference.substring(1)).isMissingNode() ? schema : document.at(reference.substring(1));
    }

    /** Every value that a body may hold: its pointer, with {@code -} for the items of a list, and its schema. */
    public void leaves(JsonNode schema, BiConsumer<String, JsonNode> each) {
        leaves(schema, "", 0, each);
    }

    private void leaves(JsonNode given, String at, int depth, BiConsumer<String, JsonNode> each) {
        JsonNode schema = resolved(given);
        if (depth > DEEPEST || schema.isMissingNode()) {
            return;
        }
        boolean inner = false;
        for (String combined : List.of("allOf", "oneOf", "anyOf")) {
            for (JsonNode part : schema.path(combined)) {
                inner = true;
                leaves(part, at, depth + 1, each);
            }
        }
        if (schema.has("items")) {
            leaves(schema.path("items"), at + "/-", depth + 1, each);
        } else if (schema.has("properties")) {
            schema.path("properties")
                    .propertyStream()
                    .forEach(one -> leaves(one.getValue(), at + "/" + one.getKey(), depth + 1, each));
        } else if (!inner && !schema.path("type").asString("").equals("null")) {
            each.accept(at, schema);
        }
    }
}
