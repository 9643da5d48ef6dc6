package dev.heliograph.query.fleet;

import dev.heliograph.model.id.SiteId;
import dev.heliograph.model.id.TenantId;
import dev.heliograph.query.devices.FleetSettings;
import dev.heliograph.query.security.Caller;
import dev.heliograph.query.security.RequiresRole;
import dev.heliograph.query.security.Role;
import dev.heliograph.query.system.Pipeline;
import dev.heliograph.query.web.Etags;
import dev.heliograph.query.web.MergePatch;
import dev.heliograph.query.web.TenantCache;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** {@code /fleet} and {@code /sites}. */
@RestController
@RequestMapping("/api/v1")
@Tag(name = "fleet", description = "The whole fleet at a glance, and its sites")
class FleetController {
    private final JdbcFleet fleet;
    private final FleetCounts counts;
    private final Pipeline pipeline;
    private final Freshness freshness;
    private final Sites sites;
    private final Clock clock;
    private final TenantCache<FleetSummary> summaries;

    FleetController(
            JdbcFleet fleet,
            FleetCounts counts,
            FleetSettings settings,
            Pipeline pipeline,
            Freshness freshness,
            Sites sites,
            Clock clock) {
        this.fleet = fleet;
        this.counts = counts;
        this.pipeline = pipeline;
        this.freshness = freshness;
        this.sites = sites;
        this.clock = clock;
        this.summaries = new TenantCache<>(clock, settings.refresh(), this::load);
    }

    /** All sites of the tenant, by id. */
    @Schema(name = "Sites")
    record SiteList(List<Site> items) {}

    @GetMapping("/fleet/summary")
    @RequiresRole(Role.VIEWER)
    @Operation(operationId = "getFleetSummary", summary = "Presence, alerts, rates and sites, as of a moment ago")
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
    SiteList sites(Caller caller) {
        return new SiteList(fleet.sites(caller.tenant()));
    }

    @GetMapping("/sites/{id}")
    @RequiresRole(Role.VIEWER)
    @Operation(operationId = "getSite", summary = "One site")
    ResponseEntity<Site> site(Caller caller, @PathVariable SiteId id) {
        return answer(sites.get(caller, id));
    }

    @PutMapping("/sites/{id}")
    @RequiresRole(Role.ADMIN)
    @Operation(
            operationId = "putSite",
            summary = "Create or replace a site; where If-Match is given, only the version that it names")
    ResponseEntity<Site> put(
            Caller caller,
            @PathVariable SiteId id,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @RequestBody SiteChange change) {
        return answer(sites.put(caller, id, change, ifMatch));
    }

    @PatchMapping(
            path = "/sites/{id}",
            consumes = {MergePatch.MEDIA_TYPE, MediaType.APPLICATION_JSON_VALUE})
    @RequiresRole(Role.ADMIN)
    @Operation(
            operationId = "patchSite",
            summary = "Change some fields of a site by JSON Merge Patch (RFC 7396); null clears; needs If-Match")
    ResponseEntity<Site> patch(
            Caller caller,
            @PathVariable SiteId id,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            required = true,
                            content = @Content(schema = @Schema(implementation = SiteChange.class)))
                    @RequestBody
                    JsonNode patch) {
        return answer(sites.patch(caller, id, patch, ifMatch));
    }

    private static ResponseEntity<Site> answer(Site site) {
        return ResponseEntity.ok().eTag(Etags.of(site.version())).body(site);
    }

    private FleetSummary load(TenantId tenant) {
        Instant now = clock.instant();
        Instant countedUntil = counts.count(tenant).orElse(now);
        return new FleetSummary(
                now,
                countedUntil,
                pipeline.now().orElse(null),
                fleet.presences(tenant),
                fleet.alerts(tenant),
                new FleetSummary.Rates(pipeline.readingsPerSecond(), pipeline.measurementsPerSecond()),
                freshness.now().orElse(null),
                fleet.summaries(tenant),
                fleet.attention(tenant));
    }
}
