package dev.heliograph.query.devices;

import dev.heliograph.model.id.TenantId;
import dev.heliograph.query.devices.JdbcDevices.Keyed;
import dev.heliograph.query.devices.JdbcDevices.Place;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * All devices of a tenant by status, worst first, those of one status by id: state after state by the index that presence has of
 * it, until the page is full. One statement for all of them would sort the whole fleet for each page.
 *
 * <p>Only devices that nothing was heard of are not found that way, because they have no presence. Each of them is counted as
 * unknown, or noted to be counted soon, or disabled and never counted; so these are looked at.
 */
final class JdbcStatusOrder {
    /** The keys of the order are the places in this list, from 1. */
    static final List<String> WORST_FIRST = List.of("offline", "silent", "late", "unknown", "reporting");

    private static final String UNKNOWN = "unknown";
    /** Beyond so many, one in a hundred of a million, a walk in the order of ids meets them soon enough. */
    private static final int MOST_CANDIDATES = 10_000;

    private static final String OF_STATE = """
         FROM presence p JOIN device d ON d.tenant = p.tenant AND d.id = p.device
        WHERE p.tenant = :tenant AND p.state = :state AND p.device > :afterId
        ORDER BY p.device LIMIT :limit
        """;
    private static final String CANDIDATES = """
        SELECT id FROM (
            SELECT device AS id FROM fleet_member WHERE tenant = :tenant AND state = 'unknown' AND device > :afterId
            UNION SELECT device FROM fleet_note WHERE tenant = :tenant AND device > :afterId
            UNION SELECT id FROM device WHERE tenant = :tenant AND NOT enabled AND id > :afterId) AS candidate
        LIMIT :most
        """;
    private static final String IS_UNKNOWN = """
         AND COALESCE(p.state, 'unknown') = 'unknown' AND d.id > :afterId
        ORDER BY d.id LIMIT :limit
        """;
    private static final String OF_CANDIDATES = JdbcDevices.FROM + " AND d.id = ANY(:candidates)" + IS_UNKNOWN;
    // The database takes devices without presence for rare. OFFSET 0 holds it to the walk.
    private static final String OF_ALL = """
         FROM device d LEFT JOIN LATERAL (
            SELECT * FROM presence WHERE tenant = d.tenant AND device = d.id OFFSET 0) AS p ON true
        WHERE d.tenant = :tenant
        """ + IS_UNKNOWN;

    /** Reads devices and their keys. */
    interface Rows {
        List<Keyed> of(String sql, Map<String, Object> parameters);
    }

    private final JdbcClient jdbc;
    private final Rows rows;

    JdbcStatusOrder(JdbcClient jdbc, Rows rows) {
        this.jdbc = jdbc;
        this.rows = rows;
    }

    /** Up to {@code limit} devices behind the given one. */
    List<Keyed> page(TenantId tenant, int limit, @Nullable Place after) {
        List<Keyed> page = new ArrayList<>();
        int first = after == null ? 1 : Integer.parseInt(after.key());
        for (int key = first; key <= WORST_FIRST.size() && page.size() < limit; key++) {
            String behind = after != null && key == first ? after.id() : "";
            page.addAll(ofState(tenant, key, behind, limit - page.size()));
        }
        return page;
    }

    private List<Keyed> ofState(TenantId tenant, int key, String afterId, int limit) {
        Map<String, Object> parameters = new HashMap<>();
        if (!WORST_FIRST.get(key - 1).equals(UNKNOWN)) {
            return rows.of(knownSql(tenant, key, afterId, limit, parameters), parameters);
        }
        String candidatesSql = candidatesSql(tenant, afterId, parameters);
        List<String> candidates = jdbc.sql(candidatesSql)
                .params(parameters)
                .query((row, number) -> row.getString(1))
                .list();
        if (candidates.isEmpty()) {
            return List.of();
        }
        Map<String, Object> more = new HashMap<>();
        return rows.of(unknownSql(tenant, candidates, afterId, limit, more), more);
    }

    /** The statement of a state that presence tells; puts its parameters into the map. */
    static String knownSql(TenantId tenant, int key, String afterId, int limit, Map<String, Object> parameters) {
        parameters.put("tenant", tenant.value());
        parameters.put("state", WORST_FIRST.get(key - 1));
        parameters.put("afterId", afterId);
        parameters.put("limit", limit);
        return columns(key) + OF_STATE;
    }

    /** The statement that finds who may be unknown; puts its parameters into the map. */
    static String candidatesSql(TenantId tenant, String afterId, Map<String, Object> parameters) {
        parameters.put("tenant", tenant.value());
        parameters.put("afterId", afterId);
        parameters.put("most", MOST_CANDIDATES + 1);
        return CANDIDATES;
    }

    /** The statement of those that nothing was heard of, of few candidates or of all devices; puts its parameters. */
    static String unknownSql(
            TenantId tenant, List<String> candidates, String afterId, int limit, Map<String, Object> parameters) {
        parameters.put("tenant", tenant.value());
        parameters.put("afterId", afterId);
        parameters.put("limit", limit);
        int key = WORST_FIRST.indexOf(UNKNOWN) + 1;
        if (candidates.size() > MOST_CANDIDATES) {
            return columns(key) + OF_ALL;
        }
        parameters.put("candidates", candidates.toArray(String[]::new));
        return columns(key) + OF_CANDIDATES;
    }

    private static String columns(int key) {
        return JdbcDevices.COLUMNS + ", '" + key + "' AS sort_key";
    }
}
