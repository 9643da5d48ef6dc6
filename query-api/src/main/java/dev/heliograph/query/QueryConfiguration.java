package dev.heliograph.query;

import dev.heliograph.query.audit.AuditTrail;
import dev.heliograph.query.database.DatabaseConfiguration;
import dev.heliograph.query.idempotency.IdempotencyConfiguration;
import dev.heliograph.query.outbox.OutboxConfiguration;
import dev.heliograph.query.paging.CursorSettings;
import dev.heliograph.query.paging.CursorSigner;
import dev.heliograph.query.paging.Pages;
import dev.heliograph.query.rate.RateConfiguration;
import dev.heliograph.query.search.SearchConfiguration;
import dev.heliograph.query.security.SecurityConfiguration;
import dev.heliograph.query.web.LimitSettings;
import dev.heliograph.query.web.WebConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/** What every feature uses. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(CursorSettings.class)
@Import({
    WebConfiguration.class,
    SecurityConfiguration.class,
    RateConfiguration.class,
    IdempotencyConfiguration.class,
    DatabaseConfiguration.class,
    OutboxConfiguration.class,
    SearchConfiguration.class
})
class QueryConfiguration {
    @Bean
    CursorSigner cursorSigner(CursorSettings settings) {
        return new CursorSigner(settings);
    }

    @Bean
    Pages pages(CursorSigner signer, JsonMapper json, LimitSettings limits) {
        return new Pages(signer, json, limits);
    }

    @Bean
    AuditTrail auditTrail(JdbcClient jdbc, JsonMapper json) {
        return new AuditTrail(jdbc, json);
    }
}
