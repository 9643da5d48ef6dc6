package dev.heliograph.deploy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * A place in a YAML document, for assertions: what is absent is a node without a value, not an exception, so that a test
 * says what it missed.
 *
 * @param value map, list, scalar or {@code null}
 */
record YamlNode(@Nullable Object value) {

    /** The documents of a stream; empty ones are left out. Duplicate keys are refused. */
    static List<YamlNode> documents(String yaml) {
        var options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        options.setMaxAliasesForCollections(100);
        List<YamlNode> documents = new ArrayList<>();
        new Yaml(new SafeConstructor(options)).loadAll(yaml).forEach(document -> {
            if (document != null) documents.add(new YamlNode(document));
        });
        return documents;
    }

    /** The only document of a text. */
    static YamlNode document(String yaml) {
        List<YamlNode> documents = documents(yaml);
        if (documents.size() != 1) throw new IllegalArgumentException("expected one document, got " + documents.size());
        return documents.getFirst();
    }

    /** The node under these keys, one after the other. */
    YamlNode at(String... keys) {
        YamlNode node = this;
        for (String key : keys) node = new YamlNode(node.map().get(key));
        return node;
    }

    boolean present() {
        return value != null;
    }

    /** The scalar as text; empty when there is none. */
    String text() {
        return Objects.toString(value, "");
    }

    /** The items of a list; empty for anything else. */
    List<YamlNode> items() {
        return value instanceof List<?> list
                ? list.stream().<YamlNode>map(YamlNode::new).toList()
                : List.of();
    }

    List<String> texts() {
        return items().stream().map(YamlNode::text).toList();
    }

    /** The entries of a map by their keys as text; empty for anything else. */
    Map<String, @Nullable Object> map() {
        Map<String, @Nullable Object> entries = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> map) map.forEach((key, entry) -> entries.put(String.valueOf(key), entry));
        return entries;
    }

    /** Every scalar in and below this node. */
    List<String> scalars() {
        List<String> found = new ArrayList<>();
        collect(value, found);
        return found;
    }

    private static void collect(@Nullable Object value, List<String> found) {
        switch (value) {
            case Map<?, ?> map -> map.values().forEach(entry -> collect(entry, found));
            case List<?> list -> list.forEach(item -> collect(item, found));
            case null -> {}
            default -> found.add(value.toString());
        }
    }
}
