package dev.heliograph.query.devices;

import dev.heliograph.query.audit.AuditTrail;
import dev.heliograph.query.outbox.Outbox;
import dev.heliograph.query.outbox.OutboxRelay;
import dev.heliograph.query.paging.Pages;
import dev.heliograph.query.search.Searches;
import dev.heliograph.query.web.LimitSettings;
import dev.heliograph.query.web.Patches;
import java.time.Clock;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/** Wires the devices. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(FleetSettings.class)
@Import({DevicesController.class, FleetChangesController.class, DeviceFilesController.class})
public class DevicesConfiguration {
    @Bean
    JdbcDevices devices(JdbcClient jdbc, JsonMapper json) {
        return new JdbcDevices(jdbc, json);
    }

    @Bean
    DeviceLists deviceLists(JdbcDevices devices, Pages pages) {
        return new DeviceLists(devices, pages);
    }

    @Bean
    JdbcLatest latest(JdbcClient jdbc) {
        return new JdbcLatest(jdbc);
    }

    @Bean
    BulkChanges bulkChanges(
            JdbcClient jdbc,
            JsonMapper json,
            DeviceRegistry registry,
            Searches searches,
            Patches patches,
            AuditTrail audit,
            TransactionTemplate transactions,
            FleetSettings settings,
            Clock clock) {
        return new BulkChanges(
                new JdbcBulk(jdbc, json), registry, searches, patches, audit, transactions, json, settings, clock);
    }

    @Bean
    DeviceExport deviceExport(JdbcDevices devices, FleetSettings settings) {
        return new DeviceExport(devices, settings);
    }

    @Bean
    DeviceImport deviceImport(
            JdbcClient jdbc,
            JsonMapper json,
            DeviceRegistry registry,
            Patches patches,
            AuditTrail audit,
            FleetSettings settings) {
        return new DeviceImport(new JdbcDeviceRegistry(jdbc, json), registry, patches, audit, settings);
    }

    @Bean
    DeviceRegistry deviceRegistry(
            JdbcClient jdbc,
            JsonMapper json,
            Outbox outbox,
            OutboxRelay relay,
            AuditTrail audit,
            TransactionTemplate transactions,
            Patches patches,
            LimitSettings limits) {
        return new DeviceRegistry(
                new JdbcDeviceRegistry(jdbc, json), outbox, relay, audit, transactions, patches, limits);
    }
}
