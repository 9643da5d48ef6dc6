package dev.heliograph.query.rules;

import dev.heliograph.model.id.TenantId;
import dev.heliograph.model.wire.RuleRecord;
import dev.heliograph.model.wire.Topics;
import dev.heliograph.query.audit.AuditTrail;
import dev.heliograph.query.outbox.Outbox;
import dev.heliograph.query.outbox.OutboxRelay;
import dev.heliograph.query.problem.Problems;
import dev.heliograph.query.security.Caller;
import dev.heliograph.query.web.Etags;
import dev.heliograph.query.web.LimitSettings;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionTemplate;

/** Changes rules: row, audit and the record to publish in one transaction; the relay publishes after it. */
public final class RuleBook {
    private final JdbcRules rules;
    private final Outbox outbox;
    private final OutboxRelay relay;
    private final AuditTrail audit;
    private final TransactionTemplate transactions;
    private final LimitSettings limits;

    RuleBook(
            JdbcRules rules,
            Outbox outbox,
            OutboxRelay relay,
            AuditTrail audit,
            TransactionTemplate transactions,
            LimitSettings limits) {
        this.rules = rules;
        this.outbox = outbox;
        this.relay = relay;
        this.audit = audit;
        this.transactions = transactions;
        this.limits = limits;
    }

    UUID create(Caller caller, RuleDraft draft) {
        UUID id = UUID.randomUUID();
        RuleRecord rule = draft.toRecord(caller.tenant(), id, 1);
        transactions.executeWithoutResult(status -> {
            if (rules.count(caller.tenant()) >= limits.maxRules()) {
                throw Problems.overLimit("A tenant may have " + limits.maxRules() + " rules.");
            }
            rules.insert(caller.tenant(), rule, caller.name());
            published(caller, rule, "rule.create");
        });
        relay.wake();
        return id;
    }

    void replace(Caller caller, UUID id, RuleDraft draft, @Nullable String ifMatch) {
        draft.toRecord(
                caller.tenant(), id, 1); // what is wrong with the body comes before what is wrong with the version
        transactions.executeWithoutResult(status -> {
            int version = existing(caller.tenant(), id);
            Etags.require(ifMatch, version);
            RuleRecord rule = draft.toRecord(caller.tenant(), id, version + 1);
            rules.update(caller.tenant(), rule, caller.name());
            published(caller, rule, "rule.update");
        });
        relay.wake();
    }

    void delete(Caller caller, UUID id, @Nullable String ifMatch) {
        transactions.executeWithoutResult(status -> {
            int version = existing(caller.tenant(), id);
            Etags.requireIfGiven(ifMatch, version);
            rules.delete(caller.tenant(), id);
            outbox.add(caller.tenant(), Topics.RULES, id.toString(), null);
            audit.record(caller.tenant(), caller, "rule.delete", id.toString(), Map.of("version", version));
        });
        relay.wake();
    }

    private int existing(TenantId tenant, UUID id) {
        return rules.lock(tenant, id).orElseThrow(Problems::notFound);
    }

    private void published(Caller caller, RuleRecord rule, String action) {
        outbox.add(caller.tenant(), Topics.RULES, rule.id(), RuleRecord.CODEC.encode(rule));
        audit.record(
                caller.tenant(),
                caller,
                action,
                rule.id(),
                Map.of("version", rule.version(), "name", rule.name(), "enabled", rule.enabled()));
    }
}
