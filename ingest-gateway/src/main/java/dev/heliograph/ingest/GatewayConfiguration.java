package dev.heliograph.ingest;

import dev.heliograph.connections.kafka.KafkaCertificates;
import dev.heliograph.ingest.funnel.Admission;
import dev.heliograph.ingest.funnel.Codecs;
import dev.heliograph.ingest.funnel.Funnel;
import dev.heliograph.ingest.funnel.PayloadCodec;
import dev.heliograph.ingest.funnel.TopicMappings;
import dev.heliograph.ingest.intake.Allowances;
import dev.heliograph.ingest.intake.InFlightBudget;
import dev.heliograph.ingest.intake.Intake;
import dev.heliograph.ingest.intake.IntakeCounters;
import dev.heliograph.ingest.intake.LimitSettings;
import dev.heliograph.ingest.intake.MetricBudget;
import dev.heliograph.ingest.intake.PresenceEvents;
import dev.heliograph.ingest.intake.Sequences;
import dev.heliograph.ingest.intake.UnackedWatch;
import dev.heliograph.ingest.kafka.DeviceTableFeed;
import dev.heliograph.ingest.kafka.KafkaEventSink;
import dev.heliograph.ingest.kafka.KafkaSettings;
import dev.heliograph.ingest.kafka.KafkaStart;
import dev.heliograph.ingest.ledger.ClaimWriter;
import dev.heliograph.ingest.ledger.Claims;
import dev.heliograph.ingest.mqtt.MqttSettings;
import dev.heliograph.ingest.registry.DeviceTable;
import dev.heliograph.ingest.replay.ReplayController;
import dev.heliograph.ingest.replay.ReplaySettings;
import dev.heliograph.ingest.replay.Replays;
import dev.heliograph.ingest.status.Readiness;
import dev.heliograph.model.clock.AgreedClock;
import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.reading.Sample;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** The way from the funnel to Kafka, shared by the transports. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({
    IngestSettings.class,
    KafkaSettings.class,
    LimitSettings.class,
    ReplaySettings.class,
    MappingSettings.class,
    MqttSettings.class
})
class GatewayConfiguration {

    GatewayConfiguration(Environment environment) {
        RemovedSettings.requireNone(environment);
    }

    @Bean
    AgreedClock clock(MeterRegistry registry) {
        AgreedClock clock = new AgreedClock(InstantSource.system(), System::nanoTime);
        Gauge.builder("heliograph.clock.skew.seconds", clock, AgreedClock::skewSeconds)
                .tag("part", "gateway")
                .description("How far the clock of this machine is ahead of Kafka's")
                .register(registry);
        return clock;
    }

    @Bean
    DeviceTable deviceTable() {
        return new DeviceTable();
    }

    @Bean
    TopicMappings topicMappings(MappingSettings settings, DeviceTable devices) {
        return settings.table(devices::reportsFor);
    }

    @Bean
    Codecs codecs(List<PayloadCodec> others) {
        return Codecs.builtIn().with(others);
    }

    @Bean
    MetricBudget metricBudget(IngestSettings settings, LimitSettings limits, DeviceTable devices) {
        MetricBudget budget = new MetricBudget(settings.maxMetricsPerDevice(), limits.tenantSeries());
        devices.onChange(device -> {
            if (!devices.isEnabled(device)) {
                budget.forget(device);
            }
        });
        return budget;
    }

    @Bean
    Sequences sequences(DeviceTable devices) {
        Sequences sequences = new Sequences();
        devices.onChange(device -> {
            if (!devices.isEnabled(device)) {
                sequences.forget(device);
            }
        });
        return sequences;
    }

    @Bean
    Allowances allowances(LimitSettings settings, InFlightBudget budget, DeviceTable devices) {
        Allowances allowances = new Allowances(settings, budget, System::nanoTime);
        devices.onChange(device -> {
            if (!devices.isEnabled(device)) {
                allowances.forget(device);
            }
        });
        return allowances;
    }

    @Bean
    Funnel funnel(
            IngestSettings settings,
            TopicMappings mappings,
            Codecs codecs,
            DeviceTable devices,
            MetricBudget metrics,
            Sequences sequences) {
        return new Funnel(settings.funnelLimits(), mappings, codecs, new Admission() {
            @Override
            public boolean knows(DeviceKey device) {
                return devices.isEnabled(device);
            }

            @Override
            public Verdict admits(DeviceKey device, Sample sample) {
                return metrics.admits(device, sample);
            }

            @Override
            public boolean admitsHistory(DeviceKey device, Sample sample) {
                return metrics.admitsHistory(device, sample);
            }

            @Override
            public @Nullable ZoneId zone(DeviceKey device) {
                return devices.zone(device);
            }

            @Override
            public boolean isGap(DeviceKey device, long strand, long sequence) {
                return sequences.isGap(device, strand, sequence);
            }
        });
    }

    /** Judges as {@link #funnel} does and remembers nothing, so that a preview costs a device nothing. */
    @Bean
    Replays replays(
            IngestSettings settings,
            ReplaySettings replay,
            TopicMappings mappings,
            Codecs codecs,
            DeviceTable devices,
            MetricBudget metrics,
            Intake intake,
            InstantSource clock) {
        Funnel preview = new Funnel(settings.funnelLimits(), mappings, codecs, new Admission() {
            @Override
            public boolean knows(DeviceKey device) {
                return devices.isEnabled(device);
            }

            @Override
            public Verdict admits(DeviceKey device, Sample sample) {
                return metrics.wouldAdmit(device, sample);
            }

            @Override
            public @Nullable ZoneId zone(DeviceKey device) {
                return devices.zone(device);
            }
        });
        return new Replays(intake, preview, clock, replay.acknowledgeTimeout());
    }

    @Bean
    ReplayController replayController(ReplaySettings settings, Replays replays, Readiness readiness) {
        return new ReplayController(settings.secret(), replays, readiness::isReady);
    }

    @Bean
    InFlightBudget inFlightBudget(IngestSettings settings, MeterRegistry registry) {
        InFlightBudget budget = new InFlightBudget(settings.maxInFlightMessages(), settings.maxInFlightBytes());
        Gauge.builder("heliograph.ingest.inflight", budget, InFlightBudget::messages)
                .description("Messages received and not yet safe in Kafka")
                .register(registry);
        return budget;
    }

    @Bean
    UnackedWatch unackedWatch(MeterRegistry registry) {
        UnackedWatch watch = new UnackedWatch(System::nanoTime);
        Gauge.builder(
                        "heliograph.ingest.oldest.unacked.seconds",
                        watch,
                        it -> it.oldestAge().toSeconds())
                .description("Age of the oldest message that is not yet safe in Kafka")
                .register(registry);
        return watch;
    }

    @Bean
    IntakeCounters intakeCounters(MeterRegistry registry) {
        return new IntakeCounters(registry);
    }

    @Bean
    KafkaCertificates kafkaCertificates() {
        return new KafkaCertificates();
    }

    @Bean(destroyMethod = "")
    KafkaEventSink eventSink(KafkaSettings settings, IngestSettings ingest, Claims claims) {
        return KafkaStart.patiently(settings, ingest.startTimeout(), () -> new KafkaEventSink(settings, claims));
    }

    @Bean
    Claims claims() {
        return new Claims(new SecureRandom()::nextLong);
    }

    @Bean(destroyMethod = "")
    ClaimWriter claimWriter(Claims claims, IngestSettings settings, KafkaEventSink sink, InstantSource clock) {
        return new ClaimWriter(claims, settings.instance(), sink, clock);
    }

    @Bean
    Intake intake(
            Funnel funnel, KafkaEventSink sink, InFlightBudget budget, IntakeCounters counters, UnackedWatch unacked) {
        return new Intake(funnel, sink, budget, counters, unacked);
    }

    @Bean
    PresenceEvents presenceEvents(KafkaEventSink sink, InstantSource clock) {
        return new PresenceEvents(sink, clock);
    }

    @Bean(destroyMethod = "")
    DeviceTableFeed deviceTableFeed(KafkaSettings settings, DeviceTable devices, MeterRegistry registry) {
        return new DeviceTableFeed(settings, devices, registry);
    }

    @Bean
    KafkaStart kafkaStart(
            KafkaSettings settings,
            IngestSettings ingest,
            KafkaEventSink sink,
            DeviceTableFeed deviceTableFeed,
            ClaimWriter claims) {
        return new KafkaStart(settings, ingest.startTimeout(), sink, deviceTableFeed, claims, ingest.ledgerInterval());
    }

    @Bean
    Readiness readiness(KafkaStart kafka, DeviceTableFeed devices) {
        return new Readiness(kafka::isReachable, devices::isCaughtUp);
    }

    /** The way to Kafka opens before anything can come in, and closes after the last of it is through. */
    @Bean
    Stage kafkaStage(KafkaStart kafka) {
        return new Stage(Stage.FIRST, kafka::start, kafka::stop);
    }
}
