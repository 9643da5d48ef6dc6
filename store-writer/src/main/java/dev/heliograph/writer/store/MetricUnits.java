package dev.heliograph.writer.store;

import dev.heliograph.writer.plan.MetricUnit;
import dev.heliograph.writer.plan.WritePlan;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Fills the catalogue with the units that devices name, where nobody has said anything about the unit. What was asked once
 * is remembered, so that a unit in every reading costs no statement for every batch; what a person changes later is the
 * person's and not asked for again.
 */
final class MetricUnits {
    private static final String FILL = """
            UPDATE metric m
               SET unit = u.unit, unit_source = 'device'
              FROM unnest(?::text[], ?::text[], ?::text[]) AS u(tenant, name, unit)
             WHERE m.tenant = u.tenant AND m.name = u.name AND m.unit IS NULL AND m.unit_source IS NULL
            """;

    private final Map<String, Boolean> asked;

    /** @param capacity how many metrics are remembered */
    MetricUnits(int capacity) {
        this.asked = new LinkedHashMap<>(1_024, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
                return size() > capacity;
            }
        };
    }

    /** Fills in the units of a plan whose metrics are entered. The connection must be in auto-commit. */
    void fill(WritePlan plan, Connection connection) throws SQLException {
        List<MetricUnit> fresh;
        synchronized (asked) {
            fresh = plan.units().stream()
                    .filter(unit -> !asked.containsKey(key(unit)))
                    .toList();
        }
        if (fresh.isEmpty()) {
            return;
        }
        try (PreparedStatement fill = connection.prepareStatement(FILL)) {
            fill.setObject(1, fresh.stream().map(MetricUnit::tenant).toArray(String[]::new));
            fill.setObject(2, fresh.stream().map(MetricUnit::metric).toArray(String[]::new));
            fill.setObject(3, fresh.stream().map(MetricUnit::unit).toArray(String[]::new));
            fill.executeUpdate();
        }
        synchronized (asked) {
            fresh.forEach(unit -> asked.put(key(unit), true));
        }
    }

    /** Forgets everything: after a failure the store may be another one, restored from a backup. */
    void clear() {
        synchronized (asked) {
            asked.clear();
        }
    }

    private static String key(MetricUnit unit) {
        return unit.tenant() + "/" + unit.metric();
    }
}
