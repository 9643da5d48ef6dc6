package dev.heliograph.query.history;

import dev.heliograph.query.audit.AuditTrail;
import dev.heliograph.query.data.RetentionTimes;
import dev.heliograph.query.database.Heavy;
import dev.heliograph.query.kafka.KafkaSettings;
import dev.heliograph.query.outbox.Outbox;
import dev.heliograph.query.outbox.OutboxRelay;
import dev.heliograph.query.system.Pipeline;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** Wires backfill and corrections. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(HistorySettings.class)
@Import({BackfillController.class, CorrectionsController.class})
public class HistoryConfiguration {
    @Bean
    HistoryTopic historyTopic(KafkaSettings kafka, HistorySettings settings) {
        return new KafkaHistoryTopic(kafka, settings.acknowledgeWait());
    }

    @Bean
    Corrections corrections(
            HistorySettings settings,
            RetentionTimes retention,
            JdbcClient jdbc,
            @Heavy JdbcClient heavy,
            AuditTrail audit,
            Outbox outbox,
            OutboxRelay relay,
            TransactionTemplate transactions,
            Clock clock) {
        return new Corrections(
                settings,
                retention,
                new JdbcHistory(jdbc),
                new JdbcCorrections(jdbc, heavy),
                audit,
                outbox,
                relay,
                transactions,
                clock);
    }

    @Bean
    Backfill backfill(
            HistorySettings settings,
            RetentionTimes retention,
            JdbcClient jdbc,
            HistoryTopic topic,
            Pipeline pipeline,
            Clock clock,
            MeterRegistry meters) {
        return new Backfill(
                settings, retention, new JdbcHistory(jdbc), topic, pipeline::storeLagSeconds, clock, meters);
    }
}
