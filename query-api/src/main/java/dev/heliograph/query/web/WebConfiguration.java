package dev.heliograph.query.web;

import dev.heliograph.model.clock.AgreedClock;
import dev.heliograph.query.problem.BodyLimitFilter;
import dev.heliograph.query.problem.ErrorEndpoint;
import dev.heliograph.query.problem.ProblemAdvice;
import dev.heliograph.query.problem.ProblemValve;
import dev.heliograph.query.problem.ProblemWriter;
import dev.heliograph.query.problem.RequestIdFilter;
import dev.heliograph.query.security.Callers;
import dev.heliograph.query.security.RoleInterceptor;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import org.apache.catalina.core.StandardHost;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.format.FormatterRegistry;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import tools.jackson.databind.json.JsonMapper;

/** Filters, converters and JSON of the interface. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(LimitSettings.class)
@Import({ProblemAdvice.class, ErrorEndpoint.class})
public class WebConfiguration implements WebMvcConfigurer {
    private static final int SEND_BUFFER_BYTES = 262_144;
    private static final int BODY_LIMIT = Ordered.LOWEST_PRECEDENCE - 10;

    @Bean
    AgreedClock agreedClock(MeterRegistry meters) {
        AgreedClock clock = new AgreedClock(InstantSource.system(), System::nanoTime);
        Gauge.builder("heliograph.clock.skew.seconds", clock, AgreedClock::skewSeconds)
                .tag("part", "api")
                .description("How far the clock of this machine is ahead of Kafka's")
                .register(meters);
        return clock;
    }

    @Bean
    Clock clock(AgreedClock agreed) {
        return agreed.withZone(ZoneOffset.UTC);
    }

    @Bean
    JsonMapper jsonMapper() {
        return Json.strict();
    }

    @Bean
    Patches patches(JsonMapper json) {
        return new Patches(json);
    }

    @Bean
    ProblemWriter problemWriter(JsonMapper json) {
        return new ProblemWriter(json);
    }

    @Bean
    FilterRegistrationBean<RequestIdFilter> requestIdFilter(ProblemWriter problems, MeterRegistry meters) {
        var filter = new FilterRegistrationBean<>(new RequestIdFilter(problems, meters));
        filter.setOrder(Ordered.HIGHEST_PRECEDENCE);
        filter.setAsyncSupported(true);
        return filter;
    }

    // Behind the security filters: what nobody may send is not read at all.
    @Bean
    FilterRegistrationBean<BodyLimitFilter> bodyLimitFilter(ProblemWriter problems, LimitSettings limits) {
        var filter =
                new FilterRegistrationBean<>(new BodyLimitFilter(problems, limits.maxBodyBytes(), limits.bodyTime()));
        filter.setOrder(BODY_LIMIT);
        filter.setAsyncSupported(true);
        return filter;
    }

    /** What Tomcat itself answers is a problem as well, and says nothing about Tomcat. */
    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> silentTomcat() {
        return factory -> factory.addContextCustomizers(context -> {
            if (context.getParent() instanceof StandardHost host) {
                host.setErrorReportValveClass(ProblemValve.class.getName());
            }
        });
    }

    /** What the kernel buffers for one reader is bounded as well: a stalled one is noticed after this much, not after megabytes. */
    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> boundedSendBuffer() {
        return factory -> factory.addConnectorCustomizers(
                connector -> connector.setProperty("socket.txBufSize", Integer.toString(SEND_BUFFER_BYTES)));
    }

    @Override
    public void addFormatters(FormatterRegistry registry) {
        IdConverters.register(registry);
    }

    @Override
    public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
        resolvers.add(new Callers());
    }

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(new RoleInterceptor());
        registry.addInterceptor(new ParameterInterceptor());
    }
}
