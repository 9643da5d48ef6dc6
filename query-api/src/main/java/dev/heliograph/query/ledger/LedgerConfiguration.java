package dev.heliograph.query.ledger;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Wires the ledger. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(LedgerSettings.class)
@Import(LedgerController.class)
public class LedgerConfiguration {
    @Bean
    JdbcLedger jdbcLedger(JdbcClient jdbc, LedgerSettings settings) {
        return new JdbcLedger(jdbc, settings.inFlightBound());
    }
}
