package dev.heliograph.query.docs;

import com.fasterxml.jackson.databind.JsonNode;
import dev.heliograph.query.idempotency.Repeatable;
import io.swagger.v3.core.util.Json31;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.parameters.HeaderParameter;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/** Gives each operation its statuses, headers and examples, and each parameter its meaning. */
@SuppressWarnings({"rawtypes", "unchecked"}) // the model of the library
final class OperationContract {
    private static final String ANY_SUCCESS = "200";
    private static final List<String> ALWAYS = List.of("X-Request-Id", "RateLimit-Policy", "RateLimit");

    private final ContractText text;

    OperationContract(ContractText text) {
        this.text = text;
    }

    void applyTo(OpenAPI api) {
        text.headers()
                .properties()
                .forEach(header -> api.getComponents().addHeaders(header.getKey(), header(header.getValue())));
        text.schemas()
                .properties()
                .forEach(one -> api.getComponents().addSchemas(one.getKey(), schema(one.getValue())));
        api.getPaths().values().forEach(path -> path.readOperations().forEach(this::applyTo));
    }

    private static Header header(JsonNode words) {
        Schema<Object> schema = new JsonSchema();
        schema.setTypes(new LinkedHashSet<>(Set.of("string")));
        schema.setExample(words.path("example").asText());
        return new Header().description(ContractText.description(words)).schema(schema);
    }

    private static Schema schema(JsonNode described) {
        return Json31.mapper().convertValue(described, JsonSchema.class);
    }

    private void applyTo(Operation operation) {
        JsonNode notes = text.ofOperation(operation.getOperationId());
        if (notes.path("responses").has("304")) { // the framework binds no parameter of this name
            operation.addParametersItem(new HeaderParameter()
                    .name(HttpHeaders.IF_NONE_MATCH)
                    .required(false)
                    .schema(new StringSchema()));
        }
        if (operation.getParameters() != null) {
            operation.getParameters().forEach(parameter -> describe(operation.getOperationId(), parameter));
        }
        if (operation.getRequestBody() != null) {
            illustrate(operation.getRequestBody().getContent(), notes.path("request"));
        }
        boolean repeatable = operation.getParameters() != null
                && operation.getParameters().stream()
                        .anyMatch(one -> one.getName().equals(Repeatable.HEADER));
        JsonNode answers = notes.path("responses");
        if (!answers.isObject()) {
            return;
        }
        ApiResponses known = operation.getResponses();
        ApiResponse usual = known.remove(ANY_SUCCESS) instanceof ApiResponse found ? found : new ApiResponse();
        ApiResponses all = new ApiResponses();
        answers.properties().forEach(answer -> {
            ApiResponse own = known.get(answer.getKey());
            Content content = own == null || own.getContent() == null ? usual.getContent() : own.getContent();
            all.addApiResponse(answer.getKey(), answer(content, answer.getValue(), repeatable));
        });
        known.forEach((status, response) -> {
            if (!all.containsKey(status) && !status.equals("204")) {
                response.setHeaders(always());
                all.addApiResponse(status, response);
            }
        });
        operation.setResponses(all);
    }

    private static ApiResponse answer(@Nullable Content usual, JsonNode notes, boolean repeatable) {
        ApiResponse response = new ApiResponse().description(ContractText.description(notes));
        Map<String, Header> headers = always();
        if (repeatable) {
            headers.put(Repeatable.REPLAYED, new Header().$ref("#/components/headers/" + Repeatable.REPLAYED));
        }
        notes.path("headers")
                .forEach(header ->
                        headers.put(header.asText(), new Header().$ref("#/components/headers/" + header.asText())));
        response.setHeaders(headers);
        if (notes.has("body") && usual != null) {
            Content content = new Content();
            usual.forEach((type, media) -> content.addMediaType(type, new MediaType().schema(media.getSchema())));
            illustrate(content, notes.path("body"));
            response.setContent(content);
        }
        return response;
    }

    private static Map<String, Header> always() {
        Map<String, Header> headers = new LinkedHashMap<>();
        ALWAYS.forEach(header -> headers.put(header, new Header().$ref("#/components/headers/" + header)));
        return headers;
    }

    /** Examples of one media type each where the keys are media types; else the example of the JSON. */
    private static void illustrate(Content content, JsonNode example) {
        if (example.isMissingNode()) {
            return;
        }
        boolean byType = example.isObject()
                && example.properties().stream()
                        .anyMatch(entry -> entry.getKey().contains("/"));
        content.forEach((type, media) -> {
            JsonNode own = byType ? example.path(type) : example;
            if (!own.isMissingNode() && (byType || type.equals("application/json"))) {
                media.setExample(own.isTextual() ? own.asText() : new ExampleValue(own));
            }
        });
    }

    private void describe(String operation, Parameter parameter) {
        JsonNode words = text.ofParameter(operation, parameter.getName());
        String description = ContractText.description(words);
        if (!description.isEmpty()) {
            parameter.setDescription(description);
        }
        if (words.path("required").asBoolean(false)) { // the code reads without it, to refuse it in words of its own
            parameter.setRequired(true);
        }
        // Parameters of one type share one schema.
        Schema<?> schema = copy(parameter.getSchema());
        parameter.setSchema(schema);
        if (words.has("example") && parameter.getExample() == null) {
            JsonNode example = words.path("example");
            boolean many = schema.getItems() != null && !example.isArray();
            parameter.setExample(many ? List.of(example.asText()) : example.isTextual() ? example.asText() : example);
        }
        if (words.has("type")) { // what the code reads as text, to refuse it in words of its own
            parameter
                    .getSchema()
                    .setTypes(new LinkedHashSet<>(Set.of(words.path("type").asText())));
        }
        if (words.has("enum")) {
            Schema target = schema.getItems() == null ? schema : schema.getItems();
            List<Object> values = new ArrayList<>();
            words.path("enum").forEach(one -> values.add(one.asText()));
            target.setEnum(values);
        }
    }

    private static Schema<?> copy(Schema<?> schema) {
        Schema<?> copy = new JsonSchema();
        copy.setTypes(schema.getTypes() == null ? null : new LinkedHashSet<>(schema.getTypes()));
        if (schema.getTypes() == null && schema.getType() != null) {
            copy.setTypes(new LinkedHashSet<>(Set.of(schema.getType())));
        }
        copy.setFormat(schema.getFormat());
        copy.setPattern(schema.getPattern());
        copy.setItems(schema.getItems() == null ? null : copy(schema.getItems()));
        return copy;
    }
}
