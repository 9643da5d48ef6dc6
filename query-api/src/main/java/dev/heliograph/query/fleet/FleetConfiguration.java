package dev.heliograph.query.fleet;

import dev.heliograph.query.audit.AuditTrail;
import dev.heliograph.query.database.StoreState;
import dev.heliograph.query.web.Patches;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** Wires the fleet. */
@Configuration(proxyBeanMethods = false)
@Import({FleetController.class, FleetMapController.class})
public class FleetConfiguration {
    @Bean
    JdbcFleet jdbcFleet(JdbcClient jdbc) {
        return new JdbcFleet(jdbc);
    }

    @Bean
    FleetCounts fleetCounts(JdbcClient jdbc, StoreState store, MeterRegistry meters) {
        return new FleetCounts(jdbc, store, new FoldMeters(System::nanoTime, meters));
    }

    @Bean
    JdbcFleetSearch jdbcFleetSearch(JdbcClient jdbc) {
        return new JdbcFleetSearch(jdbc);
    }

    @Bean
    Sites sites(JdbcFleet fleet, AuditTrail audit, TransactionTemplate transactions, Patches patches) {
        return new Sites(fleet, audit, transactions, patches);
    }
}
