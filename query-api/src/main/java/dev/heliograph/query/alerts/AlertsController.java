package dev.heliograph.query.alerts;

import dev.heliograph.model.id.DeviceId;
import dev.heliograph.query.audit.AuditTrail;
import dev.heliograph.query.idempotency.Repeatable;
import dev.heliograph.query.paging.Pages;
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
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** {@code /alerts}. */
@RestController
@RequestMapping("/api/v1")
@Tag(name = "alerts", description = "Alerts, what led to them, and who has seen them")
class AlertsController {
    private static final int MAX_COMMENT = 2_000;

    private final JdbcAlerts alerts;
    private final AuditTrail audit;
    private final TransactionTemplate transactions;
    private final Pages pages;

    AlertsController(JdbcAlerts alerts, AuditTrail audit, TransactionTemplate transactions, Pages pages) {
        this.alerts = alerts;
        this.audit = audit;
        this.transactions = transactions;
        this.pages = pages;
    }

    /**
     * That the caller has seen it.
     *
     * @param comment at most 2,000 characters
     */
    record Acknowledgement(@Nullable String comment) {}

    @GetMapping("/alerts")
    @RequiresRole(Role.VIEWER)
    @Operation(operationId = "listAlerts", summary = "Alerts, newest first; open ones unless the state says otherwise")
    AlertPage list(
            Caller caller,
            @RequestParam(required = false) @Nullable String state,
            @RequestParam(required = false) @Nullable String severity,
            @RequestParam(required = false) @Nullable DeviceId device,
            @RequestParam(required = false) @Nullable UUID rule,
            @RequestParam(required = false) @Nullable String acknowledged,
            @RequestParam(required = false) @Nullable String limit,
            @RequestParam(required = false) @Nullable String cursor) {
        AlertFilter filter = AlertFilter.of(state, severity, device, rule, acknowledged);
        int size = pages.size(limit);
        String query = "alerts|" + filter;
        List<@Nullable String> after = pages.after(caller.tenant(), query, cursor, 2);
        List<Alert> found = alerts.page(caller.tenant(), filter, size + 1, after);
        List<Alert> shown = found.subList(0, Math.min(size, found.size()));
        String next = found.size() > size
                ? pages.next(
                        caller.tenant(),
                        query,
                        shown.getLast().pendingSince().toString(),
                        shown.getLast().id().toString())
                : null;
        AlertPage.Counts counts = alerts.counts(caller.tenant(), filter, pages.counted());
        return new AlertPage(
                shown.stream().map(alert -> allowed(alert, caller)).toList(),
                next,
                Math.min(counts.all(), pages.counted()),
                counts.all() <= pages.counted(),
                counts);
    }

    @GetMapping("/alerts/{id}")
    @RequiresRole(Role.VIEWER)
    @Operation(operationId = "getAlert", summary = "One alert with every step")
    Alert get(Caller caller, @PathVariable UUID id) {
        return detail(caller, id);
    }

    @PostMapping("/alerts/{id}:acknowledge")
    @Repeatable
    @RequiresRole(Role.OPERATOR)
    @Operation(operationId = "acknowledgeAlert", summary = "Say that somebody has seen it; twice is the same as once")
    Alert acknowledge(
            Caller caller,
            @PathVariable UUID id,
            @RequestBody(required = false) @Nullable Acknowledgement acknowledgement) {
        String comment = acknowledgement == null ? null : acknowledgement.comment();
        List<Fault> faults = new ArrayList<>();
        Text.optional(comment == null ? null : comment.replace('\n', ' '), "/comment", MAX_COMMENT, faults);
        if (!faults.isEmpty()) {
            throw Problems.badBody(faults);
        }
        transactions.executeWithoutResult(status -> {
            if (alerts.acknowledge(caller.tenant(), id, caller.name(), comment)) {
                audit.record(caller.tenant(), caller, "alert.acknowledge", id.toString(), Map.of());
            }
        });
        Alert alert = detail(caller, id);
        if (alert.acknowledged() == null) {
            throw Problems.conflict("The alert is resolved.");
        }
        return alert;
    }

    private Alert detail(Caller caller, UUID id) {
        Alert alert = alerts.find(caller.tenant(), id).orElseThrow(Problems::notFound);
        return withTransitions(allowed(alert, caller), alerts.transitions(caller.tenant(), id));
    }

    private static Alert allowed(Alert alert, Caller caller) {
        boolean may = alert.acknowledged() == null
                && !alert.state().equals("resolved")
                && caller.role().includes(Role.OPERATOR);
        return copy(alert, may ? List.of("acknowledge") : List.of(), null);
    }

    private static Alert withTransitions(Alert alert, List<Alert.Transition> transitions) {
        return copy(alert, alert.allowedActions(), transitions);
    }

    private static Alert copy(Alert a, List<String> actions, @Nullable List<Alert.Transition> transitions) {
        return new Alert(
                a.id(),
                a.device(),
                a.site(),
                a.metric(),
                a.ruleId(),
                a.ruleName(),
                a.ruleVersion(),
                a.kind(),
                a.severity(),
                a.state(),
                a.pendingSince(),
                a.firingSince(),
                a.resolvedAt(),
                a.value(),
                a.threshold(),
                a.explanation(),
                a.acknowledged(),
                a.comment(),
                actions,
                transitions);
    }
}
