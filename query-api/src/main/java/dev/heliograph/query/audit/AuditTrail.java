package dev.heliograph.query.audit;

import dev.heliograph.model.id.TenantId;
import dev.heliograph.query.security.Caller;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/** Who changed what. A row is written in the transaction of the change, so that neither exists without the other. */
public final class AuditTrail {
    private static final String INSERT = """
            INSERT INTO audit (tenant, actor, action, target, detail)
            VALUES (:tenant, :actor, :action, :target, :detail::jsonb)
            """;

    private static final String INSERT_ALL = """
            INSERT INTO audit (tenant, actor, action, target, detail)
            SELECT :tenant, :actor, :action, target, detail::jsonb
              FROM unnest(CAST(:targets AS text[]), CAST(:details AS text[])) AS changed(target, detail)
            """;

    private final JdbcClient jdbc;
    private final JsonMapper json;

    public AuditTrail(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    /**
     * Keeps one change.
     *
     * @param action what was done, such as {@code rule.update}
     * @param target what it was done to
     * @param detail what else must be known later; never a secret
     */
    public void record(TenantId tenant, Caller actor, String action, String target, Map<String, ?> detail) {
        jdbc.sql(INSERT)
                .param("tenant", tenant.value())
                .param("actor", actor.name())
                .param("action", action)
                .param("target", target)
                .param("detail", json.writeValueAsString(detail))
                .update();
    }

    /**
     * Keeps one change of each target, with one statement.
     *
     * @param details by target
     */
    public void recordAll(TenantId tenant, Caller actor, String action, Map<String, ? extends Map<String, ?>> details) {
        jdbc.sql(INSERT_ALL)
                .param("tenant", tenant.value())
                .param("actor", actor.name())
                .param("action", action)
                .param("targets", details.keySet().toArray(String[]::new))
                .param(
                        "details",
                        details.values().stream().map(json::writeValueAsString).toArray(String[]::new))
                .update();
    }
}
