package dev.heliograph.model.window;

import dev.heliograph.model.id.MetricName;
import dev.heliograph.model.state.StateReader;
import dev.heliograph.model.state.StateWriter;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongPredicate;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The hours of one device. An hour takes the last word on each of its minutes, closes with its last minute, and is told
 * when it closes, else at most every {@code tellHoursEvery}.
 */
final class DeviceHours {
    private static final long NEVER = Long.MIN_VALUE;
    private static final long HOUR = WindowSize.ONE_HOUR.micros();
    private static final Kept NOTHING = new Kept(Long.MAX_VALUE, false, NEVER);

    private final WindowPolicy policy;
    private final SpanStore store;
    private final LongPredicate minuteIsKept;
    private final TreeMap<Long, Kept> kept = new TreeMap<>();
    /** What this call has loaded; saved by {@link #save}. */
    private final Map<Long, DeviceHour> loaded = new HashMap<>();

    private long letGoBefore = NEVER;

    /** What must be known of an hour without loading it. */
    private record Kept(long nextClose, boolean news, long toldAt) {}

    DeviceHours(WindowPolicy policy, SpanStore store, LongPredicate minuteIsKept) {
        this.policy = policy;
        this.store = store;
        this.minuteIsKept = minuteIsKept;
    }

    boolean isEmpty() {
        return kept.isEmpty();
    }

    /** Nothing is known of the hours that begin before then: only the stored measurements can tell them. */
    void unknownBefore(long micros) {
        letGoBefore = Math.max(letGoBefore, micros);
    }

    /** Notes that only the stored measurements have these metrics of an instant: from now on they alone know its hour. */
    void handOver(long timeMicros, Collection<MetricName> metrics) {
        long start = WindowSize.ONE_HOUR.startOf(timeMicros);
        if (metrics.isEmpty()) {
            return;
        }
        if (!kept.containsKey(start)) {
            unknownBefore(start + 1);
            return;
        }
        DeviceHour hour = load(start);
        metrics.forEach(hour::handOver);
        save();
    }

    /** Lets go of the hours that have a part in a span; {@code metric} null: of every metric. */
    void letGo(@Nullable MetricName metric, long fromMicros, long toMicros) {
        long first = WindowSize.ONE_HOUR.startOf(fromMicros);
        for (long start : kept.subMap(first, toMicros).keySet().toArray(Long[]::new)) {
            load(start).letGo(metric);
        }
        save();
    }

    /** Takes the last word on a minute. */
    void take(WindowResult minute, @Nullable SourcePosition source, WindowEvents events) {
        long start = WindowSize.ONE_HOUR.startOf(minute.startMicros());
        if (!kept.containsKey(start) && kept.size() >= policy.maxHours()) {
            closeAndForget(kept.firstKey(), source, events);
        }
        kept.putIfAbsent(start, NOTHING);
        load(start).take(minute);
    }

    /** Tells what is due, saves what was loaded, and forgets what has been kept for long enough. */
    void tell(long clock, long now, @Nullable SourcePosition source, WindowEvents events) {
        save();
        for (long start : starts()) {
            Kept hour = keptOf(start);
            if (hour.nextClose() <= clock || hour.news() && mayTell(hour, now)) {
                load(start).tell(closeOf(start) <= clock, closeOf(start) <= now, source, events);
                kept.put(start, new Kept(hour.nextClose(), hour.news(), now));
            }
        }
        save();
        for (long start : starts()) {
            Kept hour = keptOf(start);
            if (hour.nextClose() == Long.MAX_VALUE && !hour.news() && forgetAt(start) <= clock) {
                forget(start);
            }
        }
    }

    /** Saves what was loaded. */
    void save() {
        loaded.forEach((start, hour) -> {
            hour.settle(minuteIsKept);
            store.save(start, hour.toBytes(policy.maxHourBytes()));
            long nextClose = hour.nextCloseMicros(policy.latenessMicros());
            kept.put(start, new Kept(nextClose, hour.hasNews(), keptOf(start).toldAt()));
        });
        loaded.clear();
    }

    /** When {@link #tell} has something to do next, µs since the epoch; {@link Long#MAX_VALUE} if never. */
    long dueMicros(long clock, long soonest, LongUnaryOperator wallClockOf) {
        long due = Long.MAX_VALUE;
        for (Map.Entry<Long, Kept> entry : kept.entrySet()) {
            Kept hour = entry.getValue();
            if (hour.news()) {
                due = Math.min(due, hour.toldAt() + policy.tellHoursEveryMicros());
            }
            if (hour.nextClose() != Long.MAX_VALUE) {
                due = Math.min(due, dueToClose(hour.nextClose(), clock, soonest, wallClockOf));
            } else if (!hour.news()) {
                due = Math.min(due, wallClockOf.applyAsLong(forgetAt(entry.getKey())));
            }
        }
        return due;
    }

    /** By the clock of its device, and not before the hour is over by the wall clock: a repair would find it running. */
    private static long dueToClose(long nextClose, long clock, long soonest, LongUnaryOperator wallClockOf) {
        return Math.max(nextClose, nextClose <= clock ? soonest : wallClockOf.applyAsLong(nextClose));
    }

    private long[] starts() {
        return kept.keySet().stream().mapToLong(Long::longValue).toArray();
    }

    private Kept keptOf(long start) {
        return kept.getOrDefault(start, NOTHING);
    }

    private boolean mayTell(Kept hour, long now) {
        // A wall clock that went back must not keep the results waiting until it is where it was.
        return hour.toldAt() == NEVER || now < hour.toldAt() || now - hour.toldAt() >= policy.tellHoursEveryMicros();
    }

    private DeviceHour load(long start) {
        return loaded.computeIfAbsent(start, key -> {
            byte[] bytes = store.load(key);
            return bytes == null ? new DeviceHour(key, key >= letGoBefore) : DeviceHour.fromBytes(key, bytes);
        });
    }

    private void closeAndForget(long start, @Nullable SourcePosition source, WindowEvents events) {
        load(start).tell(true, true, source, events);
        forget(start);
    }

    private void forget(long start) {
        loaded.remove(start);
        kept.remove(start);
        store.forget(start);
        letGoBefore = Math.max(letGoBefore, start + HOUR);
    }

    private long closeOf(long start) {
        return start + HOUR + policy.latenessMicros();
    }

    private long forgetAt(long start) {
        return closeOf(start) + policy.retentionMicros();
    }

    /** Appends the list of kept hours; the hours themselves are in the store. */
    void writeTo(StateWriter out) {
        out.writeLong(letGoBefore).writeLong(kept.size());
        kept.forEach((start, hour) -> {
            out.writeLong(start / HOUR).writeFlag(hour.news()).writeLong(hour.toldAt());
            out.writeLong(hour.nextClose() == Long.MAX_VALUE ? -1 : hour.nextClose() - start);
        });
    }

    /** Reads what {@link #writeTo} wrote. */
    void readFrom(StateReader in) {
        letGoBefore = in.readLong();
        int count = in.readCount();
        for (int i = 0; i < count; i++) {
            long start = in.readLong() * HOUR;
            boolean news = Boolean.TRUE.equals(in.readFlag());
            long toldAt = in.readLong();
            long nextClose = in.readLong();
            kept.put(start, new Kept(nextClose < 0 ? Long.MAX_VALUE : start + nextClose, news, toldAt));
        }
    }
}
