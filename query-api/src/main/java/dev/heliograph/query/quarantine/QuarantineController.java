package dev.heliograph.query.quarantine;

import dev.heliograph.model.id.DeviceId;
import dev.heliograph.model.wire.ReplayRequest;
import dev.heliograph.query.idempotency.Repeatable;
import dev.heliograph.query.paging.Pages;
import dev.heliograph.query.problem.Problems;
import dev.heliograph.query.quarantine.Matching.MatchFilter;
import dev.heliograph.query.quarantine.Matching.MatchOrder;
import dev.heliograph.query.quarantine.Matching.MatchPreview;
import dev.heliograph.query.quarantine.Matching.MatchProgress;
import dev.heliograph.query.security.Caller;
import dev.heliograph.query.security.RequiresRole;
import dev.heliograph.query.security.Role;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** {@code /quarantine}. */
@RestController
@RequestMapping("/api/v1")
@Tag(name = "quarantine", description = "Input that was refused, and why")
class QuarantineController {
    private final JdbcQuarantine quarantine;
    private final Replay replay;
    private final MatchingReplay matching;
    private final Pages pages;
    private final Clock clock;

    QuarantineController(JdbcQuarantine quarantine, Replay replay, MatchingReplay matching, Pages pages, Clock clock) {
        this.quarantine = quarantine;
        this.replay = replay;
        this.matching = matching;
        this.pages = pages;
        this.clock = clock;
    }

    /**
     * Rows of the quarantine.
     *
     * @param ids at most 100
     */
    record Selection(@Nullable List<UUID> ids) {}

    @GetMapping("/quarantine")
    @RequiresRole(Role.VIEWER)
    @Operation(operationId = "listQuarantine", summary = "Refused messages, newest first")
    QuarantinePage list(
            Caller caller,
            @RequestParam(required = false) @Nullable String reason,
            @RequestParam(required = false) @Nullable DeviceId device,
            @RequestParam(required = false) @Nullable String transport,
            @RequestParam(required = false) @Nullable String from,
            @RequestParam(required = false) @Nullable String to,
            @RequestParam(required = false) @Nullable String replayed,
            @RequestParam(required = false) @Nullable String limit,
            @RequestParam(required = false) @Nullable String cursor) {
        QuarantineFilter filter = QuarantineFilter.of(reason, device, transport, from, to, replayed, clock.instant());
        int size = pages.size(limit);
        String query = String.join(
                "|",
                "quarantine",
                String.valueOf(reason),
                String.valueOf(device),
                String.valueOf(transport),
                String.valueOf(from),
                String.valueOf(to),
                String.valueOf(replayed));
        List<@Nullable String> after = pages.after(caller.tenant(), query, cursor, 2);
        List<QuarantinePage.Item> found = quarantine.page(caller.tenant(), filter, size + 1, after);
        List<QuarantinePage.Item> shown = found.subList(0, Math.min(size, found.size()));
        String next = found.size() > size
                ? pages.next(
                        caller.tenant(),
                        query,
                        shown.getLast().receivedAt().toString(),
                        shown.getLast().id().toString())
                : null;
        long total = quarantine.count(caller.tenant(), filter, pages.counted());
        return new QuarantinePage(
                shown,
                next,
                Math.min(total, pages.counted()),
                total <= pages.counted(),
                quarantine.lastDay(caller.tenant()));
    }

    @PostMapping("/quarantine:preview")
    @RequiresRole(Role.OPERATOR)
    @Operation(
            operationId = "previewReplay",
            summary = "What would come of replaying these messages now; changes nothing")
    ReplayResults preview(Caller caller, @RequestBody Selection selection) {
        return replay.run(caller, ids(selection), true);
    }

    @PostMapping("/quarantine:replay")
    @Repeatable
    @RequiresRole(Role.OPERATOR)
    @Operation(
            operationId = "replayQuarantine",
            summary = "Take these messages again, as if they came now; what was accepted before is not taken twice")
    ReplayResults replay(Caller caller, @RequestBody Selection selection) {
        return replay.run(caller, ids(selection), false);
    }

    @PostMapping("/quarantine:previewMatching")
    @RequiresRole(Role.OPERATOR)
    @Operation(
            operationId = "previewMatchingReplay",
            summary =
                    "How many messages of a filter would be replayed, and what would come of the first; changes nothing")
    MatchPreview previewMatching(Caller caller, @RequestBody MatchFilter filter) {
        Instant now = clock.instant();
        return matching.preview(caller, filter.checked(now), now);
    }

    @PostMapping("/quarantine:replayMatching")
    @Repeatable
    @RequiresRole(Role.OPERATOR)
    @Operation(
            operationId = "replayMatchingQuarantine",
            summary =
                    "Take a page of the previewed messages again, oldest first; until nextCursor is null, send that for the next "
                            + "page. What was accepted before is not taken twice")
    MatchProgress replayMatching(Caller caller, @RequestBody MatchOrder order) {
        if (order.cursor() == null) {
            throw Problems.badBody("/cursor", "is required: the cursor of a preview");
        }
        return matching.next(caller, order.cursor());
    }

    private static LinkedHashSet<UUID> ids(Selection selection) {
        List<UUID> ids = selection.ids();
        if (ids == null || ids.isEmpty() || ids.stream().anyMatch(Objects::isNull)) {
            throw Problems.badBody("/ids", "must name at least one row");
        }
        if (ids.size() > ReplayRequest.MOST_MESSAGES) {
            throw Problems.overLimit("A replay may name " + ReplayRequest.MOST_MESSAGES + " rows.");
        }
        return new LinkedHashSet<>(ids);
    }
}
