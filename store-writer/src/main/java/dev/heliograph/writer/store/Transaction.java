package dev.heliograph.writer.store;

import dev.heliograph.model.id.SeriesKey;
import dev.heliograph.writer.plan.ChangedWindows;
import dev.heliograph.writer.plan.Ledger;
import dev.heliograph.writer.plan.QuarantineRow;
import dev.heliograph.writer.plan.WritePlan;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the statements of one transaction share: the connection, the plan, and what has been found out so far. */
final class Transaction {
    private final Connection connection;
    private final WritePlan plan;
    private final Map<SeriesKey, Integer> seriesIds;
    private final Ledger ledger;
    private final List<QuarantineRow> quarantine;
    private final Map<String, Long> rows = new TreeMap<>();
    private final Map<String, Long> quarantined = new TreeMap<>();

    private final ChangedWindows repaired = new ChangedWindows();
    private Skipped skipped = Skipped.NONE;
    private boolean repairsLeft;

    Transaction(Connection connection, WritePlan plan, Map<SeriesKey, Integer> seriesIds) {
        this.connection = connection;
        this.plan = plan;
        this.seriesIds = seriesIds;
        this.ledger = plan.ledger().copy();
        this.quarantine = new ArrayList<>(plan.quarantine());
    }

    Connection connection() {
        return connection;
    }

    WritePlan plan() {
        return plan;
    }

    int seriesId(SeriesKey series) {
        Integer id = seriesIds.get(series);
        if (id == null) {
            throw new IllegalStateException("no id for series " + series);
        }
        return id;
    }

    Ledger ledger() {
        return ledger;
    }

    List<QuarantineRow> quarantine() {
        return quarantine;
    }

    /** Puts aside a sample whose identity has another value. The ledger has it as received already. */
    void conflict(QuarantineRow row) {
        quarantine.add(row);
    }

    /** The windows that were recomputed and say something else now. */
    ChangedWindows repaired() {
        return repaired;
    }

    void wrote(String table, long count) {
        if (count > 0) {
            rows.merge(table, count, Long::sum);
        }
    }

    void quarantined(String reason) {
        quarantined.merge(reason, 1L, Long::sum);
    }

    void skipped(Skipped more) {
        skipped = skipped.and(more);
    }

    /** Notes whether windows could have been recomputed but were left for a later transaction. */
    void repairsLeft(boolean areLeft) {
        repairsLeft = areLeft;
    }

    WriteOutcome outcome() {
        return new WriteOutcome(
                rows,
                ledger.total().duplicate(),
                quarantined.getOrDefault(QuarantineRow.CONFLICT, 0L),
                quarantined,
                skipped,
                repairsLeft);
    }
}
