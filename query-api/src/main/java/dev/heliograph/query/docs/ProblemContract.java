package dev.heliograph.query.docs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.heliograph.query.idempotency.Repeatable;
import dev.heliograph.query.problem.Problem;
import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.examples.Example;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.responses.ApiResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The refusals: each kind is a response of its own with an example, and each operation lists those that it can answer with.
 * Which are these follows from what the operation takes: a body, parameters, a version; the rest is said of it by name.
 */
final class ProblemContract {
    private static final String MEDIA_TYPE = "application/problem+json";
    private static final Set<String> EVERYWHERE = Set.of(
            "unauthorized",
            "forbidden",
            "bad-parameter",
            "bad-request",
            "not-acceptable",
            "rate-limited",
            "internal",
            "store-unavailable",
            "query-timeout",
            "identity-unavailable");

    private final ContractText text;

    ProblemContract(ContractText text) {
        this.text = text;
    }

    void applyTo(OpenAPI api) {
        ModelConverters.getInstance(true).readAll(Problem.class).forEach(api.getComponents()::addSchemas);
        text.problems().properties().forEach(problem -> {
            api.getComponents().addExamples(problem.getKey(), example(problem.getKey(), problem.getValue()));
            api.getComponents().addResponses(problem.getKey(), response(List.of(problem.getKey())));
        });
        api.getPaths()
                .forEach((path, item) ->
                        item.readOperations().forEach(operation -> addTo(operation, problemsOf(path, operation))));
    }

    private Set<String> problemsOf(String path, Operation operation) {
        Set<String> problems = new TreeSet<>(EVERYWHERE);
        List<Parameter> parameters = operation.getParameters() == null ? List.of() : operation.getParameters();
        if (path.contains("{")) {
            problems.add("not-found");
        }
        if (parameters.stream().anyMatch(one -> one.getName().equals("If-Match"))) {
            problems.add("stale");
        }
        if (parameters.stream().anyMatch(one -> one.getName().equals(Repeatable.HEADER))) {
            problems.addAll(
                    List.of("idempotency-key-in-use", "idempotency-key-reused", "idempotency-in-doubt", "too-many"));
        }
        if (operation.getRequestBody() != null) {
            problems.addAll(List.of("bad-body", "too-large", "too-slow", "unsupported-media-type"));
        }
        text.ofOperation(operation.getOperationId()).path("problems").forEach(one -> problems.add(one.asText()));
        return problems;
    }

    private void addTo(Operation operation, Set<String> problems) {
        Map<Integer, Set<String>> byStatus = new TreeMap<>();
        for (String problem : problems) {
            JsonNode known = text.problems().path(problem);
            if (known.isMissingNode()) {
                throw new IllegalStateException(operation.getOperationId() + " names the unknown problem " + problem);
            }
            byStatus.computeIfAbsent(known.path("status").asInt(), status -> new TreeSet<>())
                    .add(problem);
        }
        byStatus.forEach((status, kinds) -> operation
                .getResponses()
                .addApiResponse(
                        Integer.toString(status),
                        kinds.size() == 1
                                ? new ApiResponse()
                                        .$ref("#/components/responses/"
                                                + kinds.iterator().next())
                                : response(List.copyOf(kinds))));
        operation.getResponses().addApiResponse("default", new ApiResponse().$ref("#/components/responses/internal"));
    }

    private ApiResponse response(List<String> kinds) {
        MediaType type = new MediaType().schema(new Schema<>().$ref("#/components/schemas/Problem"));
        Map<String, Header> headers = new LinkedHashMap<>();
        headers.put("X-Request-Id", new Header().$ref("#/components/headers/X-Request-Id"));
        StringBuilder description = new StringBuilder();
        for (String kind : kinds) {
            JsonNode problem = text.problems().path(kind);
            type.addExamples(kind, new Example().$ref("#/components/examples/" + kind));
            problem.path("headers")
                    .forEach(header ->
                            headers.put(header.asText(), new Header().$ref("#/components/headers/" + header.asText())));
            description
                    .append(description.isEmpty() ? "" : "\n")
                    .append(kinds.size() > 1 ? "- `" + kind + "`: " : "")
                    .append(problem.path("when").asText());
        }
        return new ApiResponse()
                .description(description.toString())
                .headers(headers)
                .content(new Content().addMediaType(MEDIA_TYPE, type));
    }

    private static Example example(String kind, JsonNode problem) {
        ObjectNode value = JsonNodeFactory.instance.objectNode();
        value.put("type", "https://heliograph.dev/problems/" + kind);
        for (String field : List.of("title", "status", "detail")) {
            value.set(field, problem.path(field));
        }
        value.put("requestId", "0b7ad1c4-9b5c-4f0e-8f36-6a2d3c1f1a55");
        Stream.of("errors").filter(problem::has).forEach(field -> value.set(field, problem.path(field)));
        return new Example().summary(problem.path("title").asText()).value(value);
    }
}
