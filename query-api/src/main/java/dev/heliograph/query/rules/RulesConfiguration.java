package dev.heliograph.query.rules;

import dev.heliograph.query.audit.AuditTrail;
import dev.heliograph.query.outbox.Outbox;
import dev.heliograph.query.outbox.OutboxRelay;
import dev.heliograph.query.web.LimitSettings;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** Wires the rules. */
@Configuration(proxyBeanMethods = false)
@Import(RulesController.class)
public class RulesConfiguration {
    @Bean
    JdbcRules jdbcRules(JdbcClient jdbc) {
        return new JdbcRules(jdbc);
    }

    @Bean
    RuleBook ruleBook(
            JdbcRules rules,
            Outbox outbox,
            OutboxRelay relay,
            AuditTrail audit,
            TransactionTemplate transactions,
            LimitSettings limits) {
        return new RuleBook(rules, outbox, relay, audit, transactions, limits);
    }
}
