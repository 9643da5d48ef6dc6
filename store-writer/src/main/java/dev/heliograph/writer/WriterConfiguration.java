package dev.heliograph.writer;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Wires the writer into an application that imports this class. The pool is the writer's own and no bean, so that the
 * application may have another. The health contributor is called {@code storeWriter}.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({WriterSettings.class, KafkaAccess.class, DatabaseAccess.class})
public class WriterConfiguration {
    @Bean(destroyMethod = "close")
    Writer storeWriter(
            WriterSettings settings,
            KafkaAccess kafka,
            DatabaseAccess database,
            ObjectProvider<MeterRegistry> registry) {
        return new Writer(settings, kafka, database, registry.getIfAvailable(SimpleMeterRegistry::new));
    }

    @Bean
    WriterLifecycle storeWriterLifecycle(Writer writer, WriterSettings settings) {
        return new WriterLifecycle(writer, settings.enabled());
    }

    @Bean
    HealthIndicator storeWriterHealthIndicator(Writer writer, WriterSettings settings) {
        return new WriterHealthIndicator(writer, settings.enabled());
    }
}
