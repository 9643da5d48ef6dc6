package dev.heliograph.writer.plan;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What became of everything received, by tenant and minute of receipt. The unit is a sample of an accepted reading, or
 * one refusal; each is received once and ends as stored, duplicate or quarantined.
 */
public final class Ledger {
    private static final long MINUTE_MICROS = 60_000_000;

    /** One line of the ledger; {@code minuteMicros} is the start of the minute in µs since the epoch. */
    public record Line(String tenant, long minuteMicros) implements Comparable<Line> {
        @Override
        public int compareTo(Line other) {
            int byTenant = tenant.compareTo(other.tenant);
            return byTenant != 0 ? byTenant : Long.compare(minuteMicros, other.minuteMicros);
        }
    }

    /** The counts of a line. They balance when {@code received = stored + duplicate + quarantined}. */
    public static final class Counts {
        private long received;
        private long stored;
        private long duplicate;
        private long quarantined;

        public long received() {
            return received;
        }

        public long stored() {
            return stored;
        }

        public long duplicate() {
            return duplicate;
        }

        public long quarantined() {
            return quarantined;
        }
    }

    private final SortedMap<Line, Counts> lines = new TreeMap<>();

    /** A copy that may be counted on without touching this one. */
    public Ledger copy() {
        Ledger copy = new Ledger();
        lines.forEach((line, counts) -> {
            Counts mine = copy.counts(line);
            mine.received = counts.received;
            mine.stored = counts.stored;
            mine.duplicate = counts.duplicate;
            mine.quarantined = counts.quarantined;
        });
        return copy;
    }

    void received(String tenant, long receivedMicros, long count) {
        at(tenant, receivedMicros).received += count;
    }

    /** Counts new rows. */
    public void stored(String tenant, long receivedMicros, long count) {
        at(tenant, receivedMicros).stored += count;
    }

    /** Counts what was there before with the same value. */
    public void duplicate(String tenant, long receivedMicros, long count) {
        at(tenant, receivedMicros).duplicate += count;
    }

    /** Counts what was refused. */
    public void quarantined(String tenant, long receivedMicros, long count) {
        at(tenant, receivedMicros).quarantined += count;
    }

    /** The lines, by tenant and minute: the order in which their rows are locked. */
    public SortedMap<Line, Counts> lines() {
        return lines;
    }

    /** Sum over all lines. */
    public Counts total() {
        Counts total = new Counts();
        for (Map.Entry<Line, Counts> line : lines.entrySet()) {
            total.received += line.getValue().received;
            total.stored += line.getValue().stored;
            total.duplicate += line.getValue().duplicate;
            total.quarantined += line.getValue().quarantined;
        }
        return total;
    }

    private Counts at(String tenant, long receivedMicros) {
        return counts(new Line(tenant, receivedMicros - Math.floorMod(receivedMicros, MINUTE_MICROS)));
    }

    private Counts counts(Line line) {
        return lines.computeIfAbsent(line, fresh -> new Counts());
    }
}
