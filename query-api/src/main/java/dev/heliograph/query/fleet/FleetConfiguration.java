package dev.heliograph.query.fleet;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Wires the fleet. */
@Configuration(proxyBeanMethods = false)
@Import(FleetController.class)
public class FleetConfiguration {
    @Bean
    JdbcFleet jdbcFleet(JdbcClient jdbc) {
        return new JdbcFleet(jdbc);
    }
}
