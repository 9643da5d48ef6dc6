package dev.heliograph.query.quarantine;

import dev.heliograph.query.audit.AuditTrail;
import dev.heliograph.query.paging.Pages;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** Wires the quarantine. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ReplaySettings.class)
@Import(QuarantineController.class)
public class QuarantineConfiguration {
    @Bean
    JdbcQuarantine jdbcQuarantine(JdbcClient jdbc) {
        return new JdbcQuarantine(jdbc);
    }

    @Bean
    ReplayGateway replayGateway(ReplaySettings settings) {
        return new HttpReplayGateway(settings);
    }

    @Bean
    JdbcReplays jdbcReplays(JdbcClient jdbc) {
        return new JdbcReplays(jdbc);
    }

    @Bean
    Replay quarantineReplay(
            JdbcReplays rows, ReplayGateway gateway, AuditTrail audit, TransactionTemplate transactions) {
        return new Replay(rows, gateway, audit, transactions);
    }

    @Bean
    MatchingReplay matchingReplay(JdbcReplays rows, Replay replay, Pages pages, ReplaySettings settings) {
        return new MatchingReplay(rows, replay, pages, settings, System::nanoTime);
    }
}
