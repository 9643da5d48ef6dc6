package dev.heliograph.query.system;

import dev.heliograph.query.data.RetentionTimes;
import dev.heliograph.query.quarantine.JdbcQuarantine;
import dev.heliograph.query.security.Caller;
import dev.heliograph.query.security.RequiresRole;
import dev.heliograph.query.security.Role;
import dev.heliograph.query.web.TenantCache;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /system}. */
@RestController
@RequestMapping("/api/v1")
@Tag(name = "system", description = "How the platform itself is")
class SystemController {
    private static final Duration REFRESH = Duration.ofSeconds(10);

    private record OfTenant(List<SystemReport.Refused> refused, JdbcSpan.Span span) {}

    private final Pipeline pipeline;
    private final StoreProbe store;
    private final RetentionTimes retention;
    private final TenantCache<OfTenant> ofTenants;
    private final Clock clock;
    private final Version version;

    SystemController(
            Pipeline pipeline,
            StoreProbe store,
            JdbcQuarantine quarantine,
            JdbcSpan spans,
            RetentionTimes retention,
            Clock clock,
            Version version) {
        this.pipeline = pipeline;
        this.store = store;
        this.retention = retention;
        this.clock = clock;
        this.version = version;
        this.ofTenants = new TenantCache<>(
                clock,
                REFRESH,
                tenant -> new OfTenant(
                        quarantine.lastDay(tenant).entrySet().stream()
                                .map(entry -> new SystemReport.Refused(entry.getKey(), entry.getValue()))
                                .toList(),
                        spans.of(tenant)));
    }

    @GetMapping("/system")
    @RequiresRole(Role.VIEWER)
    @Operation(operationId = "getSystem", summary = "Stages, lag, refused input and store; no older than ten seconds")
    SystemReport system(Caller caller) {
        OfTenant own = ofTenants.get(caller.tenant());
        StoreProbe.Size size = store.size();
        StoreProbe.Contents contents = store.contents();
        return new SystemReport(
                version.text(),
                clock.instant(),
                pipeline.stages(),
                own.refused(),
                new SystemReport.Store(
                        size == null ? null : size.measurements(),
                        size == null ? null : size.bytes(),
                        own.span().oldest(),
                        own.span().newest(),
                        size == null ? null : size.timescale(),
                        contents == null ? null : contents.product(),
                        contents == null ? null : contents.schema(),
                        contents == null
                                ? List.of()
                                : StoreClasses.of(contents.tables(), retention.of(caller.tenant()))));
    }
}
