package dev.heliograph.writer.plan;

import dev.heliograph.model.wire.AlertTransitionRecord;
import dev.heliograph.model.wire.PresenceRecord;
import java.util.List;

/**
 * Everything that one transaction writes. Rows of a table come in the order of their keys, so that two writers lock in
 * the same order.
 *
 * @param advances the partitions that the batch moves
 * @param measurements numeric samples by series
 * @param repeats further measurements of the same identities
 * @param states text samples, each identity once
 * @param stateRepeats further text samples of the same identities
 * @param windows the superseding summary of each window
 * @param repairs windows to recompute later
 * @param presence the newest presence of each device
 * @param presenceChanges every change of presence
 * @param alerts each alert as its transitions leave it
 * @param transitions every transition
 * @param quarantine what was refused, by the gateway or here, in the order of the records
 * @param sequences sequence numbers by device
 * @param units the units that devices named, one for each metric
 * @param schemaChanges metrics of readings that are flagged as changed
 * @param positions where devices were, the newest of each
 * @param ledger what was received, and what already is known of its fate
 * @param readings number of readings decoded
 */
public record WritePlan(
        List<Advance> advances,
        List<SeriesRows> measurements,
        List<Repeat> repeats,
        List<StateRow> states,
        List<StateRow> stateRepeats,
        List<WindowRow> windows,
        List<RepairRow> repairs,
        List<PresenceRecord> presence,
        List<PresenceRecord> presenceChanges,
        List<AlertRow> alerts,
        List<AlertTransitionRecord> transitions,
        List<QuarantineRow> quarantine,
        List<SequenceSteps> sequences,
        List<MetricUnit> units,
        List<SchemaChange> schemaChanges,
        List<PositionRow> positions,
        Ledger ledger,
        long readings) {
    /**
     * A plan without rows, which only moves partitions. Moved to where they stand, they make the store go on with the
     * repairs that it has left.
     */
    public static WritePlan moving(List<Advance> advances) {
        return new WritePlan(
                advances,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                new Ledger(),
                0);
    }
}
