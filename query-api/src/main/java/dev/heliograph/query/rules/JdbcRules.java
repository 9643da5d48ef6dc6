package dev.heliograph.query.rules;

import dev.heliograph.model.id.TenantId;
import dev.heliograph.model.wire.RuleRecord;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Rules in the store: the published record is the definition, so that what the stream sees and what is shown are one. */
public final class JdbcRules {
    private static final double MILLIS_PER_SECOND = 1_000.0;
    private static final String ENSURE_TENANT =
            "INSERT INTO tenant (id, name) VALUES (:tenant, :tenant) ON CONFLICT DO NOTHING";
    private static final String SELECT = "SELECT definition, updated_at, updated_by FROM rule WHERE tenant = :tenant";
    private static final String PAGE = SELECT + """
             AND (:after::text IS NULL OR (name, id) > (:after::text, :afterId::uuid))
             ORDER BY name, id LIMIT :limit
            """;
    private static final String COUNT = "SELECT count(*) FROM rule WHERE tenant = :tenant";
    private static final String LOCK = "SELECT version FROM rule WHERE tenant = :tenant AND id = :id FOR UPDATE";
    private static final String INSERT = """
            INSERT INTO rule (tenant, id, version, enabled, name, definition, updated_by)
            VALUES (:tenant, :id, :version, :enabled, :name, :definition::jsonb, :by)
            """;
    private static final String UPDATE = """
            UPDATE rule SET version = :version, enabled = :enabled, name = :name, definition = :definition::jsonb,
                            updated_by = :by, updated_at = now()
             WHERE tenant = :tenant AND id = :id
            """;
    private static final String DELETE = "DELETE FROM rule WHERE tenant = :tenant AND id = :id";

    private final JdbcClient jdbc;

    public JdbcRules(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    List<Rule> page(TenantId tenant, int limit, @Nullable List<@Nullable String> after) {
        return jdbc.sql(PAGE)
                .param("tenant", tenant.value())
                .param("after", after == null ? null : after.get(0))
                .param("afterId", after == null ? null : after.get(1))
                .param("limit", limit)
                .query((row, number) -> rule(row))
                .list();
    }

    long count(TenantId tenant) {
        return jdbc.sql(COUNT).param("tenant", tenant.value()).query(Long.class).single();
    }

    Optional<Rule> find(TenantId tenant, UUID id) {
        return jdbc.sql(SELECT + " AND id = :id")
                .param("tenant", tenant.value())
                .param("id", id)
                .query((row, number) -> rule(row))
                .optional();
    }

    /** Locks a rule for this transaction and returns its version; empty if there is none. */
    Optional<Integer> lock(TenantId tenant, UUID id) {
        return jdbc.sql(LOCK)
                .param("tenant", tenant.value())
                .param("id", id)
                .query((row, number) -> row.getInt(1))
                .optional();
    }

    void insert(TenantId tenant, RuleRecord rule, String by) {
        jdbc.sql(ENSURE_TENANT).param("tenant", tenant.value()).update();
        write(INSERT, tenant, rule, by);
    }

    void update(TenantId tenant, RuleRecord rule, String by) {
        write(UPDATE, tenant, rule, by);
    }

    void delete(TenantId tenant, UUID id) {
        jdbc.sql(DELETE).param("tenant", tenant.value()).param("id", id).update();
    }

    private void write(String sql, TenantId tenant, RuleRecord rule, String by) {
        jdbc.sql(sql)
                .param("tenant", tenant.value())
                .param("id", UUID.fromString(rule.id()))
                .param("version", rule.version())
                .param("enabled", rule.enabled())
                .param("name", rule.name())
                .param("definition", new String(RuleRecord.CODEC.encode(rule), StandardCharsets.UTF_8))
                .param("by", by)
                .update();
    }

    private static Rule rule(ResultSet row) throws SQLException {
        RuleRecord kept = RuleRecord.CODEC.decode(row.getString("definition").getBytes(StandardCharsets.UTF_8));
        Rule.Condition condition = switch (kept.condition()) {
            case RuleRecord.Threshold t -> new Rule.Threshold(t.metric(), t.operator(), t.value(), t.clear());
            case RuleRecord.Absence a -> new Rule.Absence(a.afterMs() / MILLIS_PER_SECOND, a.metric());
        };
        RuleRecord.Scope scope = kept.scope();
        return new Rule(
                UUID.fromString(kept.id()),
                kept.version(),
                kept.enabled(),
                kept.name(),
                kept.severity(),
                new Rule.Scope(scope.devices(), scope.types(), scope.sites(), scope.labels()),
                condition,
                kept.holdMs() / MILLIS_PER_SECOND,
                kept.clearHoldMs() / MILLIS_PER_SECOND,
                kept.runbook(),
                kept.owner(),
                row.getObject("updated_at", OffsetDateTime.class).toInstant(),
                row.getString("updated_by"));
    }
}
