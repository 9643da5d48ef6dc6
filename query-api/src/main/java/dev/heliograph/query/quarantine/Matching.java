package dev.heliograph.query.quarantine;

import dev.heliograph.model.id.DeviceId;
import dev.heliograph.query.problem.Problems;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The replay of all that a filter finds: what is asked for, what it would do, and how far it is. */
final class Matching {
    private Matching() {}

    /**
     * Which refused messages, as the list has it; what is absent leaves open.
     *
     * @param reason refused for this reason only
     * @param device of this device only
     * @param transport that came this way only: {@code mqtt}, {@code http} or {@code subscription}
     * @param from received at or after: RFC 3339, or relative to now such as {@code now-24h}
     * @param to received before: RFC 3339, or relative to now
     * @param replayed {@code false} for those that were not replayed, {@code true} for those that were and are refused still
     */
    record MatchFilter(
            @Nullable String reason,
            @Nullable String device,
            @Nullable String transport,
            @Nullable String from,
            @Nullable String to,
            @Nullable Boolean replayed) {
        QuarantineFilter checked(Instant now) {
            return QuarantineFilter.of(
                    reason,
                    device == null
                            ? null
                            : DeviceId.parse(device)
                                    .orElseThrow(() -> Problems.badParameter("device", "must be the id of a device")),
                    transport,
                    from,
                    to,
                    replayed == null ? null : replayed.toString(),
                    now);
        }
    }

    /**
     * What replaying them would mean. Numbers are of the first {@code countedItems} rows where there are more.
     *
     * @param matched rows that the filter finds
     * @param matchedIsExact false where there are more
     * @param replayable rows of them that would be taken again
     * @param alreadyReplayed rows that are left out because a replay has accepted them
     * @param notReplayable rows that are left out because the gateway has nothing to take again
     * @param reasons those that would be taken, by reason, the most frequent first
     * @param until what is received after that is left out
     * @param sample what the gateway says of the oldest of them, at most 100
     * @param cursor with which {@code :replayMatching} begins; null where nothing would be taken
     */
    record MatchPreview(
            long matched,
            boolean matchedIsExact,
            long replayable,
            long alreadyReplayed,
            long notReplayable,
            Map<String, Long> reasons,
            Instant until,
            Tally sample,
            @Nullable String cursor) {}

    /**
     * Where to begin or to go on.
     *
     * @param cursor of a preview, or {@code nextCursor} of the page before
     */
    record MatchOrder(@Nullable String cursor) {}

    /**
     * What came of one page, and how far it is.
     *
     * @param taken what came of the rows of this page
     * @param through when the last of them had been received; null where the page had none
     * @param remaining rows that would still be taken
     * @param remainingIsExact false where there are more
     * @param nextCursor with which it goes on; null where all is done
     */
    record MatchProgress(
            Tally taken,
            @Nullable Instant through,
            long remaining,
            boolean remainingIsExact,
            @Nullable String nextCursor) {}

    /**
     * What came of a number of rows, or would.
     *
     * @param rows how many
     * @param accepted rows of which all was accepted
     * @param partial rows of which a part was accepted
     * @param refused rows that are refused again
     * @param failed rows that Kafka did not take in time; they are taken when they are replayed again
     * @param readings readings that were accepted
     * @param samples samples that these hold
     * @param refusals why parts are refused still, the most frequent first, at most ten
     */
    @Schema(name = "ReplayTally")
    record Tally(
            int rows,
            int accepted,
            int partial,
            int refused,
            int failed,
            int readings,
            int samples,
            List<StillRefused> refusals) {}

    /**
     * Why parts of rows are refused still.
     *
     * @param reason from the closed list
     * @param rows of how many rows
     * @param detail in words, of one of them
     */
    @Schema(name = "StillRefused")
    record StillRefused(String reason, int rows, String detail) {}
}
