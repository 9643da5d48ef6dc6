package dev.heliograph.query.stream;

import dev.heliograph.query.kafka.KafkaSettings;
import dev.heliograph.query.ledger.JdbcLedger;
import dev.heliograph.query.paging.CursorSigner;
import dev.heliograph.query.system.Pipeline;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import tools.jackson.databind.json.JsonMapper;

/** Wires the live stream. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(StreamSettings.class)
@Import(StreamController.class)
public class StreamConfiguration {
    @Bean
    StreamMetrics streamMetrics(MeterRegistry meters, Clock clock) {
        return new StreamMetrics(meters, clock);
    }

    @Bean
    LiveHub liveHub(CursorSigner signer, JsonMapper json, StreamSettings settings, StreamMetrics metrics) {
        return new LiveHub(signer, json, System::nanoTime, settings.linger(), settings.joinWait(), metrics);
    }

    @Bean
    Replay replay(KafkaSettings kafka, StreamSettings settings, LiveHub hub, JsonMapper json) {
        return new Replay(kafka, settings, hub, json);
    }

    @Bean
    SystemTicker systemTicker(Pipeline pipeline, LiveHub hub, JsonMapper json, Clock clock) {
        return new SystemTicker(pipeline, hub, json, clock);
    }

    @Bean
    LedgerTicker ledgerTicker(JdbcLedger ledger, LiveHub hub, JsonMapper json, Clock clock, StreamSettings settings) {
        return new LedgerTicker(ledger, hub, json, clock, settings.ledger());
    }

    @Bean
    @ConditionalOnProperty(name = "heliograph.query.kafka.enabled", matchIfMissing = true)
    LiveFeed liveFeed(KafkaSettings kafka, StreamSettings settings, LiveHub hub, StreamMetrics metrics) {
        return new LiveFeed(kafka, settings, hub, metrics);
    }

    /** Health {@code kafka}: down while the live topics can not be read. */
    @Bean("kafka")
    @ConditionalOnProperty(name = "heliograph.query.kafka.enabled", matchIfMissing = true)
    HealthIndicator liveFeedHealth(LiveFeed feed) {
        return () -> (feed.reading() ? Health.up() : Health.down()).build();
    }
}
