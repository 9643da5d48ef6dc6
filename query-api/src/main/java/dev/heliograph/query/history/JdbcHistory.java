package dev.heliograph.query.history;

import dev.heliograph.model.id.DeviceId;
import dev.heliograph.model.id.TenantId;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What the store knows of the devices whose history comes or changes. */
final class JdbcHistory {
    private static final String DEVICE = "SELECT EXISTS (SELECT 1 FROM device WHERE tenant = :tenant AND id = :device)";

    private final JdbcClient jdbc;

    JdbcHistory(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    boolean exists(TenantId tenant, DeviceId device) {
        return jdbc.sql(DEVICE)
                .param("tenant", tenant.value())
                .param("device", device.value())
                .query(Boolean.class)
                .single();
    }
}
