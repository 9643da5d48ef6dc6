package dev.heliograph.query.fleet;

import dev.heliograph.model.id.SiteId;
import dev.heliograph.query.audit.AuditTrail;
import dev.heliograph.query.problem.Problems;
import dev.heliograph.query.security.Caller;
import dev.heliograph.query.web.Etags;
import dev.heliograph.query.web.Patches;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;

/** Reads and changes sites; row and audit are one transaction. Nothing is published: a device's record names its site. */
final class Sites {
    private final JdbcFleet fleet;
    private final AuditTrail audit;
    private final TransactionTemplate transactions;
    private final Patches patches;

    Sites(JdbcFleet fleet, AuditTrail audit, TransactionTemplate transactions, Patches patches) {
        this.fleet = fleet;
        this.audit = audit;
        this.transactions = transactions;
        this.patches = patches;
    }

    Site get(Caller caller, SiteId id) {
        return fleet.site(caller.tenant(), id).orElseThrow(Problems::notFound);
    }

    /** Creates or replaces; with a version only that one. */
    Site put(Caller caller, SiteId id, SiteChange change, @Nullable String ifMatch) {
        change.check();
        transactions.executeWithoutResult(status -> {
            Optional<Site> known = fleet.lock(caller.tenant(), id);
            Etags.requireIfGiven(ifMatch, known.map(Site::version).orElse(0L));
            fleet.put(caller.tenant(), id, change);
            audit.record(caller.tenant(), caller, "site.put", id.value(), Map.of());
        });
        return get(caller, id);
    }

    /** Changes what a merge patch names; needs the version that the caller saw. */
    Site patch(Caller caller, SiteId id, JsonNode patch, @Nullable String ifMatch) {
        transactions.executeWithoutResult(status -> {
            Site known = fleet.lock(caller.tenant(), id).orElseThrow(Problems::notFound);
            Etags.require(ifMatch, known.version());
            SiteChange change = patches.apply(
                    new SiteChange(known.name(), known.timezone(), known.lat(), known.lon()), patch, SiteChange.class);
            change.check();
            fleet.put(caller.tenant(), id, change);
            audit.record(
                    caller.tenant(),
                    caller,
                    "site.patch",
                    id.value(),
                    Map.of("fields", patch.propertyNames().stream().sorted().toList()));
        });
        return get(caller, id);
    }
}
