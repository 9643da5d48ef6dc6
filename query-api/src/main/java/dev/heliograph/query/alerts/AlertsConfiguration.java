package dev.heliograph.query.alerts;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Wires the alerts. */
@Configuration(proxyBeanMethods = false)
@Import(AlertsController.class)
public class AlertsConfiguration {
    @Bean
    JdbcAlerts jdbcAlerts(JdbcClient jdbc) {
        return new JdbcAlerts(jdbc);
    }
}
