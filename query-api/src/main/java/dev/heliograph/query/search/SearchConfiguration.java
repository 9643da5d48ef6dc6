package dev.heliograph.query.search;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires searches. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(SearchLimits.class)
public class SearchConfiguration {
    @Bean
    Searches searches(SearchLimits limits) {
        return new Searches(limits);
    }
}
