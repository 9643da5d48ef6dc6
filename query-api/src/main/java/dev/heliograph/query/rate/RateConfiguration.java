package dev.heliograph.query.rate;

import dev.heliograph.query.problem.ProblemWriter;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;

/** Puts the limit behind the security filters, and before anything reads a body. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(RateSettings.class)
public class RateConfiguration {
    private static final int BEFORE_BODIES = Ordered.LOWEST_PRECEDENCE - 20;

    @Bean
    FilterRegistrationBean<RateLimitFilter> rateLimitFilter(
            ProblemWriter problems, RateSettings settings, MeterRegistry meters) {
        var filter = new FilterRegistrationBean<>(new RateLimitFilter(problems, settings, System::nanoTime, meters));
        filter.setOrder(BEFORE_BODIES);
        filter.setAsyncSupported(true);
        return filter;
    }
}
