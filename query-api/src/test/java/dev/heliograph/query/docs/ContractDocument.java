package dev.heliograph.query.docs;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A description of the interface, as its reader has it: operations, references, and schemas that judge a document. */
public final class ContractDocument {
    /** The one in the repository. */
    public static final Path GOLDEN = Path.of("..", "docs", "api", "openapi.yaml");

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final List<String> METHODS = List.of("get", "put", "post", "delete", "patch", "head", "options");

    private final JsonNode root;
    private final List<Operation> operations;
    private final Map<String, Schema> compiled = new ConcurrentHashMap<>();
    private final JsonNode closedComponents;

    private ContractDocument(JsonNode root) {
        this.root = root;
        this.operations = operations(root);
        JsonNode closed = root.path("components").deepCopy();
        close(closed.path("schemas"));
        this.closedComponents = closed;
    }

    /**
     * One operation.
     *
     * @param path template, such as {@code /api/v1/devices/{id}}
     */
    public record Operation(String method, String path, JsonNode node, Pattern pattern) {
        Operation(String method, String path, JsonNode node) {
            this(method, path, node, pattern(path));
        }

        String place() {
            return method + " " + path;
        }

        private static Pattern pattern(String path) {
            StringBuilder regex = new StringBuilder();
            for (String part : path.split("(?<=})|(?=\\{)")) {
                regex.append(part.startsWith("{") ? "[^/]+?" : Pattern.quote(part));
            }
            return Pattern.compile(regex.toString());
        }
    }

    /** Reads a file. */
    public static ContractDocument read(Path file) {
        try {
            return parse(Files.readString(file));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Reads a document in YAML. */
    public static ContractDocument parse(String yaml) {
        LoaderOptions options = new LoaderOptions();
        options.setMaxAliasesForCollections(1_000);
        Yaml parser = new Yaml(
                new SafeConstructor(options),
                new Representer(new DumperOptions()),
                new DumperOptions(),
                options,
                new JsonWords());
        return new ContractDocument(JSON.valueToTree(parser.load(yaml)));
    }

    /** The example of a kind of refusal; missing where there is none. */
    public JsonNode example(String problem) {
        return root.path("components").path("examples").path(problem).path("value");
    }

    /** Takes for more than text what JSON has words for: times, "on" and "no" stay text. */
    private static final class JsonWords extends Resolver {
        @Override
        protected void addImplicitResolvers() {
            addImplicitResolver(Tag.BOOL, Pattern.compile("true|false"), "tf");
            addImplicitResolver(Tag.INT, Pattern.compile("-?(?:0|[1-9][0-9]*)"), "-0123456789");
            addImplicitResolver(
                    Tag.FLOAT, Pattern.compile("-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?:[eE][-+]?[0-9]+)?"), "-0123456789");
            addImplicitResolver(Tag.NULL, Pattern.compile("null|~"), "n~");
            addImplicitResolver(Tag.NULL, EMPTY, null);
        }
    }

    JsonNode root() {
        return root;
    }

    List<Operation> operations() {
        return operations;
    }

    /** The operation that a request reaches. */
    public Optional<Operation> operation(String method, String path) {
        return operations.stream()
                .filter(one -> one.method().equals(method)
                        && one.pattern().matcher(path).matches())
                .max(Comparator.comparingInt(
                        one -> one.path().replaceAll("\\{[^}]*}", "").length()));
    }

    /** The node itself, or what it refers to. */
    public JsonNode resolve(JsonNode node) {
        JsonNode found = node;
        while (found.has("$ref")) {
            found = root.at(found.path("$ref").asString().substring(1));
        }
        return found;
    }

    /** What is wrong with a document of this schema, fields that the schema does not have included; empty if nothing is. */
    public List<String> faults(JsonNode schema, JsonNode document) {
        Schema judge = compiled.computeIfAbsent(schema.toString(), this::compile);
        return judge
                .validate(document, context -> context.executionConfig(config -> config.formatAssertionsEnabled(true)))
                .stream()
                .map(Object::toString)
                .toList();
    }

    private Schema compile(String schema) {
        ObjectNode whole = (ObjectNode) JSON.readTree(schema);
        close(whole);
        whole.set("components", closedComponents);
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(whole.toString());
    }

    private static void close(JsonNode node) {
        if (node instanceof ObjectNode object
                && object.path("properties").isObject()
                && !object.has("additionalProperties")
                && !object.has("allOf")) {
            object.put("additionalProperties", false);
        }
        node.forEach(ContractDocument::close);
    }

    private static List<Operation> operations(JsonNode root) {
        List<Operation> found = new ArrayList<>();
        for (Map.Entry<String, JsonNode> path : root.path("paths").properties()) {
            for (String method : METHODS) {
                @Nullable JsonNode node = path.getValue().get(method);
                if (node != null) {
                    found.add(new Operation(method.toUpperCase(java.util.Locale.ROOT), path.getKey(), node));
                }
            }
        }
        return List.copyOf(found);
    }
}
