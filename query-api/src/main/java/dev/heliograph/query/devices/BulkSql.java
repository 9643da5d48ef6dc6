package dev.heliograph.query.devices;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A checked merge patch as assignments of columns. The text is ours; every value is a bound parameter named {@code set...}.
 */
final class BulkSql {
    private final Map<String, String> columns = new LinkedHashMap<>();
    private final Map<String, @Nullable Object> parameters;

    private BulkSql(Map<String, @Nullable Object> parameters) {
        this.parameters = parameters;
    }

    /** Reads the patch and adds its values to the parameters. */
    static BulkSql of(JsonNode patch, Map<String, @Nullable Object> parameters, JsonMapper json) {
        BulkSql sql = new BulkSql(parameters);
        patch.properties().forEach(field -> sql.add(field.getKey(), field.getValue(), json));
        return sql;
    }

    private void add(String field, JsonNode value, JsonMapper json) {
        switch (field) {
            case "type", "site", "firmware" -> set(field, "text", value.isNull() ? null : value.asString());
            case "enabled" -> set("enabled", "boolean", value.isNull() || value.asBoolean());
            case "mayBackfill" -> set("may_backfill", "boolean", value.asBoolean());
            case "expectedIntervalSeconds" ->
                set("expected_interval_ms", "bigint", value.isNull() ? null : Math.round(value.asDouble() * 1_000));
            case "location" -> {
                set(
                        "latitude",
                        "float8",
                        value.isNull() ? null : value.path("lat").asDouble());
                set(
                        "longitude",
                        "float8",
                        value.isNull() ? null : value.path("lon").asDouble());
            }
            case "labels" -> labels(value, json);
            default -> throw new IllegalStateException("an unchecked field: " + field);
        }
    }

    private void set(String column, String type, @Nullable Object value) {
        parameters.put("set_" + column, value);
        columns.put(column, "CAST(:set_" + column + " AS " + type + ")");
    }

    private void labels(JsonNode value, JsonMapper json) {
        if (value.isNull()) {
            columns.put("labels", "'{}'::jsonb");
            return;
        }
        List<String> gone = new ArrayList<>();
        ObjectNode added = json.createObjectNode();
        value.properties().forEach(label -> {
            if (label.getValue().isNull()) {
                gone.add(label.getKey());
            } else {
                added.set(label.getKey(), label.getValue());
            }
        });
        parameters.put("set_labels", added.toString());
        parameters.put("gone_labels", gone.toArray(String[]::new));
        columns.put("labels", "((d.labels || CAST(:set_labels AS jsonb)) - CAST(:gone_labels AS text[]))");
    }

    /** {@code column = value} of every column. */
    String assignments() {
        StringJoiner all = new StringJoiner(", ");
        columns.forEach((column, value) -> all.add(column + " = " + value));
        return all.toString();
    }

    /** Whether any column of {@code d} would be another. */
    String differs() {
        StringJoiner any = new StringJoiner(" OR ", "(", ")");
        columns.forEach((column, value) -> any.add("d." + column + " IS DISTINCT FROM " + value));
        return any.toString();
    }

    /** The labels of {@code d} afterwards. */
    String labels() {
        return columns.getOrDefault("labels", "d.labels");
    }
}
