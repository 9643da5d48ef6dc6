package dev.heliograph.query.fleet;

import dev.heliograph.model.id.SiteId;
import dev.heliograph.model.id.TenantId;
import dev.heliograph.query.audit.AuditTrail;
import dev.heliograph.query.problem.Problems;
import dev.heliograph.query.security.Caller;
import dev.heliograph.query.security.RequiresRole;
import dev.heliograph.query.security.Role;
import dev.heliograph.query.system.Pipeline;
import dev.heliograph.query.web.TenantCache;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.springframework.http.ResponseEntity;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /fleet} and {@code /sites}. */
@RestController
@RequestMapping("/api/v1")
@Tag(name = "fleet", description = "The whole fleet at a glance, and its sites")
class FleetController {
    private static final Duration REFRESH = Duration.ofSeconds(1);

    private final JdbcFleet fleet;
    private final Pipeline pipeline;
    private final Freshness freshness;
    private final AuditTrail audit;
    private final TransactionTemplate transactions;
    private final Clock clock;
    private final TenantCache<FleetSummary> summaries;

    FleetController(
            JdbcFleet fleet,
            Pipeline pipeline,
            Freshness freshness,
            AuditTrail audit,
            TransactionTemplate transactions,
            Clock clock) {
        this.fleet = fleet;
        this.pipeline = pipeline;
        this.freshness = freshness;
        this.audit = audit;
        this.transactions = transactions;
        this.clock = clock;
        this.summaries = new TenantCache<>(clock, REFRESH, this::load);
    }

    /** All sites of the tenant, by id. */
    record Sites(List<Site> items) {}

    @GetMapping("/fleet/summary")
    @RequiresRole(Role.VIEWER)
    @Operation(operationId = "getFleetSummary", summary = "Presence, alerts, rates and sites; no older than a second")
    ResponseEntity<FleetSummary> summary(Caller caller) {
        FleetSummary summary = summaries.get(caller.tenant());
        ResponseEntity.BodyBuilder answer = ResponseEntity.ok();
        Instant through = summary.dataThrough();
        if (through != null) {
            answer.header("X-Data-Through", through.toString());
        }
        return answer.body(summary);
    }

    @GetMapping("/sites")
    @RequiresRole(Role.VIEWER)
    @Operation(operationId = "listSites", summary = "Every site")
    Sites sites(Caller caller) {
        return new Sites(fleet.sites(caller.tenant()));
    }

    @PutMapping("/sites/{id}")
    @RequiresRole(Role.ADMIN)
    @Operation(operationId = "putSite", summary = "Create or replace a site")
    Site put(Caller caller, @PathVariable SiteId id, @RequestBody SiteChange change) {
        change.check();
        transactions.executeWithoutResult(status -> {
            fleet.put(caller.tenant(), id, change);
            audit.record(caller.tenant(), caller, "site.put", id.value(), Map.of());
        });
        String name = change.name();
        if (name == null) {
            throw Problems.badBody("/name", "is required");
        }
        return new Site(id.value(), name, change.zone(), change.lat(), change.lon());
    }

    private FleetSummary load(TenantId tenant) {
        return new FleetSummary(
                clock.instant(),
                pipeline.now().orElse(null),
                fleet.presences(tenant),
                fleet.alerts(tenant),
                new FleetSummary.Rates(pipeline.readingsPerSecond(), pipeline.measurementsPerSecond()),
                freshness.now().orElse(null),
                fleet.summaries(tenant),
                fleet.attention(tenant));
    }
}
