package dev.heliograph.writer.plan;

import dev.heliograph.model.wire.LedgerStamp;
import java.util.Comparator;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What became of everything received, by tenant and minute of receipt. The unit is a sample of an accepted reading, or
 * one refusal; each is received once and ends as stored, duplicate or quarantined.
 *
 * <p>Beside it, the far end: what was read of each gateway's records, and what the gateways claim was there to be read. The
 * two are counted apart, so that a record that is lost between them shows.
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

    /** One line of one life of a gateway process. */
    public record SourceLine(String tenant, long minuteMicros, long source) implements Comparable<SourceLine> {
        private static final Comparator<SourceLine> ORDER = Comparator.comparing(SourceLine::tenant)
                .thenComparingLong(SourceLine::minuteMicros)
                .thenComparingLong(SourceLine::source);

        @Override
        public int compareTo(SourceLine other) {
            return ORDER.compare(this, other);
        }
    }

    /** What is known of a source's line by one batch. */
    public static final class SourceCounts {
        private long seen;
        private long hinted;
        private @Nullable ClaimRow claim;

        /** Units read and accounted for. */
        public long seen() {
            return seen;
        }

        /** The most that a record said was acknowledged before it. */
        public long hinted() {
            return hinted;
        }

        /** The latest claim, or null where the batch holds none. */
        public @Nullable ClaimRow claim() {
            return claim;
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
    private final SortedMap<SourceLine, SourceCounts> sources = new TreeMap<>();

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
        // What was read does not depend on what the store finds: nobody counts on here.
        copy.sources.putAll(sources);
        return copy;
    }

    void received(String tenant, long receivedMicros, long count, @Nullable LedgerStamp stamp) {
        Line line = line(tenant, receivedMicros);
        counts(line).received += count;
        if (stamp != null) {
            SourceCounts counts = source(new SourceLine(tenant, line.minuteMicros(), stamp.source()));
            counts.seen += count;
            counts.hinted = Math.max(counts.hinted, stamp.acknowledged());
        }
    }

    void claimed(ClaimRow claim) {
        SourceCounts counts = source(claim.line());
        counts.claim = counts.claim == null ? claim : claim.after(counts.claim);
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

    /** The lines of the gateways, by tenant, minute and source: the order in which their rows are locked. */
    public SortedMap<SourceLine, SourceCounts> sources() {
        return sources;
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
        return counts(line(tenant, receivedMicros));
    }

    private static Line line(String tenant, long receivedMicros) {
        return new Line(tenant, receivedMicros - Math.floorMod(receivedMicros, MINUTE_MICROS));
    }

    private SourceCounts source(SourceLine line) {
        return sources.computeIfAbsent(line, fresh -> new SourceCounts());
    }

    private Counts counts(Line line) {
        return lines.computeIfAbsent(line, fresh -> new Counts());
    }
}
