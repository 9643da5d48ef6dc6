package dev.heliograph.query.docs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * What the code does not say about the interface, by files of the class path: {@code words} (what names mean),
 * {@code operations} (answers and examples), {@code problems} (every kind of refusal) and {@code schemas} (of what no type stands for: events of the stream).
 */
final class ContractText {
    private final JsonNode words = read("words");
    private final JsonNode operations = read("operations");
    private final JsonNode problems = read("problems");
    private final JsonNode schemas = read("schemas");

    /** About a property: under its schema, else under its name alone. */
    JsonNode ofProperty(String schema, String property) {
        JsonNode special = words.path("schemas").path(schema).path(property);
        return special.isMissingNode() ? words.path("properties").path(property) : special;
    }

    /** Whether the text is about this property of this schema, and not about its name in general. */
    boolean isSpecial(String schema, String property) {
        return words.path("schemas").path(schema).has(property);
    }

    /** Properties that a request must have although the code can read one without. */
    JsonNode required(String schema) {
        return words.path("required").path(schema);
    }

    /** About a parameter: under its operation, else under its name alone. */
    JsonNode ofParameter(String operation, String parameter) {
        JsonNode special = operations.path(operation).path("parameters").path(parameter);
        return special.isMissingNode() ? words.path("parameters").path(parameter) : special;
    }

    JsonNode headers() {
        return words.path("headers");
    }

    /** About an operation; missing where nothing was written. */
    JsonNode ofOperation(String operation) {
        return operations.path(operation);
    }

    /** Every kind of refusal, by the last part of its type. */
    JsonNode problems() {
        return problems;
    }

    /** Schemas that no type of Java stands for, by name. */
    JsonNode schemas() {
        return schemas;
    }

    /** The description in an entry, which may be text alone; empty without. */
    static String description(JsonNode entry) {
        return entry.isTextual() ? entry.asText() : entry.path("description").asText("");
    }

    private static JsonNode read(String name) {
        String path = "/heliograph-contract/" + name + ".yaml";
        try (InputStream in = ContractText.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalStateException(path + " is not on the class path");
            }
            // Not by Jackson, which knows no anchors: an example that others repeat is written once.
            Object read = new Yaml(new SafeConstructor(new LoaderOptions())).load(in);
            // Nor by the library's mapper, which leaves out what is null.
            return new ObjectMapper().valueToTree(read);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
