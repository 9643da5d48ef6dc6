package dev.heliograph.query.devices;

import dev.heliograph.query.audit.AuditTrail;
import dev.heliograph.query.outbox.Outbox;
import dev.heliograph.query.outbox.OutboxRelay;
import dev.heliograph.query.web.LimitSettings;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/** Wires the devices. */
@Configuration(proxyBeanMethods = false)
@Import(DevicesController.class)
public class DevicesConfiguration {
    @Bean
    JdbcDevices devices(JdbcClient jdbc, JsonMapper json) {
        return new JdbcDevices(jdbc, json);
    }

    @Bean
    JdbcLatest latest(JdbcClient jdbc) {
        return new JdbcLatest(jdbc);
    }

    @Bean
    DeviceRegistry deviceRegistry(
            JdbcClient jdbc,
            JsonMapper json,
            Outbox outbox,
            OutboxRelay relay,
            AuditTrail audit,
            TransactionTemplate transactions,
            LimitSettings limits) {
        return new DeviceRegistry(new JdbcDeviceRegistry(jdbc, json), outbox, relay, audit, transactions, limits);
    }
}
