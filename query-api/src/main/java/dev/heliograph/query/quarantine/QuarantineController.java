package dev.heliograph.query.quarantine;

import dev.heliograph.model.id.DeviceId;
import dev.heliograph.query.paging.Pages;
import dev.heliograph.query.problem.Problems;
import dev.heliograph.query.security.Caller;
import dev.heliograph.query.security.RequiresRole;
import dev.heliograph.query.security.Role;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** {@code /quarantine}. */
@RestController
@RequestMapping("/api/v1")
@Tag(name = "quarantine", description = "Input that was refused, and why")
class QuarantineController {
    private static final Pattern REASON = Pattern.compile("[A-Z][A-Z0-9_]{0,63}");

    private final JdbcQuarantine quarantine;
    private final Pages pages;

    QuarantineController(JdbcQuarantine quarantine, Pages pages) {
        this.quarantine = quarantine;
        this.pages = pages;
    }

    @GetMapping("/quarantine")
    @RequiresRole(Role.VIEWER)
    @Operation(operationId = "listQuarantine", summary = "Refused messages, newest first")
    QuarantinePage list(
            Caller caller,
            @RequestParam(required = false) @Nullable String reason,
            @RequestParam(required = false) @Nullable DeviceId device,
            @RequestParam(required = false) @Nullable String limit,
            @RequestParam(required = false) @Nullable String cursor) {
        if (reason != null && !REASON.matcher(reason).matches()) {
            throw Problems.badParameter("reason", "must be a reason such as JSON");
        }
        int size = pages.size(limit);
        String query = "quarantine|" + reason + "|" + device;
        List<@Nullable String> after = pages.after(caller.tenant(), query, cursor, 2);
        List<QuarantinePage.Item> found = quarantine.page(caller.tenant(), reason, device, size + 1, after);
        List<QuarantinePage.Item> shown = found.subList(0, Math.min(size, found.size()));
        String next = found.size() > size
                ? pages.next(
                        caller.tenant(),
                        query,
                        shown.getLast().receivedAt().toString(),
                        shown.getLast().id().toString())
                : null;
        long total = quarantine.count(caller.tenant(), reason, device, pages.counted());
        return new QuarantinePage(
                shown,
                next,
                Math.min(total, pages.counted()),
                total <= pages.counted(),
                quarantine.lastDay(caller.tenant()));
    }
}
