package dev.heliograph.query.docs;

import com.fasterxml.jackson.databind.JavaType;
import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverter;
import io.swagger.v3.core.converter.ModelConverterContext;
import io.swagger.v3.core.util.Json31;
import io.swagger.v3.oas.models.media.Schema;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Remembers which of our types each schema was made of: the schema alone no longer tells what may be null. One for the
 * process, because the library keeps its converters so.
 */
final class SchemaSources implements ModelConverter {
    static final SchemaSources SHARED = new SchemaSources();

    private static final String OURS = "dev.heliograph.";

    private final Map<String, Set<Class<?>>> types = new ConcurrentHashMap<>();

    private SchemaSources() {}

    @Override
    public boolean isOpenapi31() {
        return true;
    }

    @Override
    @SuppressWarnings("rawtypes") // as the interface has it
    public @Nullable Schema resolve(AnnotatedType type, ModelConverterContext context, Iterator<ModelConverter> chain) {
        JavaType resolved = Json31.mapper().constructType(type.getType());
        Class<?> raw = resolved.getRawClass();
        if (raw.getName().startsWith(OURS) && !raw.isEnum()) {
            types.computeIfAbsent(nameOf(raw), name -> ConcurrentHashMap.newKeySet())
                    .add(raw);
        }
        return chain.hasNext() ? chain.next().resolve(type, context, chain) : null;
    }

    /**
     * The type that a schema was made of; null for one that is not made of a type of ours.
     *
     * @throws IllegalStateException where two types have one name, of which one would describe both
     */
    @Nullable
    Class<?> of(String schema) {
        Set<Class<?>> found = types.getOrDefault(schema, Set.of());
        if (found.size() > 1) {
            throw new IllegalStateException(
                    "Schema " + schema + " would describe all of " + found + "; give them names by @Schema(name)");
        }
        return found.isEmpty() ? null : found.iterator().next();
    }

    private static String nameOf(Class<?> type) {
        var annotation = type.getAnnotation(io.swagger.v3.oas.annotations.media.Schema.class);
        return annotation == null || annotation.name().isEmpty() ? type.getSimpleName() : annotation.name();
    }
}
