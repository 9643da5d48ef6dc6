package dev.heliograph.query.data;

import dev.heliograph.model.id.TenantId;
import dev.heliograph.query.web.TenantCache;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads the table {@code retention}, which the process that deletes keeps; at most once in ten seconds for each tenant. */
final class JdbcRetentionTimes implements RetentionTimes {
    private static final Duration REFRESH = Duration.ofSeconds(10);
    // What holds for all has the tenant ''; it comes first, and a tenant's own time takes its place.
    private static final String TIMES =
            "SELECT class, keep_seconds FROM retention WHERE tenant = '' OR tenant = :tenant ORDER BY tenant = :tenant";

    private final TenantCache<Map<String, Duration>> times;

    JdbcRetentionTimes(JdbcClient jdbc, Clock clock) {
        this.times = new TenantCache<>(clock, REFRESH, tenant -> {
            Map<String, Duration> found = new HashMap<>();
            jdbc.sql(TIMES).param("tenant", tenant.value()).query(row -> {
                found.put(row.getString(1), Duration.ofSeconds(row.getLong(2)));
            });
            return Map.copyOf(found);
        });
    }

    @Override
    public Map<String, Duration> of(TenantId tenant) {
        return times.get(tenant);
    }
}
