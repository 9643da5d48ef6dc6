package dev.heliograph.query.history;

import dev.heliograph.query.kafka.KafkaSettings;
import dev.heliograph.query.system.Pipeline;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Wires backfill. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(HistorySettings.class)
@Import(BackfillController.class)
public class HistoryConfiguration {
    @Bean
    HistoryTopic historyTopic(KafkaSettings kafka, HistorySettings settings) {
        return new KafkaHistoryTopic(kafka, settings.acknowledgeWait());
    }

    @Bean
    Backfill backfill(
            HistorySettings settings,
            JdbcClient jdbc,
            HistoryTopic topic,
            Pipeline pipeline,
            Clock clock,
            MeterRegistry meters) {
        return new Backfill(settings, new JdbcHistory(jdbc), topic, pipeline::storeLagSeconds, clock, meters);
    }
}
