package dev.heliograph.stream.run;

import dev.heliograph.connections.kafka.KafkaCertificates;
import dev.heliograph.model.clock.AgreedClock;
import dev.heliograph.stream.StreamCounters;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.InstantSource;
import java.time.ZoneOffset;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the stream into the application. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({StreamSettings.class, KafkaAccess.class})
public class StreamConfiguration {
    @Bean
    KafkaCertificates kafkaCertificates() {
        return new KafkaCertificates();
    }

    @Bean
    AgreedClock agreedClock(MeterRegistry meters) {
        AgreedClock clock = new AgreedClock(InstantSource.system(), System::nanoTime);
        Gauge.builder("heliograph.clock.skew.seconds", clock, AgreedClock::skewSeconds)
                .tag("part", "stream")
                .description("How far the clock of this machine is ahead of Kafka's")
                .register(meters);
        return clock;
    }

    @Bean
    Clock clock(AgreedClock agreed) {
        return agreed.withZone(ZoneOffset.UTC);
    }

    @Bean
    StreamCounters streamCounters() {
        return new StreamCounters();
    }

    @Bean
    ReadingsLag readingsLag(StreamSettings settings, Clock clock) {
        return new ReadingsLag(settings.applicationId(), clock);
    }

    @Bean
    LagWatch lagWatch(StreamSettings settings, KafkaAccess kafka, ReadingsLag lag) {
        return new LagWatch(settings, kafka, lag);
    }

    @Bean
    StreamSupervisor streamSupervisor(
            StreamSettings settings,
            KafkaAccess kafka,
            StreamCounters counters,
            ReadingsLag lag,
            MeterRegistry meters,
            AgreedClock clock) {
        return new StreamSupervisor(settings, kafka, counters, lag, meters, clock);
    }

    @Bean
    StatusHeartbeat streamHeartbeat(
            StreamSettings settings,
            KafkaAccess kafka,
            StreamCounters counters,
            StreamSupervisor supervisor,
            ReadingsLag lag,
            AgreedClock clock) {
        return new StatusHeartbeat(settings, kafka, counters, supervisor, lag, clock);
    }

    @Bean
    StreamMeters streamMeters(StreamCounters counters, StreamSupervisor supervisor, ReadingsLag lag) {
        return new StreamMeters(counters, supervisor, lag);
    }

    @Bean
    HealthIndicator stream(StreamSettings settings, StreamSupervisor supervisor, ReadingsLag lag, Clock clock) {
        return new StreamReadiness(settings, supervisor, lag, clock);
    }

    @Bean
    HealthIndicator streamThreads(StreamSettings settings, StreamSupervisor supervisor, Clock clock) {
        return new StreamLiveness(settings, supervisor, clock);
    }
}
