package dev.heliograph.stream.run;

import dev.heliograph.stream.StreamCounters;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the stream into the application. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({StreamSettings.class, KafkaAccess.class})
public class StreamConfiguration {
    private static final Clock CLOCK = Clock.systemUTC();

    @Bean
    StreamCounters streamCounters() {
        return new StreamCounters();
    }

    @Bean
    ReadingsLag readingsLag(StreamSettings settings) {
        return new ReadingsLag(settings.applicationId(), CLOCK);
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
            MeterRegistry meters) {
        return new StreamSupervisor(settings, kafka, counters, lag, meters, CLOCK);
    }

    @Bean
    StatusHeartbeat streamHeartbeat(
            StreamSettings settings,
            KafkaAccess kafka,
            StreamCounters counters,
            StreamSupervisor supervisor,
            ReadingsLag lag) {
        return new StatusHeartbeat(settings, kafka, counters, supervisor, lag, CLOCK);
    }

    @Bean
    StreamMeters streamMeters(StreamCounters counters, StreamSupervisor supervisor, ReadingsLag lag) {
        return new StreamMeters(counters, supervisor, lag);
    }

    @Bean
    HealthIndicator stream(StreamSettings settings, StreamSupervisor supervisor, ReadingsLag lag) {
        return new StreamReadiness(settings, supervisor, lag, CLOCK);
    }

    @Bean
    HealthIndicator streamThreads(StreamSettings settings, StreamSupervisor supervisor) {
        return new StreamLiveness(settings, supervisor, CLOCK);
    }
}
