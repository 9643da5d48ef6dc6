package dev.heliograph.query.quarantine;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Wires the quarantine. */
@Configuration(proxyBeanMethods = false)
@Import(QuarantineController.class)
public class QuarantineConfiguration {
    @Bean
    JdbcQuarantine jdbcQuarantine(JdbcClient jdbc) {
        return new JdbcQuarantine(jdbc);
    }
}
