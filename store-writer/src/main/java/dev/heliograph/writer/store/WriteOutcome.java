package dev.heliograph.writer.store;

import java.util.Map;

/**
 * What a transaction did.
 *
 * @param rows rows inserted or changed, by table
 * @param duplicates samples and refusals that were there already
 * @param conflicts samples whose identity has another value
 * @param quarantined new rows of the quarantine, by reason; the conflicts among them
 * @param skipped what the sequence numbers of devices tell
 * @param repairsLeft whether windows could have been recomputed but were left for a later transaction
 */
public record WriteOutcome(
        Map<String, Long> rows,
        long duplicates,
        long conflicts,
        Map<String, Long> quarantined,
        Skipped skipped,
        boolean repairsLeft) {
    public WriteOutcome {
        rows = Map.copyOf(rows);
        quarantined = Map.copyOf(quarantined);
    }

    /** Rows of one table; 0 where there were none. */
    public long rows(String table) {
        return rows.getOrDefault(table, 0L);
    }
}
