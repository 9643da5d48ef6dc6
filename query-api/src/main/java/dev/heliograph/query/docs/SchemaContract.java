package dev.heliograph.query.docs;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.databind.JsonNode;
import com.github.therapi.runtimejavadoc.ClassJavadoc;
import com.github.therapi.runtimejavadoc.CommentFormatter;
import com.github.therapi.runtimejavadoc.ParamJavadoc;
import com.github.therapi.runtimejavadoc.RuntimeJavadoc;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.Schema;
import java.lang.reflect.AnnotatedArrayType;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Says of each property what it means, whether it is always there and whether it may be null, by the Java type that it was
 * made of: {@code @Nullable} is null in JSON, or left out where {@code @JsonInclude} says so; in a request it may be either.
 */
@SuppressWarnings({"rawtypes", "unchecked"}) // the model of the library
final class SchemaContract {
    private static final String REFERENCE = "#/components/schemas/";

    private final ContractText text;
    private final SchemaSources sources;
    private final CommentFormatter javadocText = new CommentFormatter();

    SchemaContract(ContractText text, SchemaSources sources) {
        this.text = text;
        this.sources = sources;
    }

    void applyTo(OpenAPI api) {
        Map<String, Schema> schemas = api.getComponents().getSchemas();
        Set<String> asked = asked(api, schemas);
        for (String name : List.copyOf(schemas.keySet())) {
            Class<?> type = sources.of(name);
            Schema<?> schema = existing(schemas, name);
            ClassJavadoc javadoc = type == null ? null : RuntimeJavadoc.getJavadoc(type);
            if (javadoc != null && schema.getDescription() == null) {
                schema.setDescription(javadocText.format(javadoc.getComment()));
            }
            schema.setDescription(plain(schema.getDescription()));
            if (type != null && type.isRecord()) {
                Schema<?> own = ownPart(schema);
                if (javadoc != null && own.getProperties() != null) {
                    describe(own.getProperties(), javadoc);
                }
                of(name, type, own, asked.contains(name));
                if (own != schema) { // one of several, as a whole and without what they have in common
                    own.setDescription(schema.getDescription());
                    schemas.put(name, own);
                }
            }
        }
        for (String name : List.copyOf(schemas.keySet())) {
            Class<?> type = sources.of(name);
            JsonSubTypes kinds = type == null ? null : type.getAnnotation(JsonSubTypes.class);
            if (kinds != null) {
                oneOf(name, kinds, schemas);
            }
        }
    }

    private void describe(Map<String, Schema> properties, ClassJavadoc javadoc) {
        for (ParamJavadoc component : javadoc.getRecordComponents()) {
            Schema<?> property = properties.get(component.getName());
            if (property != null && property.getDescription() == null) {
                property.setDescription(javadocText.format(component.getComment()));
            }
        }
    }

    private void of(String name, Class<?> type, Schema<?> schema, boolean asked) {
        Map<String, Schema> properties = schema.getProperties();
        if (properties == null) {
            return;
        }
        Set<String> mustBeGiven = new TreeSet<>();
        text.required(name).forEach(one -> mustBeGiven.add(one.asText()));
        Set<String> required = new LinkedHashSet<>();
        for (RecordComponent component : type.getRecordComponents()) {
            String property = component.getName();
            Schema<?> found = properties.get(property);
            if (found == null) {
                continue;
            }
            boolean leftOut = leftOutWhenNull(type, component);
            boolean nullable = isNullable(component) && !mustBeGiven.contains(property);
            if (!nullable || !asked && !leftOut) {
                required.add(property);
            }
            if (hasNullValues(component) && found.getAdditionalProperties() instanceof Schema<?> values) {
                found.setAdditionalProperties(orNull(values));
            }
            // Columns: what is not a number is null.
            if (component.getType() == double[].class) {
                found.setItems(orNull(found.getItems()));
            } else if (component.getGenericType().getTypeName().endsWith("double[]>")
                    && found.getAdditionalProperties() instanceof Schema<?> column) {
                column.setItems(orNull(column.getItems()));
            }
            Schema<?> described = describe(name, property, found);
            properties.put(property, nullable && (asked || !leftOut) ? orNull(described) : described);
        }
        schema.setRequired(required.isEmpty() ? null : new ArrayList<>(new TreeSet<>(required)));
    }

    private Schema<?> describe(String schema, String property, Schema<?> found) {
        JsonNode words = text.ofProperty(schema, property);
        String given = plain(found.getDescription());
        String known = ContractText.description(words);
        boolean takesKnown = !known.isEmpty() && (given == null || text.isSpecial(schema, property));
        found.setDescription(sentence(takesKnown ? known : given));
        if (words.has("enum") && found.getItems() == null) {
            ((Schema) found).setEnum(texts(words.path("enum")));
        } else if (words.has("enum")) {
            ((Schema) found.getItems()).setEnum(texts(words.path("enum")));
        }
        if (words.has("format")) {
            found.setFormat(words.path("format").asText());
        }
        return found;
    }

    private static Schema<?> orNull(Schema<?> schema) {
        if (schema.get$ref() != null || schema.getOneOf() != null) {
            Schema<?> either = new JsonSchema();
            either.setDescription(schema.getDescription());
            schema.setDescription(null);
            Schema<?> nothing = new JsonSchema();
            nothing.setTypes(new LinkedHashSet<>(Set.of("null")));
            either.setAnyOf(List.of(schema, nothing));
            return either;
        }
        Set<String> types = new LinkedHashSet<>(schema.getTypes() == null ? Set.of() : schema.getTypes());
        if (types.isEmpty() && schema.getType() != null) {
            types.add(schema.getType());
        }
        if (types.isEmpty()) {
            return schema; // of any type, null among them
        }
        types.add("null");
        schema.setTypes(types);
        if (schema.getEnum() != null) {
            List<Object> values = new ArrayList<>(schema.getEnum());
            values.add(null);
            ((Schema) schema).setEnum(values);
        }
        return schema;
    }

    // The library describes a sealed type by inheritance, which no validator can tell apart. Where it is used, its
    // kinds are
    // named one by one already.
    private static void oneOf(String name, JsonSubTypes subTypes, Map<String, Schema> schemas) {
        String key = existing(schemas, name).getDiscriminator().getPropertyName();
        for (JsonSubTypes.Type one : subTypes.value()) {
            Schema<?> kind = existing(schemas, one.value().getSimpleName());
            Schema<?> tag = new JsonSchema();
            tag.setTypes(new LinkedHashSet<>(Set.of("string")));
            ((Schema) tag).setEnum(List.of(one.name()));
            tag.setDescription("Which kind it is.");
            Map<String, Schema> properties = new LinkedHashMap<>(kind.getProperties());
            properties.put(key, tag);
            kind.setProperties(properties);
            Set<String> required = new TreeSet<>(kind.getRequired() == null ? List.of() : kind.getRequired());
            required.add(key);
            kind.setRequired(List.copyOf(required));
        }
        schemas.remove(name);
    }

    private static Schema<?> existing(Map<String, Schema> schemas, String name) {
        Schema<?> schema = schemas.get(name);
        if (schema == null) {
            throw new IllegalStateException("there is no schema " + name);
        }
        return schema;
    }

    private static Schema<?> ownPart(Schema<?> schema) {
        if (schema.getAllOf() == null) {
            return schema;
        }
        return schema.getAllOf().stream()
                .filter(part -> part.get$ref() == null)
                .findFirst()
                .orElse(schema);
    }

    /** The schemas that requests are made of. */
    private static Set<String> asked(OpenAPI api, Map<String, Schema> schemas) {
        Set<String> found = new TreeSet<>();
        api.getPaths().values().stream()
                .flatMap(path -> path.readOperations().stream())
                .filter(operation -> operation.getRequestBody() != null)
                .map(operation -> operation.getRequestBody().getContent())
                .map(Content::values)
                .forEach(types -> types.forEach(type -> collect(type.getSchema(), schemas, found)));
        return found;
    }

    private static void collect(@Nullable Schema<?> schema, Map<String, Schema> schemas, Set<String> found) {
        if (schema == null) {
            return;
        }
        String reference = schema.get$ref();
        if (reference != null) {
            String name = reference.substring(REFERENCE.length());
            if (found.add(name)) {
                collect(schemas.get(name), schemas, found);
            }
        }
        collect(schema.getItems(), schemas, found);
        for (List<Schema> parts : new List[] {schema.getAllOf(), schema.getOneOf(), schema.getAnyOf()}) {
            if (parts != null) {
                parts.forEach(part -> collect(part, schemas, found));
            }
        }
        if (schema.getProperties() != null) {
            schema.getProperties().values().forEach(property -> collect(property, schemas, found));
        }
    }

    private static boolean isNullable(RecordComponent component) {
        var type = component.getAnnotatedType();
        return type.isAnnotationPresent(Nullable.class)
                || type instanceof AnnotatedArrayType array && array.isAnnotationPresent(Nullable.class);
    }

    /** Whether it is a map whose values may be null. */
    private static boolean hasNullValues(RecordComponent component) {
        return component.getAnnotatedType() instanceof AnnotatedParameterizedType map
                && map.getAnnotatedActualTypeArguments().length == 2
                && map.getAnnotatedActualTypeArguments()[1].isAnnotationPresent(Nullable.class);
    }

    private static boolean leftOutWhenNull(Class<?> type, RecordComponent component) {
        JsonInclude own = component.getAccessor().getAnnotation(JsonInclude.class);
        JsonInclude ofType = own == null ? type.getAnnotation(JsonInclude.class) : own;
        return ofType != null && ofType.value() == JsonInclude.Include.NON_NULL;
    }

    private static List<Object> texts(JsonNode list) {
        List<Object> texts = new ArrayList<>();
        list.forEach(one -> texts.add(one.asText()));
        return texts;
    }

    /** What Javadoc says of a parameter begins in lower case and ends without a full stop. */
    private static @Nullable String sentence(@Nullable String text) {
        if (text == null || text.isBlank()) {
            return text;
        }
        String begun = Character.toUpperCase(text.charAt(0)) + text.substring(1);
        return begun.matches("(?s).*[.!?]") ? begun : begun + ".";
    }

    /** Javadoc as CommonMark; null for nothing. */
    private static @Nullable String plain(@Nullable String javadoc) {
        if (javadoc == null || javadoc.isBlank()) {
            return null;
        }
        return javadoc.replaceAll("</?code>", "`").replaceAll("\\s+", " ").strip();
    }
}
