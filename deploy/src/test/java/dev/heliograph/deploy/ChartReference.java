package dev.heliograph.deploy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The reference of a chart's values, read from the comments in {@code values.yaml}: the table of the README and the schema.
 *
 * <p>A key with a comment is a value; a key without one is a section whose keys are read in turn. A line {@code @schema}
 * in the comment holds JSON Schema keywords that are added to what the default says by itself.
 */
final class ChartReference {
    private static final Pattern KEY = Pattern.compile("^( *)([A-Za-z][A-Za-z0-9]*):(.*)$");
    private static final String SCHEMA = "@schema ";
    private static final String DEFINITIONS = """
            {
              "quantity": {"type": "string", "pattern": "^[0-9]+(\\\\.[0-9]+)?(Ki|Mi|Gi|Ti)$"},
              "resources": {
                "type": "object",
                "additionalProperties": false,
                "required": ["cpu", "memory"],
                "properties": {
                  "cpu": {"type": ["string", "integer"], "pattern": "^[0-9]+(\\\\.[0-9]+)?m?$"},
                  "memory": {"type": "string", "pattern": "^[0-9]+(Mi|Gi)$"}
                }
              }
            }
            """;

    private final ObjectMapper json =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    private final List<Value> values = new ArrayList<>();

    /**
     * One value of the chart.
     *
     * @param path its keys, joined by dots
     * @param comment effect, default and advice
     * @param standard the default
     * @param schema further JSON Schema keywords, or nothing
     */
    record Value(
            String path,
            String comment,
            @Nullable Object standard,
            @Nullable String schema) {}

    ChartReference(String valuesYaml) {
        read(valuesYaml.lines().toList(), YamlNode.document(valuesYaml));
    }

    List<Value> values() {
        return List.copyOf(values);
    }

    private void read(List<String> lines, YamlNode defaults) {
        List<String> sections = new ArrayList<>();
        List<String> comment = new ArrayList<>();
        int leafIndent = Integer.MAX_VALUE;
        for (String line : lines) {
            if (line.isBlank()) {
                comment.clear();
                continue;
            }
            if (line.strip().startsWith("#")) {
                comment.add(line.strip().substring(1).strip());
                continue;
            }
            Matcher key = KEY.matcher(line);
            int indent = line.length() - line.stripLeading().length();
            if (indent > leafIndent) continue; // inside the default of a value
            leafIndent = Integer.MAX_VALUE;
            if (!key.matches()) throw new IllegalArgumentException("not a key: " + line);
            int depth = indent / 2;
            while (sections.size() > depth) sections.removeLast();
            sections.add(key.group(2));
            if (!comment.isEmpty()) {
                values.add(value(String.join(".", sections), comment, defaults));
                leafIndent = indent;
            } else if (!key.group(3).isBlank()) {
                throw new IllegalArgumentException("a value without a comment: " + String.join(".", sections));
            }
            comment.clear();
        }
    }

    private static Value value(String path, List<String> comment, YamlNode defaults) {
        String schema = null;
        var text = new StringBuilder();
        for (String line : comment) {
            if (line.startsWith(SCHEMA)) schema = line.substring(SCHEMA.length());
            else text.append(text.isEmpty() ? "" : " ").append(line);
        }
        return new Value(path, text.toString(), defaults.at(path.split("\\.")).value(), schema);
    }

    /** The table of the README. */
    String table() {
        var table = new StringBuilder("| value | default | effect, advice |\n|---|---|---|\n");
        for (Value value : values) {
            table.append("| `%s` | `%s` | %s |%n"
                    .formatted(
                            value.path(),
                            JsonMapper.shared().writeValueAsString(value.standard()),
                            value.comment().replace("|", "\\|").replace("<", "&lt;")));
        }
        return table.toString();
    }

    /** The schema by which Helm refuses unknown and malformed values. */
    String schema() {
        ObjectNode root = section();
        root.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        root.set("$defs", json.readTree(DEFINITIONS));
        ((ObjectNode) root.get("properties")).set("global", json.readTree("{\"type\": \"object\"}"));
        values.forEach(value -> place(root, value));
        return json.writeValueAsString(root) + "\n";
    }

    private void place(ObjectNode root, Value value) {
        List<String> keys = List.of(value.path().split("\\."));
        ObjectNode node = root;
        for (String key : keys.subList(0, keys.size() - 1)) {
            ObjectNode properties = (ObjectNode) node.get("properties");
            if (!properties.has(key)) properties.set(key, section());
            node = (ObjectNode) properties.get(key);
        }
        ((ObjectNode) node.get("properties")).set(keys.getLast(), leaf(value));
    }

    private ObjectNode section() {
        ObjectNode section = json.createObjectNode();
        section.put("type", "object");
        section.put("additionalProperties", false);
        section.set("properties", json.createObjectNode());
        return section;
    }

    private ObjectNode leaf(Value value) {
        ObjectNode leaf = json.createObjectNode();
        JsonNode further = value.schema() == null ? json.createObjectNode() : json.readTree(value.schema());
        leaf.put("description", value.comment());
        if (!further.has("$ref") && !further.has("type") && !further.has("enum")) {
            leaf.put("type", typeOf(value.standard()));
        }
        leaf.setAll((ObjectNode) further);
        leaf.set("default", json.valueToTree(value.standard()));
        return leaf;
    }

    private static String typeOf(@Nullable Object standard) {
        if (standard instanceof Boolean) return "boolean";
        if (standard instanceof Integer) return "integer";
        if (standard instanceof Map) return "object";
        if (standard instanceof List) return "array";
        if (standard instanceof String) return "string";
        throw new IllegalArgumentException("a default without a type: " + standard);
    }
}
