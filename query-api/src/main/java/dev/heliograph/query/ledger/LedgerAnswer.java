package dev.heliograph.query.ledger;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The ledger of a tenant over whole minutes of receipt. The unit is one sample of a reading, or one refusal.
 *
 * @param from start of the first minute
 * @param to end of the last minute
 * @param bucket length of an item, such as {@code 1m}
 * @param inFlightBoundSeconds how long what is owed may count as in flight where the writer's position does not tell
 * @param totals over the whole range, not the page only
 * @param items newest first; minutes without anything are left out
 * @param imbalances the lines that miss something, oldest first, at most 100
 */
public record LedgerAnswer(
        Instant from,
        Instant to,
        String bucket,
        long inFlightBoundSeconds,
        Counts totals,
        List<Item> items,
        @Nullable String nextCursor,
        List<Imbalance> imbalances) {
    /**
     * What was received and what became of it: {@code received = stored + duplicate + quarantined + inFlight + missing}.
     *
     * @param received what the gateways had acknowledged by Kafka or, where that is more, what the writer read
     * @param stored new rows
     * @param duplicate what was there before with the same value
     * @param quarantined what was refused, with its reason
     * @param inFlight acknowledged to devices and not yet stored, because the writer has not come to it
     * @param missing acknowledged to devices, and the writer is past it: lost
     * @param unsure what Kafka did not acknowledge in time: no device was told that it is safe, and some may be among the
     *     received; up to that many could hide in a minute that balances
     * @param state {@code balanced}, {@code in-flight} or {@code imbalance}
     */
    @Schema(name = "LedgerCounts")
    public record Counts(
            long received,
            long stored,
            long duplicate,
            long quarantined,
            long inFlight,
            long missing,
            long unsure,
            String state) {
        static Counts of(
                long seen, long stored, long duplicate, long quarantined, long inFlight, long owed, long unsure) {
            // What the writer read and did not account for is as lost as what it never read. It cannot be by the way
            // rows
            // are written; if it is, this is where it shows.
            long unaccounted = seen - stored - duplicate - quarantined;
            long missing = owed + Math.max(0, unaccounted);
            String state = missing > 0 || unaccounted < 0 ? "imbalance" : inFlight > 0 ? "in-flight" : "balanced";
            return new Counts(seen + inFlight + owed, stored, duplicate, quarantined, inFlight, missing, unsure, state);
        }
    }

    /** The counts of one bucket that begins at {@code start}. */
    @Schema(name = "LedgerItem")
    public record Item(Instant start, Counts counts) {}

    /**
     * A minute in which a gateway had more acknowledged than the writer found.
     *
     * @param source the life of the gateway process, as it stands in the header {@code ledger} of its records
     * @param instance name of the gateway, null where it did not live to tell
     * @param acknowledged what Kafka acknowledged to it
     * @param found what the writer read of it
     * @param partitions where its acknowledged records went, {@code topic-partition}
     */
    @Schema(name = "LedgerImbalance")
    public record Imbalance(
            Instant minute,
            String source,
            @Nullable String instance,
            long acknowledged,
            long found,
            long missing,
            List<String> partitions) {}
}
