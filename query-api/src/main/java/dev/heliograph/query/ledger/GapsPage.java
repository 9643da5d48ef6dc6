package dev.heliograph.query.ledger;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the sequence numbers of devices tell about readings that never came, by device. */
public record GapsPage(List<Item> items, @Nullable String nextCursor) {
    /**
     * One device.
     *
     * @param missing numbers that are missing now; a message that was refused as a whole is among them
     * @param filled numbers that were missing and came late
     * @param resets how often the device's counter began again
     * @param jumps how often it leapt ahead too far to be a gap
     * @param highest highest number of the present run
     * @param lastAt device time of the newest numbered reading
     * @param gaps the newest gaps, newest first, at most 50; older ones are only in {@code missing}
     */
    @Schema(name = "SequenceGaps")
    public record Item(
            String device,
            long missing,
            long filled,
            long resets,
            long jumps,
            long highest,
            Instant lastAt,
            List<Gap> gaps) {}

    /**
     * Numbers in a row that never came.
     *
     * @param after device time of the reading before them
     * @param before device time of the reading behind them
     */
    @Schema(name = "SequenceGap")
    public record Gap(long from, long to, long missing, Instant after, Instant before) {}
}
