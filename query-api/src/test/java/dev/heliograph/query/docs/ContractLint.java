package dev.heliograph.query.docs;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/** What a description of the interface must have beyond being valid: everything that a reader would otherwise have to guess. */
final class ContractLint {
    private static final String PROBLEM = "application/problem+json";
    private static final Set<String> TEXTS = Set.of("description", "summary", "title");

    private final ContractDocument document;
    private final List<String> faults = new ArrayList<>();
    private final Set<String> referred = new TreeSet<>();

    private ContractLint(ContractDocument document) {
        this.document = document;
    }

    /** Each fault with its place; empty if there is none. */
    static List<String> faultsOf(ContractDocument document) {
        ContractLint lint = new ContractLint(document);
        lint.references("", document.root());
        if (!lint.faults.isEmpty()) {
            return List.copyOf(lint.faults); // nothing can be judged by what is not there
        }
        lint.names();
        document.operations().forEach(lint::operation);
        document.root().path("components").path("schemas").properties().forEach(schema -> {
            lint.require(has(schema.getValue(), "description"), "schema " + schema.getKey(), "has no description");
            lint.properties(schema.getKey(), schema.getValue());
        });
        document.root()
                .path("components")
                .path("responses")
                .properties()
                .forEach(response -> lint.answer("response " + response.getKey(), response.getValue()));
        lint.examplesOfSchemas();
        lint.unused();
        return List.copyOf(lint.faults);
    }

    private void names() {
        Set<String> ids = new HashSet<>();
        Set<String> tags = new HashSet<>();
        document.root().path("tags").forEach(tag -> {
            tags.add(tag.path("name").asString());
            require(has(tag, "description"), "tag " + tag.path("name").asString(), "has no description");
        });
        for (ContractDocument.Operation one : document.operations()) {
            String id = one.node().path("operationId").asString("");
            require(id.matches("[a-z][A-Za-z]*"), one.place(), "has no operationId in lowerCamelCase");
            require(ids.add(id), one.place(), "shares the operationId " + id);
            require(!one.node().path("tags").isEmpty(), one.place(), "has no tag");
            one.node()
                    .path("tags")
                    .forEach(tag -> require(
                            tags.contains(tag.asString()), one.place(), "has the unknown tag " + tag.asString()));
        }
    }

    private void operation(ContractDocument.Operation one) {
        JsonNode node = one.node();
        require(has(node, "summary"), one.place(), "has no summary");
        boolean secured = node.has("security")
                ? !node.path("security").isEmpty()
                : !document.root().path("security").isEmpty();
        require(secured, one.place(), "has no security");
        require(
                node.path("description").asString("").contains("Needs the role "),
                one.place(),
                "does not say which role it needs");
        node.path("parameters").forEach(parameter -> parameter(one.place(), document.resolve(parameter)));
        if (node.has("requestBody")) {
            content(one.place() + " request", node.path("requestBody").path("content"));
        }
        Set<String> statuses = new TreeSet<>(node.path("responses").propertyNames());
        require(statuses.stream().anyMatch(status -> status.startsWith("2")), one.place(), "has no success");
        for (String status : mustHave(one)) {
            require(statuses.contains(status), one.place(), "does not say what " + status + " means");
        }
        node.path("responses")
                .properties()
                .forEach(response ->
                        answer(one.place() + " " + response.getKey(), document.resolve(response.getValue())));
    }

    private static Set<String> mustHave(ContractDocument.Operation one) {
        Set<String> statuses = new TreeSet<>(Set.of("400", "401", "403", "429", "500", "503", "default"));
        if (one.path().contains("{")) {
            statuses.add("404");
        }
        if (one.node().has("requestBody")) {
            statuses.addAll(Set.of("408", "413", "415"));
        }
        boolean versioned = StreamSupport.stream(one.node().path("parameters").spliterator(), false)
                .anyMatch(parameter -> parameter.path("name").asString("").equals("If-Match"));
        if (versioned) {
            statuses.add("412");
        }
        return statuses;
    }

    private void parameter(String place, JsonNode parameter) {
        String name = place + " parameter " + parameter.path("name").asString();
        require(has(parameter, "description"), name, "has no description");
        if (parameter.path("name").asString().equals("cursor")) {
            return; // signed: none that stands here would be accepted
        }
        JsonNode schema = parameter.path("schema");
        JsonNode example = parameter.path("example");
        require(!example.isMissingNode(), name, "has no example");
        if (!example.isMissingNode()) {
            document.faults(schema, example).forEach(fault -> fault(name + " example", fault));
        }
    }

    private void answer(String place, JsonNode response) {
        require(has(response, "description"), place, "has no description");
        content(place, response.path("content"));
        boolean waits = place.contains("429") || place.contains("503");
        require(!waits || response.path("headers").has("Retry-After"), place, "does not tell of Retry-After");
    }

    private void content(String place, JsonNode content) {
        for (Map.Entry<String, JsonNode> type : content.properties()) {
            String at = place + " " + type.getKey();
            JsonNode media = type.getValue();
            List<JsonNode> examples = new ArrayList<>();
            if (media.has("example")) {
                examples.add(media.path("example"));
            }
            media.path("examples")
                    .forEach(example -> examples.add(document.resolve(example).path("value")));
            require(!examples.isEmpty(), at, "has no example");
            require(!media.has("example") || !media.has("examples"), at, "has both an example and examples");
            require(media.has("schema"), at, "has no schema");
            for (JsonNode example : examples) {
                document.faults(media.path("schema"), example).forEach(fault -> fault(at + " example", fault));
                if (type.getKey().equals(PROBLEM)) {
                    problem(at, example);
                }
            }
        }
    }

    private void problem(String place, JsonNode example) {
        String kind = example.path("type").asString("").replaceFirst(".*/", "");
        JsonNode response = document.root().path("components").path("responses").path(kind);
        require(!response.isMissingNode(), place, "has no response for the problem " + kind);
        String status = place.replace(" " + PROBLEM, "").replaceFirst(".* ", "");
        if (status.matches("[0-9]{3}")) {
            require(
                    example.path("status").asString("").equals(status),
                    place,
                    "shows the problem " + kind + " of another status");
        }
    }

    private void properties(String place, JsonNode schema) {
        schema.path("properties").properties().forEach(property -> {
            String at = place + "." + property.getKey();
            require(has(property.getValue(), "description"), at, "has no description");
            properties(at, property.getValue());
        });
        schema.path("required")
                .forEach(name -> require(
                        schema.path("properties").has(name.asString()),
                        place,
                        "requires the unknown " + name.asString()));
        if (schema.has("items")) {
            properties(place + "[]", schema.path("items"));
        }
    }

    private void examplesOfSchemas() {
        document.root().path("components").path("schemas").properties().forEach(schema -> {
            JsonNode example = schema.getValue().path("example");
            if (!example.isMissingNode()) {
                document.faults(schema.getValue(), example)
                        .forEach(fault -> fault("schema " + schema.getKey() + " example", fault));
            }
        });
    }

    private void references(String place, JsonNode node) {
        if (node.path("$ref").isString()) {
            String reference = node.path("$ref").asString();
            require(
                    !document.root().at(reference.substring(1)).isMissingNode(),
                    place,
                    "refers to the unknown " + reference);
            referred.add(reference);
        }
        // Events are named by the text of the stream, not by references.
        node.properties().forEach(child -> {
            if (TEXTS.contains(child.getKey()) && child.getValue().isString()) {
                named(child.getValue().asString());
            }
            references(place + "/" + child.getKey(), child.getValue());
        });
        if (node.isArray()) {
            node.forEach(child -> references(place + "/-", child));
        }
    }

    private void named(String text) {
        java.util.regex.Pattern.compile("`(Stream[A-Za-z]+)`")
                .matcher(text)
                .results()
                .forEach(match -> referred.add("#/components/schemas/" + match.group(1)));
    }

    private void unused() {
        document.root()
                .path("components")
                .path("schemas")
                .propertyNames()
                .forEach(name -> require(
                        referred.contains("#/components/schemas/" + name), "schema " + name, "is used by nothing"));
        document.root()
                .path("components")
                .path("headers")
                .propertyNames()
                .forEach(name -> require(
                        referred.contains("#/components/headers/" + name), "header " + name, "is used by nothing"));
    }

    private static boolean has(JsonNode node, String field) {
        return !node.path(field).asString("").isBlank();
    }

    private void require(boolean holds, String place, String fault) {
        if (!holds) {
            fault(place, fault);
        }
    }

    private void fault(String place, String fault) {
        faults.add(place + ": " + fault);
    }
}
