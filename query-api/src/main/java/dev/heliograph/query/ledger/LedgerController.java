package dev.heliograph.query.ledger;

import dev.heliograph.model.id.DeviceId;
import dev.heliograph.query.data.TimeText;
import dev.heliograph.query.ledger.JdbcLedger.Range;
import dev.heliograph.query.paging.Pages;
import dev.heliograph.query.problem.Problems;
import dev.heliograph.query.security.Caller;
import dev.heliograph.query.security.RequiresRole;
import dev.heliograph.query.security.Role;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** {@code /ledger}. */
@RestController
@RequestMapping("/api/v1")
@Tag(name = "ledger", description = "Proof that nothing acknowledged is lost, and what devices never delivered")
class LedgerController {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration DEFAULT_RANGE = Duration.ofHours(1);

    private final JdbcLedger ledger;
    private final LedgerSettings settings;
    private final Pages pages;
    private final Clock clock;

    LedgerController(JdbcLedger ledger, LedgerSettings settings, Pages pages, Clock clock) {
        this.ledger = ledger;
        this.settings = settings;
        this.pages = pages;
        this.clock = clock;
    }

    @GetMapping("/ledger")
    @RequiresRole(Role.VIEWER)
    @Operation(
            operationId = "getLedger",
            summary =
                    "What was received by minute and what became of it, newest first; the last hour unless asked otherwise")
    LedgerAnswer ledger(
            Caller caller,
            @RequestParam(required = false) @Nullable String from,
            @RequestParam(required = false) @Nullable String to,
            @RequestParam(required = false) @Nullable String bucket,
            @RequestParam(required = false) @Nullable String limit,
            @RequestParam(required = false) @Nullable String cursor) {
        Range range = range(from, to);
        Duration length = bucket == null ? MINUTE : TimeText.bucket(bucket);
        if (!length.truncatedTo(ChronoUnit.MINUTES).equals(length)) {
            throw Problems.badParameter("bucket", "must be a multiple of 1m");
        }
        int size = pages.size(limit);
        String query = "ledger|" + from + "|" + to + "|" + length;
        List<@Nullable String> after = pages.after(caller.tenant(), query, cursor, 3);
        if (after != null) {
            // now has moved on since the first page; the pages of one answer are of one range.
            range = new Range(Instant.parse(String.valueOf(after.get(0))), Instant.parse(String.valueOf(after.get(1))));
        }
        @Nullable Instant before = after == null ? null : Instant.parse(String.valueOf(after.get(2)));
        List<LedgerAnswer.Item> found = ledger.buckets(caller.tenant(), range, length, size + 1, before);
        List<LedgerAnswer.Item> shown = found.subList(0, Math.min(size, found.size()));
        String next = found.size() > size
                ? pages.next(
                        caller.tenant(),
                        query,
                        range.from().toString(),
                        range.to().toString(),
                        shown.getLast().start().toString())
                : null;
        return new LedgerAnswer(
                range.from(),
                range.to(),
                TimeText.of(length),
                settings.inFlightBound().toSeconds(),
                ledger.totals(caller.tenant(), range),
                shown,
                next,
                ledger.imbalances(caller.tenant(), range));
    }

    @GetMapping("/ledger/gaps")
    @RequiresRole(Role.VIEWER)
    @Operation(
            operationId = "listSequenceGaps",
            summary = "Devices whose sequence numbers have gaps: readings that were made and never came")
    GapsPage gaps(
            Caller caller,
            @RequestParam(required = false) @Nullable DeviceId device,
            @RequestParam(required = false) @Nullable String limit,
            @RequestParam(required = false) @Nullable String cursor) {
        int size = pages.size(limit);
        String query = "gaps|" + device;
        List<@Nullable String> after = pages.after(caller.tenant(), query, cursor, 1);
        List<GapsPage.Item> found =
                ledger.gaps(caller.tenant(), device, size + 1, after == null ? null : after.getFirst());
        List<GapsPage.Item> shown = found.subList(0, Math.min(size, found.size()));
        return new GapsPage(
                shown,
                found.size() > size
                        ? pages.next(caller.tenant(), query, shown.getLast().device())
                        : null);
    }

    private Range range(@Nullable String from, @Nullable String to) {
        Instant now = clock.instant();
        Instant end = TimeText.instant("to", to == null ? "now" : to, now);
        Instant start = from == null ? end.minus(DEFAULT_RANGE) : TimeText.instant("from", from, now);
        if (!start.isBefore(end)) {
            throw Problems.badParameter("from", "must be before to");
        }
        Instant wholeEnd = end.truncatedTo(ChronoUnit.MINUTES);
        Range range = new Range(
                start.truncatedTo(ChronoUnit.MINUTES), wholeEnd.equals(end) ? wholeEnd : wholeEnd.plus(MINUTE));
        if (Duration.between(range.from(), range.to())
                        .compareTo(settings.maxRange().plus(MINUTE))
                > 0) {
            throw Problems.overLimit(
                    "A range of the ledger may be " + settings.maxRange().toDays() + " days long.");
        }
        return range;
    }
}
