package dev.heliograph.ingest.ledger;

import dev.heliograph.model.wire.LedgerClaimRecord;
import dev.heliograph.model.wire.LedgerStamp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * Counts what this process has had acknowledged by Kafka, by tenant and minute of receipt, and says when that changed. The
 * counts are those of the ledger's near end: they know nothing of what the writer reads. Thread-safe.
 *
 * <p>Counts are totals of a <em>source</em>, a number drawn at random, and never go back. A minute that was forgotten and
 * comes again (the clock was set back) gets a source of its own, so that its total begins anew without hiding the old one.
 *
 * <p><b>Bounds.</b> A minute is kept until everything sent in it is settled and claimed and it is {@link #KEPT_MILLIS}
 * old: memory grows with tenants that report, not with time.
 */
public final class Claims {
    /** How long a settled minute is kept. */
    static final long KEPT_MILLIS = 180_000;

    private static final long MINUTE_MILLIS = 60_000;
    private static final long MICROS_PER_MILLI = 1_000;

    private record Line(String tenant, long minuteMillis) {}

    /** A record on its way, to be settled once. */
    public static final class Ticket {
        private final Tally tally;
        private final LedgerStamp stamp;

        private Ticket(Tally tally, LedgerStamp stamp) {
            this.tally = tally;
            this.stamp = stamp;
        }

        /** What the record carries. */
        public LedgerStamp stamp() {
            return stamp;
        }
    }

    /** What is claimed of one line at one moment. */
    public record Claim(Tally tally, LedgerClaimRecord.Line line) {
        long source() {
            return tally.source;
        }
    }

    /** Totals of one tenant and minute. Guarded by the claims that own it. */
    public static final class Tally {
        private final Line line;
        private final long source;
        private final Map<String, long[]> nextOffsets = new HashMap<>();
        private long pending;
        private long acknowledged;
        private long unsure;
        private long claimedAcknowledged;
        private long claimedUnsure;

        private Tally(Line line, long source) {
            this.line = line;
            this.source = source;
        }

        private boolean isClaimed() {
            return acknowledged == claimedAcknowledged && unsure == claimedUnsure;
        }

        private void reached(String topic, int partition, long offset) {
            long[] next = nextOffsets.computeIfAbsent(topic, fresh -> new long[partition + 1]);
            if (next.length <= partition) {
                next = Arrays.copyOf(next, partition + 1);
                nextOffsets.put(topic, next);
            }
            next[partition] = Math.max(next[partition], offset + 1);
        }

        private LedgerClaimRecord.Line toLine() {
            Map<String, Long> offsets = new TreeMap<>();
            nextOffsets.forEach((topic, next) -> {
                for (int partition = 0; partition < next.length; partition++) {
                    if (next[partition] > 0) {
                        offsets.put(topic + "-" + partition, next[partition] - 1);
                    }
                }
            });
            return new LedgerClaimRecord.Line(
                    line.tenant(), line.minuteMillis() * MICROS_PER_MILLI, acknowledged, unsure, offsets);
        }
    }

    private final LongSupplier sources;
    private final long source;
    private final Map<Line, Tally> tallies = new HashMap<>();
    private long forgottenThrough = Long.MIN_VALUE;

    /** @param sources random numbers, of which the first names this process's life */
    public Claims(LongSupplier sources) {
        this.sources = sources;
        this.source = sources.getAsLong();
    }

    /**
     * Takes note of a record that is about to be sent; it must be settled by one of the three other methods.
     *
     * @param receivedMillis time of receipt, ms since the epoch
     * @param units what the ledger counts for it, at least 1
     */
    public synchronized Ticket sent(String tenant, long receivedMillis, int units) {
        long minute = receivedMillis - Math.floorMod(receivedMillis, MINUTE_MILLIS);
        Tally tally = tallies.computeIfAbsent(
                new Line(tenant, minute),
                line -> new Tally(line, minute > forgottenThrough ? source : sources.getAsLong()));
        tally.pending += units;
        return new Ticket(tally, new LedgerStamp(tally.source, units, tally.acknowledged));
    }

    /** Kafka has the record. */
    public synchronized void acknowledged(Ticket ticket, String topic, int partition, long offset) {
        settle(ticket);
        ticket.tally.acknowledged += ticket.stamp.units();
        ticket.tally.reached(topic, partition, offset);
    }

    /** Kafka did not say that it has the record; it may be there all the same. */
    public synchronized void unsure(Ticket ticket) {
        settle(ticket);
        ticket.tally.unsure += ticket.stamp.units();
    }

    /** The record was never sent. */
    public synchronized void withdrawn(Ticket ticket) {
        settle(ticket);
    }

    private void settle(Ticket ticket) {
        ticket.tally.pending -= ticket.stamp.units();
        notifyAll();
    }

    /** Waits until nothing is on its way, for at most the given time; says whether that is so. */
    public synchronized boolean awaitSettled(long millis) throws InterruptedException {
        long deadline = System.nanoTime() + millis * 1_000_000;
        while (tallies.values().stream().anyMatch(tally -> tally.pending > 0)) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return false;
            }
            wait(left);
        }
        return true;
    }

    /** What has changed since it was last claimed, and forgets what is over. */
    public synchronized List<Claim> due(long nowMillis) {
        List<Claim> due = new ArrayList<>();
        Iterator<Tally> each = tallies.values().iterator();
        while (each.hasNext()) {
            Tally tally = each.next();
            if (!tally.isClaimed()) {
                due.add(new Claim(tally, tally.toLine()));
            } else if (tally.pending == 0 && tally.line.minuteMillis() + MINUTE_MILLIS + KEPT_MILLIS < nowMillis) {
                forgottenThrough = Math.max(forgottenThrough, tally.line.minuteMillis());
                each.remove();
            }
        }
        return due;
    }

    /** Kafka has the claims. */
    public synchronized void claimed(List<Claim> claims) {
        for (Claim claim : claims) {
            Tally tally = claim.tally();
            tally.claimedAcknowledged =
                    Math.max(tally.claimedAcknowledged, claim.line().acknowledged());
            tally.claimedUnsure = Math.max(tally.claimedUnsure, claim.line().unsure());
        }
    }

    /** How many lines are kept. */
    synchronized int size() {
        return tallies.size();
    }
}
