package dev.heliograph.query.devices;

import dev.heliograph.model.id.TenantId;
import dev.heliograph.query.devices.BulkChange.Found;
import dev.heliograph.query.devices.BulkChange.Kept;
import dev.heliograph.query.search.Search;
import dev.heliograph.query.search.SearchSql;
import java.sql.Array;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Finds, keeps and makes changes of many devices; a fixed number of statements, however many devices there are. */
public final class JdbcBulk {
    private static final String EXPIRED = "DELETE FROM bulk_change WHERE expires_at < now()";
    private static final String CROWDED = """
            DELETE FROM bulk_change WHERE tenant = :tenant AND id NOT IN (
                SELECT id FROM bulk_change WHERE tenant = :tenant ORDER BY created_at DESC, id LIMIT :most)
            """;
    private static final String KEEP = """
            INSERT INTO bulk_change (id, tenant, actor, search, change, devices, versions, expires_at)
            VALUES (:id, :tenant, :actor, :search, :change::jsonb, :devices, :versions, :expires)
            """;
    private static final String TAKE = """
            DELETE FROM bulk_change WHERE tenant = :tenant AND id = :id AND expires_at > now()
            RETURNING search, change, devices, versions
            """;
    private static final String VERSIONS =
            "SELECT id, version FROM device WHERE tenant = :tenant AND id = ANY(:ids) ORDER BY id FOR UPDATE";

    private final JdbcClient jdbc;
    private final JsonMapper json;

    public JdbcBulk(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    /** Up to {@code most} devices that the search finds, by id. */
    List<Found> find(TenantId tenant, Search search, JsonNode patch, int most) {
        Map<String, @Nullable Object> parameters = new HashMap<>();
        parameters.put("tenant", tenant.value());
        parameters.put("most", most);
        BulkSql change = BulkSql.of(patch, parameters, json);
        Map<String, Object> looked = new HashMap<>();
        String where = SearchSql.conditions(search, looked);
        parameters.putAll(looked);
        return jdbc.sql("SELECT d.id, d.version, " + change.differs()
                        + ", (SELECT count(*) FROM jsonb_object_keys(" + change.labels() + ")) FROM device d"
                        + " LEFT JOIN presence p ON p.tenant = d.tenant AND p.device = d.id WHERE d.tenant = :tenant"
                        + where
                        + " ORDER BY d.id LIMIT :most")
                .params(parameters)
                .query((row, number) -> new Found(row.getString(1), row.getLong(2), row.getBoolean(3), row.getInt(4)))
                .list();
    }

    /** Keeps a previewed change, at most {@code most} of the tenant. */
    void keep(TenantId tenant, UUID id, String actor, Kept change, Instant expires, int most) {
        jdbc.sql(EXPIRED).update();
        jdbc.sql(KEEP)
                .param("id", id)
                .param("tenant", tenant.value())
                .param("actor", actor)
                .param("search", change.search())
                .param("change", change.change().toString())
                .param("devices", change.devices().toArray(String[]::new))
                .param("versions", change.versions().toArray(Long[]::new))
                .param("expires", expires.atOffset(ZoneOffset.UTC))
                .update();
        jdbc.sql(CROWDED).param("tenant", tenant.value()).param("most", most).update();
    }

    /** Takes a previewed change, so that nobody carries it out twice; empty if there is none. */
    Optional<Kept> take(TenantId tenant, UUID id) {
        return jdbc.sql(TAKE)
                .param("tenant", tenant.value())
                .param("id", id)
                .query((row, number) -> new Kept(
                        row.getString("search"),
                        json.readTree(row.getString("change")),
                        List.of((String[]) array(row.getArray("devices"))),
                        List.of((Long[]) array(row.getArray("versions")))))
                .optional();
    }

    private static Object array(Array array) throws SQLException {
        return array.getArray();
    }

    /** Locks the devices, in the order of their ids, and returns their versions. */
    Map<String, Long> lock(TenantId tenant, List<String> ids) {
        Map<String, Long> versions = new HashMap<>();
        jdbc.sql(VERSIONS)
                .param("tenant", tenant.value())
                .param("ids", ids.toArray(String[]::new))
                .query(row -> {
                    versions.put(row.getString(1), row.getLong(2));
                });
        return versions;
    }

    /** Changes devices that are locked. */
    void change(TenantId tenant, List<String> ids, JsonNode patch) {
        Map<String, @Nullable Object> parameters = new HashMap<>();
        parameters.put("tenant", tenant.value());
        parameters.put("ids", ids.toArray(String[]::new));
        BulkSql change = BulkSql.of(patch, parameters, json);
        jdbc.sql("UPDATE device d SET " + change.assignments()
                        + ", version = version + 1, updated_at = now() WHERE tenant = :tenant AND id = ANY(:ids)")
                .params(parameters)
                .update();
    }
}
