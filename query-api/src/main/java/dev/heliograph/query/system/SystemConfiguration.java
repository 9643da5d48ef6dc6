package dev.heliograph.query.system;

import dev.heliograph.connections.kafka.KafkaCertificates;
import dev.heliograph.model.clock.AgreedClock;
import dev.heliograph.query.database.StoreState;
import dev.heliograph.query.kafka.KafkaSettings;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Wires what is known of the platform. */
@Configuration(proxyBeanMethods = false)
@Import({SystemController.class, RetentionController.class})
public class SystemConfiguration {
    @Bean
    KafkaCertificates kafkaCertificates() {
        return new KafkaCertificates();
    }

    @Bean
    Version version() {
        return Version.ofBuild();
    }

    @Bean
    StatusBoard statusBoard(Clock clock) {
        return new StatusBoard(clock);
    }

    @Bean
    KafkaView kafkaView(Clock clock) {
        return new KafkaView(clock);
    }

    @Bean
    StoreProbe storeProbe(JdbcClient jdbc, StoreState state, KafkaView kafka) {
        return new StoreProbe(jdbc, state, kafka);
    }

    @Bean
    JdbcSpan jdbcSpan(JdbcClient jdbc) {
        return new JdbcSpan(jdbc);
    }

    @Bean
    Pipeline pipeline(StatusBoard board, KafkaView kafka, StoreProbe store) {
        return new Pipeline(board, kafka, store);
    }

    @Bean
    @ConditionalOnProperty(name = "heliograph.query.kafka.enabled", matchIfMissing = true)
    StatusFeed statusFeed(KafkaSettings kafka, StatusBoard board, KafkaView view, Clock clock, MeterRegistry meters) {
        return new StatusFeed(kafka, board, view, clock, meters);
    }

    @Bean
    Heartbeat heartbeat(
            KafkaSettings kafka,
            StoreProbe store,
            MeterRegistry meters,
            AgreedClock clock,
            Version version,
            @Value("${heliograph.query.kafka.enabled:true}") boolean enabled,
            @Value("${heliograph.query.instance:}") String instance) {
        String name =
                instance.isBlank() ? "query-api-" + UUID.randomUUID().toString().substring(0, 8) : instance;
        return new Heartbeat(enabled ? kafka : null, store, meters, clock, version, name);
    }
}
