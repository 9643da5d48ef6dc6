package dev.heliograph.ingest;

import dev.heliograph.ingest.funnel.Codecs;
import dev.heliograph.ingest.funnel.TopicMappings;
import dev.heliograph.ingest.http.HttpSettings;
import dev.heliograph.ingest.http.TelemetryController;
import dev.heliograph.ingest.intake.Allowances;
import dev.heliograph.ingest.intake.InFlightBudget;
import dev.heliograph.ingest.intake.Intake;
import dev.heliograph.ingest.intake.IntakeCounters;
import dev.heliograph.ingest.intake.PresenceEvents;
import dev.heliograph.ingest.intake.UnackedWatch;
import dev.heliograph.ingest.kafka.KafkaEventSink;
import dev.heliograph.ingest.mqtt.MqttEndpoint;
import dev.heliograph.ingest.mqtt.MqttSettings;
import dev.heliograph.ingest.registry.DeviceTable;
import dev.heliograph.ingest.sparkplug.EdgeNodes;
import dev.heliograph.ingest.sparkplug.SparkplugHost;
import dev.heliograph.ingest.sparkplug.SparkplugSettings;
import dev.heliograph.ingest.status.Heartbeat;
import dev.heliograph.ingest.status.Readiness;
import dev.heliograph.ingest.subscription.BrokerSubscription;
import dev.heliograph.ingest.subscription.SenderLimits;
import dev.heliograph.ingest.subscription.SubscriptionSettings;
import dev.heliograph.model.clock.AgreedClock;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The doors, and what the gateway says about itself. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({HttpSettings.class, SubscriptionSettings.class, SparkplugSettings.class})
class TransportConfiguration {

    @Bean
    MqttEndpoint mqttEndpoint(
            MqttSettings settings,
            DeviceTable devices,
            TopicMappings mappings,
            Intake intake,
            PresenceEvents presence,
            Allowances allowances,
            ObjectProvider<EdgeNodes> edgeNodes,
            InstantSource clock,
            Readiness readiness,
            MeterRegistry registry) {
        return new MqttEndpoint(
                settings,
                devices,
                mappings,
                intake,
                presence,
                allowances,
                edgeNodes.getIfAvailable(),
                clock,
                readiness::isReady,
                registry);
    }

    @Bean
    @ConditionalOnProperty(name = "heliograph.ingest.sparkplug.endpoint.enabled", matchIfMissing = true)
    EdgeNodes edgeNodes(
            SparkplugSettings settings,
            IngestSettings ingest,
            Intake intake,
            PresenceEvents presence,
            DeviceTable devices,
            InstantSource clock,
            MeterRegistry registry) {
        return new EdgeNodes(settings, ingest.funnelLimits(), intake, presence, devices, clock, registry);
    }

    @Bean
    Stage mqttStage(MqttSettings settings, MqttEndpoint endpoint, Readiness readiness) {
        return new Stage(
                Stage.LAST,
                () -> {
                    if (settings.enabled()) {
                        endpoint.start();
                    }
                },
                () -> {
                    readiness.drain();
                    endpoint.stop();
                });
    }

    @Bean
    BrokerSubscription brokerSubscription(
            SubscriptionSettings settings,
            Intake intake,
            TopicMappings mappings,
            Allowances allowances,
            DeviceTable devices,
            InstantSource clock,
            Readiness readiness,
            MeterRegistry registry) {
        SenderLimits limits = new SenderLimits(mappings, allowances, devices::isEnabled);
        return new BrokerSubscription(settings, intake, limits, clock, readiness::isReady, registry);
    }

    @Bean
    Stage subscriptionStage(BrokerSubscription subscription) {
        return new Stage(Stage.LAST, subscription::start, subscription::stop);
    }

    @Bean
    @ConditionalOnProperty("heliograph.ingest.sparkplug.broker-uri")
    SparkplugHost sparkplugHost(
            SparkplugSettings settings,
            IngestSettings ingest,
            Intake intake,
            Allowances allowances,
            PresenceEvents presence,
            DeviceTable devices,
            InstantSource clock,
            Readiness readiness,
            MeterRegistry registry) {
        return new SparkplugHost(
                Objects.requireNonNull(settings.brokerUri()),
                settings,
                ingest.funnelLimits(),
                intake,
                allowances,
                presence,
                devices,
                clock,
                readiness::isReady,
                registry);
    }

    @Bean
    @ConditionalOnProperty("heliograph.ingest.sparkplug.broker-uri")
    Stage sparkplugStage(SparkplugHost host) {
        return new Stage(Stage.LAST, host::start, host::stop);
    }

    @Bean
    @ConditionalOnProperty(name = "heliograph.ingest.http.enabled", matchIfMissing = true)
    TelemetryController telemetryController(
            HttpSettings settings,
            IngestSettings ingest,
            Codecs codecs,
            DeviceTable devices,
            Intake intake,
            Allowances allowances,
            InstantSource clock,
            Readiness readiness) {
        return new TelemetryController(
                settings, ingest.maxPayloadBytes(), codecs, devices, intake, allowances, clock, readiness::isReady);
    }

    @Bean(destroyMethod = "")
    Heartbeat heartbeat(
            IngestSettings settings,
            KafkaEventSink sink,
            AgreedClock clock,
            MqttEndpoint endpoint,
            InFlightBudget budget,
            UnackedWatch unacked,
            IntakeCounters counters,
            Readiness readiness) {
        return new Heartbeat(
                settings.instance(),
                sink,
                clock,
                () -> Map.of(
                        "connections", (double) endpoint.connections(),
                        "inflight", (double) budget.messages(),
                        "oldestUnackedSeconds", (double) unacked.oldestAge().toSeconds()),
                () -> Map.of(
                        "messages", counters.messages(),
                        "readings", counters.readings(),
                        "measurements", counters.measurements(),
                        "quarantined", counters.quarantined(),
                        "refused", counters.refused()),
                () -> {
                    if (unacked.oldestAge().compareTo(settings.degradedAfter()) >= 0) {
                        return "Kafka has not acknowledged a message for "
                                + unacked.oldestAge().toSeconds() + " s";
                    }
                    return readiness.whyNot();
                });
    }

    @Bean
    Stage heartbeatStage(Heartbeat heartbeat) {
        return new Stage(Stage.FIRST + 1, heartbeat::start, heartbeat::stop);
    }

    /** Part of the readiness group. */
    @Bean
    HealthIndicator gatewayHealthIndicator(Readiness readiness) {
        return () -> {
            String whyNot = readiness.whyNot();
            return whyNot == null
                    ? Health.up().build()
                    : Health.outOfService().withDetail("reason", whyNot).build();
        };
    }
}
