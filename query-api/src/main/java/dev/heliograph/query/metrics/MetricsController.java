package dev.heliograph.query.metrics;

import dev.heliograph.model.id.MetricName;
import dev.heliograph.query.audit.AuditTrail;
import dev.heliograph.query.problem.ProblemException.Fault;
import dev.heliograph.query.problem.Problems;
import dev.heliograph.query.security.Caller;
import dev.heliograph.query.security.RequiresRole;
import dev.heliograph.query.security.Role;
import dev.heliograph.query.web.Text;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /metrics}: the catalogue, not the numbers of this service. */
@RestController
@RequestMapping("/api/v1")
@Tag(name = "metrics", description = "What is measured, in which unit")
class MetricsController {
    private static final Set<String> KINDS = Set.of("number", "boolean", "state");
    private static final int MAX_UNIT = 32;
    private static final int MAX_DESCRIPTION = 1_000;

    private final JdbcMetrics metrics;
    private final AuditTrail audit;
    private final TransactionTemplate transactions;

    MetricsController(JdbcMetrics metrics, AuditTrail audit, TransactionTemplate transactions) {
        this.metrics = metrics;
        this.audit = audit;
        this.transactions = transactions;
    }

    /**
     * What is said about a metric.
     *
     * @param kind {@code number}, {@code boolean} or {@code state}; kept where it is absent
     */
    record MetricChange(
            @Nullable String unit,
            @Nullable String description,
            @Nullable String kind) {}

    /** All metrics of the tenant, by name. */
    record Catalogue(List<Metric> items) {}

    @GetMapping("/metrics")
    @RequiresRole(Role.VIEWER)
    @Operation(
            operationId = "listMetrics",
            summary = "Every metric with unit, kind, number of series, and the range of what was stored")
    Catalogue list(Caller caller) {
        return new Catalogue(metrics.list(caller.tenant()));
    }

    @PutMapping("/metrics/{name}")
    @RequiresRole(Role.ADMIN)
    @Operation(operationId = "putMetric", summary = "Set unit and description of a metric")
    Metric put(Caller caller, @PathVariable MetricName name, @RequestBody MetricChange change) {
        List<Fault> faults = new ArrayList<>();
        Text.optional(change.unit(), "/unit", MAX_UNIT, faults);
        Text.optional(change.description(), "/description", MAX_DESCRIPTION, faults);
        String kind = change.kind();
        if (kind != null && !KINDS.contains(kind)) {
            faults.add(new Fault("/kind", "must be number, boolean or state"));
        }
        if (!faults.isEmpty()) {
            throw Problems.badBody(faults);
        }
        transactions.executeWithoutResult(status -> {
            metrics.put(caller.tenant(), name, change.unit(), change.description(), kind);
            audit.record(caller.tenant(), caller, "metric.update", name.value(), Map.of());
        });
        return metrics.find(caller.tenant(), name).orElseThrow(Problems::notFound);
    }
}
