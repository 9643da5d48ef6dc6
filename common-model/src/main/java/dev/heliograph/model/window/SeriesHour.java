package dev.heliograph.model.window;

import dev.heliograph.model.id.MetricName;
import dev.heliograph.model.state.StateReader;
import dev.heliograph.model.state.StateWriter;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * One series in one hour, made of the summaries of its closed minutes: those that may still be revised one by one, the
 * others joined to one.
 *
 * <p>An hour that is not {@link #whole} holds no summaries: one of its minutes is known to the stored measurements only, so
 * they alone know the hour. Its repair is asked as often as another hour is told: while it runs after each of its minutes,
 * when it closes, and with every change after that.
 */
final class SeriesHour {
    private static final int OPEN = -1;
    /** Buckets of a sketch that take as many bytes as the rest of a summary. */
    private static final int STATS_SIZE = 30;

    private final MetricName metric;
    private final long start;
    private boolean whole;
    private @Nullable Summary settled;
    private final TreeMap<Long, Summary> revisable = new TreeMap<>();
    private long told;
    private int revision = OPEN;
    private boolean repairWanted;

    SeriesHour(MetricName metric, long start, boolean whole) {
        this.metric = metric;
        this.start = start;
        this.whole = whole;
    }

    MetricName metric() {
        return metric;
    }

    boolean isWhole() {
        return whole;
    }

    /** A measure of the bytes that it takes. */
    int size() {
        int buckets = settled == null ? 0 : settled.sketch().buckets();
        for (Summary minute : revisable.values()) {
            buckets += minute.sketch().buckets();
        }
        return buckets + revisable.size() * STATS_SIZE;
    }

    /** Takes the last word on a minute. */
    void put(long minuteStart, Summary summary) {
        if (whole) {
            revisable.put(minuteStart, summary);
        } else {
            repairWanted = true;
        }
    }

    /** Gives up: from now on the hour comes from the stored measurements. */
    void letGo() {
        whole = false;
        settled = null;
        revisable.clear();
        told = 0;
        repairWanted = true;
    }

    /** Joins the minutes that can change no more. */
    void settle(LongPredicate minuteIsKept) {
        for (Iterator<Map.Entry<Long, Summary>> entries = revisable.entrySet().iterator(); entries.hasNext(); ) {
            Map.Entry<Long, Summary> minute = entries.next();
            if (!minuteIsKept.test(minute.getKey())) {
                settled = settled == null ? minute.getValue() : settled.merge(minute.getValue());
                entries.remove();
            }
        }
    }

    private long count() {
        long count = settled == null ? 0 : settled.stats().count();
        for (Summary minute : revisable.values()) {
            count += minute.stats().count();
        }
        return count;
    }

    /** Whether something changed that was not told yet. */
    boolean hasNews() {
        return whole ? count() != told : repairWanted;
    }

    boolean isOpen() {
        return revision == OPEN;
    }

    /**
     * Tells what is new.
     *
     * @param closes whether the device's clock has left the hour behind
     * @param over whether the wall clock has, too: a repair before that finds an hour that still runs
     * @param source a reading that stands behind all that the hour is made of, for a repair; null: it is not known yet
     */
    void tell(boolean closes, boolean over, @Nullable SourcePosition source, WindowEvents events) {
        if (!whole) {
            tellRepair(closes && over, source, events);
            return;
        }
        boolean news = hasNews();
        if (!isOpen()) {
            if (news) {
                tell(WindowPhase.REVISED, ++revision, events);
            }
        } else if (closes) {
            revision = 0;
            tell(WindowPhase.FINAL, 0, events);
        } else if (news) {
            tell(WindowPhase.EARLY, 0, events);
        }
    }

    private void tellRepair(boolean closes, @Nullable SourcePosition source, WindowEvents events) {
        if (closes && isOpen()) {
            revision = 0;
            // What was recomputed while it ran was provisional.
            repairWanted = true;
        }
        if (repairWanted && source != null) {
            events.result(
                    new WindowResult(metric, WindowSize.ONE_HOUR, start, WindowPhase.REPAIR, 0, null, null, source));
            repairWanted = false;
        }
    }

    private void tell(WindowPhase phase, int number, WindowEvents events) {
        Summary all = settled;
        for (Summary minute : revisable.values()) {
            all = all == null ? minute : all.merge(minute);
        }
        if (all == null) {
            throw new IllegalStateException("an hour without a minute: " + metric + " at " + start);
        }
        told = all.stats().count();
        events.result(new WindowResult(
                metric,
                WindowSize.ONE_HOUR,
                start,
                phase,
                number,
                all.stats(),
                phase == WindowPhase.EARLY ? null : all.sketch(),
                null));
    }

    void write(StateWriter out) {
        out.writeText(metric.value()).writeFlag(whole).writeLong(revision);
        if (!whole) {
            out.writeFlag(repairWanted);
            return;
        }
        out.writeLong(told).writeLong(revisable.size()).writeFlag(settled != null);
        if (settled != null) {
            settled.write(out, start);
        }
        revisable.forEach((minute, summary) -> {
            out.writeLong((minute - start) / WindowSize.ONE_MINUTE.micros());
            summary.write(out, minute);
        });
    }

    static SeriesHour read(StateReader in, long start) {
        MetricName metric = new MetricName(in.readText());
        SeriesHour hour = new SeriesHour(metric, start, Boolean.TRUE.equals(in.readFlag()));
        hour.revision = (int) in.readLong();
        if (!hour.whole) {
            hour.repairWanted = Boolean.TRUE.equals(in.readFlag());
            return hour;
        }
        hour.told = in.readLong();
        int minutes = in.readCount();
        if (Boolean.TRUE.equals(in.readFlag())) {
            hour.settled = Summary.read(in, start);
        }
        for (int i = 0; i < minutes; i++) {
            long minute = start + in.readLong() * WindowSize.ONE_MINUTE.micros();
            hour.revisable.put(minute, Summary.read(in, minute));
        }
        return hour;
    }
}
