package dev.heliograph.query.outbox;

import dev.heliograph.model.id.TenantId;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Takes changes in the transaction that makes them, so that a change is published if and only if it was made. */
public final class Outbox {
    private static final String INSERT = """
            INSERT INTO outbox (topic, key, value) VALUES (:topic, :key, :value) RETURNING id
            """;
    private static final String INSERT_MANY = """
            INSERT INTO outbox (topic, key, value)
            SELECT :topic, change.key, change.value
            FROM unnest(:keys::text[], :values::text[]) WITH ORDINALITY AS change (key, value, place)
            ORDER BY change.place
            RETURNING id
            """;

    private final JdbcClient jdbc;

    public Outbox(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Adds one change; call it after the row itself is locked, so that changes of a key keep their order.
     *
     * @param id what it is about, within the tenant
     * @param value JSON of the record, or null for the tombstone
     * @return id of the outbox row
     */
    public long add(TenantId tenant, String topic, String id, byte @Nullable [] value) {
        return jdbc.sql(INSERT)
                .param("topic", topic)
                .param("key", tenant.value() + "/" + id)
                .param("value", value == null ? null : new String(value, StandardCharsets.UTF_8))
                .query(Long.class)
                .single();
    }

    /** Adds many changes, one for each id; the same order as given. */
    public List<Long> addAll(TenantId tenant, String topic, List<String> ids, List<byte[]> values) {
        return jdbc.sql(INSERT_MANY)
                .param("topic", topic)
                .param("keys", ids.stream().map(id -> tenant.value() + "/" + id).toArray(String[]::new))
                .param(
                        "values",
                        values.stream()
                                .map(value -> new String(value, StandardCharsets.UTF_8))
                                .toArray(String[]::new))
                .query((row, number) -> row.getLong(1))
                .list();
    }
}
