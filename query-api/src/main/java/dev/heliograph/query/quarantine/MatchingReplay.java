package dev.heliograph.query.quarantine;

import dev.heliograph.model.wire.ReplayRequest;
import dev.heliograph.query.paging.Pages;
import dev.heliograph.query.problem.Problems;
import dev.heliograph.query.quarantine.JdbcReplays.Kept;
import dev.heliograph.query.quarantine.JdbcReplays.Matched;
import dev.heliograph.query.quarantine.JdbcReplays.Place;
import dev.heliograph.query.quarantine.Matching.MatchPreview;
import dev.heliograph.query.quarantine.Matching.MatchProgress;
import dev.heliograph.query.security.Caller;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Replays all that a filter finds: first what that would be, then page by page, oldest first. The cursor carries the filter,
 * its times as they were at the preview and the place reached, so that nothing is kept of a run here: whoever has the cursor
 * goes on with it, at any instance, after a pause or a failure. What comes into the quarantine meanwhile is left aside; what is
 * refused again is passed once.
 */
final class MatchingReplay {
    private static final String QUERY = "quarantine:replayMatching";
    private static final int KEYS = QuarantineFilter.TEXTS + 2;

    private final JdbcReplays rows;
    private final Replay replay;
    private final Pages pages;
    private final ReplaySettings settings;
    private final LongSupplier nanos;

    /** @param nanos a clock that only goes forward, ns */
    MatchingReplay(JdbcReplays rows, Replay replay, Pages pages, ReplaySettings settings, LongSupplier nanos) {
        this.rows = rows;
        this.replay = replay;
        this.pages = pages;
        this.settings = settings;
        this.nanos = nanos;
    }

    /** What replaying all of a filter would mean, as of now; changes nothing. */
    MatchPreview preview(Caller caller, QuarantineFilter asked, Instant now) {
        QuarantineFilter filter = asked.until(now);
        Instant end = filter.to();
        Map<String, Matched> matched = rows.matched(caller.tenant(), filter, pages.counted() + 1);
        long found = matched.values().stream().mapToLong(Matched::rows).sum();
        List<Kept> first = rows.next(caller.tenant(), filter, Place.START, ReplayRequest.MOST_MESSAGES);
        ReplayTally sample = new ReplayTally();
        if (!first.isEmpty()) {
            try {
                sample.add(replay.ask(first, true));
            } catch (ReplayGateway.Away away) {
                throw Replay.unavailable(away);
            }
        }
        return new MatchPreview(
                Math.min(found, pages.counted()),
                found <= pages.counted(),
                matched.values().stream().mapToLong(Matched::replayable).sum(),
                matched.values().stream().mapToLong(Matched::alreadyReplayed).sum(),
                matched.values().stream().mapToLong(Matched::notReplayable).sum(),
                byReason(matched),
                end == null ? now : end,
                sample.told(),
                first.isEmpty() ? null : cursor(caller, filter, Place.START));
    }

    private static Map<String, Long> byReason(Map<String, Matched> matched) {
        Map<String, Long> replayable = new LinkedHashMap<>();
        matched.forEach((reason, each) -> {
            if (each.replayable() > 0) {
                replayable.put(reason, each.replayable());
            }
        });
        return replayable;
    }

    /**
     * Replays a page.
     *
     * @throws dev.heliograph.query.problem.ProblemException 400 for a cursor of another list or tenant; 503 where no gateway
     *     answers, before anything of the page was taken
     */
    MatchProgress next(Caller caller, String cursor) {
        List<@Nullable String> keys = pages.position(caller.tenant(), QUERY, cursor, KEYS)
                .orElseThrow(() -> Problems.badBody("/cursor", "is not a cursor of a preview or of the page before"));
        QuarantineFilter filter = QuarantineFilter.read(keys.subList(0, QuarantineFilter.TEXTS));
        Place place = new Place(
                Instant.parse(String.valueOf(keys.get(QuarantineFilter.TEXTS))),
                UUID.fromString(String.valueOf(keys.get(QuarantineFilter.TEXTS + 1))));
        Map<String, String> besides = Map.of("filter", filter.toString());
        ReplayTally taken = new ReplayTally();
        long begun = nanos.getAsLong();
        long longest = settings.pageTime().toNanos();
        while (taken.rows() < settings.pageRows() && (taken.rows() == 0 || nanos.getAsLong() - begun < longest)) {
            int most = Math.min(ReplayRequest.MOST_MESSAGES, settings.pageRows() - taken.rows());
            List<Kept> some = rows.next(caller.tenant(), filter, place, most);
            if (some.isEmpty()) {
                break;
            }
            List<ReplayResults.Result> results;
            try {
                results = replay.ask(some, false);
            } catch (ReplayGateway.Away away) {
                if (taken.rows() == 0) {
                    throw Replay.unavailable(away);
                }
                // What was taken is told; whoever goes on from there hears why it does not go on.
                break;
            }
            replay.keep(caller, some, results, besides);
            taken.add(results);
            place = Place.behind(some.getLast());
        }
        long remaining = rows.countNext(caller.tenant(), filter, place, pages.counted() + 1);
        return new MatchProgress(
                taken.told(),
                taken.rows() == 0 ? null : place.receivedAt(),
                Math.min(remaining, pages.counted()),
                remaining <= pages.counted(),
                remaining == 0 ? null : cursor(caller, filter, place));
    }

    private String cursor(Caller caller, QuarantineFilter filter, Place place) {
        List<@Nullable String> keys = new ArrayList<>(filter.written());
        keys.add(place.receivedAt().toString());
        keys.add(place.id().toString());
        return pages.next(caller.tenant(), QUERY, keys.toArray(String[]::new));
    }
}
