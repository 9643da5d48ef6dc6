package dev.heliograph.query.outbox;

import dev.heliograph.query.kafka.KafkaSettings;
import dev.heliograph.query.web.LimitSettings;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** Wires the outbox. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(KafkaSettings.class)
public class OutboxConfiguration {
    @Bean
    Outbox outbox(JdbcClient jdbc) {
        return new Outbox(jdbc);
    }

    @Bean
    ConfigurationTopics configurationTopics(KafkaSettings kafka, LimitSettings limits) {
        return new KafkaConfigurationTopics(kafka, limits.publishWait());
    }

    @Bean
    OutboxRelay outboxRelay(
            JdbcClient jdbc, TransactionTemplate transactions, ConfigurationTopics topics, MeterRegistry meters) {
        return new OutboxRelay(jdbc, transactions, topics, meters);
    }
}
