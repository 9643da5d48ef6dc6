package dev.heliograph.query.metrics;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Wires the catalogue. */
@Configuration(proxyBeanMethods = false)
@Import(MetricsController.class)
public class MetricsConfiguration {
    @Bean
    JdbcMetrics jdbcMetrics(JdbcClient jdbc) {
        return new JdbcMetrics(jdbc);
    }
}
