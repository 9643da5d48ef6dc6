package dev.heliograph.query.idempotency;

import dev.heliograph.query.problem.ProblemWriter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.json.JsonMapper;

/** Puts the keys behind the limit of bodies. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(IdempotencySettings.class)
public class IdempotencyConfiguration {
    @Bean
    Idempotency idempotency(
            JdbcClient jdbc, IdempotencySettings settings, JsonMapper json, Clock clock, MeterRegistry meters) {
        return new Idempotency(new JdbcIdempotency(jdbc), settings, json, clock, meters);
    }

    @Bean
    IdempotencySweep idempotencySweep(JdbcClient jdbc, IdempotencySettings settings, Clock clock) {
        return new IdempotencySweep(jdbc, settings, clock);
    }

    @Bean
    FilterRegistrationBean<IdempotencyFilter> idempotencyFilter(
            Idempotency idempotency,
            @Qualifier("requestMappingHandlerMapping") RequestMappingHandlerMapping operations,
            ProblemWriter problems) {
        var filter = new FilterRegistrationBean<>(new IdempotencyFilter(idempotency, operations, problems));
        // The last one: what it reads is bounded by those before it.
        filter.setOrder(Ordered.LOWEST_PRECEDENCE);
        return filter;
    }
}
