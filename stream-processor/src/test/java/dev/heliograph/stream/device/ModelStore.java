package dev.heliograph.stream.device;

import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.id.SeriesKey;
import dev.heliograph.model.reading.Sample;
import dev.heliograph.model.sketch.QuantileSketch;
import dev.heliograph.model.window.WindowStats;
import dev.heliograph.model.wire.PresenceRecord;
import dev.heliograph.model.wire.Topics;
import dev.heliograph.model.wire.WindowRecord;
import dev.heliograph.writer.plan.Advance;
import dev.heliograph.writer.plan.Place;
import dev.heliograph.writer.plan.RepairRow;
import dev.heliograph.writer.plan.SeriesRows;
import dev.heliograph.writer.plan.WindowRow;
import dev.heliograph.writer.plan.WindowSize;
import dev.heliograph.writer.plan.WritePlan;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The tables in memory: applies a plan of the writer as the statements of the store do, guards and repairs included. */
final class ModelStore {
    private static final long MINUTE = WindowSize.ONE_MINUTE.micros();
    private static final long WAIT_AFTER_HOUR = 5 * MINUTE;

    /** A row of a window table. */
    record Row(int phase, int revision, WindowStats stats, byte @Nullable [] sketch) {}

    record Id(SeriesKey series, WindowSize size, long start) {
        long end() {
            return start + size.micros();
        }
    }

    /** A row of {@code window_repair}. */
    record Repair(long sourceOffset, long dueAt) {}

    /** A row of {@code latest}. */
    record Latest(long time, double value) {}

    final Map<SeriesKey, TreeMap<Long, Double>> measurements = new HashMap<>();
    final Map<Id, Row> windows = new HashMap<>();
    final Map<Id, Repair> repairs = new LinkedHashMap<>();
    final Map<SeriesKey, Latest> latest = new HashMap<>();
    final Map<DeviceKey, PresenceRecord> presence = new HashMap<>();
    private final Map<Place, Long> offsets = new HashMap<>();
    private final int repairsAtOnce;
    private final LongSupplier nowMicros;
    long stored;
    long duplicates;
    long conflicts;
    int repaired;

    ModelStore(int repairsAtOnce, LongSupplier nowMicros) {
        this.repairsAtOnce = repairsAtOnce;
        this.nowMicros = nowMicros;
    }

    void apply(WritePlan plan) {
        for (Advance advance : plan.advances()) {
            if (offsets.getOrDefault(advance.place(), 0L) != advance.expected()) {
                throw new AssertionError("fenced: " + advance);
            }
            offsets.put(advance.place(), advance.next());
        }
        for (SeriesRows rows : plan.measurements()) {
            for (int row = 0; row < rows.size(); row++) {
                insert(rows.series(), rows.time(row), rows.value(row));
            }
            Latest newest = new Latest(rows.time(rows.newest()), rows.value(rows.newest()));
            latest.merge(rows.series(), newest, (old, fresh) -> fresh.time() > old.time() ? fresh : old);
        }
        plan.repeats().forEach(repeat -> insert(repeat.series(), repeat.timeMicros(), repeat.value()));
        plan.windows().forEach(this::put);
        plan.repairs().forEach(this::ask);
        plan.presence().forEach(this::put);
        repair();
    }

    private void insert(SeriesKey series, long time, double value) {
        Double kept =
                measurements.computeIfAbsent(series, key -> new TreeMap<>()).putIfAbsent(time, value);
        if (kept == null) {
            stored++;
        } else if (Sample.isSameValue(kept, value)) {
            duplicates++;
        } else {
            conflicts++;
        }
    }

    private void put(WindowRow row) {
        WindowRecord told = row.summary();
        WindowStats stats = new WindowStats(
                told.count(),
                told.sum(),
                told.min(),
                told.max(),
                told.first(),
                told.firstTs(),
                told.last(),
                told.lastTs(),
                told.mean(),
                told.m2());
        windows.merge(
                new Id(row.series(), row.size(), told.start()),
                new Row(row.phase(), told.rev(), stats, told.sketch()),
                (old, fresh) -> {
                    boolean newer = fresh.stats().count() > old.stats().count()
                            || fresh.stats().count() == old.stats().count()
                                    && (fresh.revision() > old.revision() || fresh.phase() > old.phase());
                    return newer ? fresh : old;
                });
    }

    private void ask(RepairRow row) {
        repairs.merge(
                new Id(row.series(), row.size(), row.startMicros()),
                new Repair(row.sourceOffset(), Long.MIN_VALUE),
                (old, fresh) -> new Repair(Math.max(old.sourceOffset(), fresh.sourceOffset()), fresh.dueAt()));
    }

    /** When the first of the repairs is due; none of them waits for longer than its hour is long and a little more. */
    long nextRepairDue() {
        return repairs.values().stream().mapToLong(Repair::dueAt).min().orElse(Long.MIN_VALUE);
    }

    private void repair() {
        int done = repair(repairsAtOnce, id -> id.size() != WindowSize.ONE_HOUR);
        repair(repairsAtOnce - done, id -> id.size() == WindowSize.ONE_HOUR);
    }

    private int repair(int most, Predicate<Id> which) {
        long readings = offsets.getOrDefault(new Place(Topics.READINGS, 0), 0L);
        long now = nowMicros.getAsLong();
        int done = 0;
        for (Iterator<Map.Entry<Id, Repair>> entries = repairs.entrySet().iterator();
                entries.hasNext() && done < most; ) {
            Map.Entry<Id, Repair> due = entries.next();
            Id window = due.getKey();
            if (due.getValue().sourceOffset() < readings && due.getValue().dueAt() <= now && which.test(window)) {
                if (window.size() == WindowSize.ONE_HOUR && window.end() > now) {
                    join(window);
                    due.setValue(new Repair(due.getValue().sourceOffset(), window.end() + WAIT_AFTER_HOUR));
                } else {
                    recompute(window);
                    entries.remove();
                }
                done++;
                repaired++;
            }
        }
        return done;
    }

    /** An hour that runs, of its closed minutes. */
    private void join(Id hour) {
        WindowStats sum = null;
        for (long start = hour.start(); start < hour.end(); start += MINUTE) {
            Row minute = windows.get(new Id(hour.series(), WindowSize.ONE_MINUTE, start));
            if (minute != null && minute.phase() > 0) {
                sum = sum == null ? minute.stats() : sum.merge(minute.stats());
            }
        }
        if (sum != null) {
            replace(hour, new Row(0, 1, sum, null));
        }
    }

    private void replace(Id id, Row made) {
        windows.merge(
                id,
                made,
                (old, fresh) -> fresh.stats().count() > old.stats().count()
                                || fresh.stats().count() == old.stats().count() && old.phase() == 0
                        ? new Row(fresh.phase(), old.revision() + 1, fresh.stats(), fresh.sketch())
                        : old);
    }

    private void recompute(Id id) {
        NavigableMap<Long, Double> samples =
                measurements.getOrDefault(id.series(), new TreeMap<>()).subMap(id.start(), true, id.end(), false);
        if (samples.isEmpty()) {
            return;
        }
        long[] times = samples.keySet().stream().mapToLong(Long::longValue).toArray();
        double[] values =
                samples.values().stream().mapToDouble(Double::doubleValue).toArray();
        WindowStats stats = WindowStats.of(times, values, 0, times.length);
        byte[] sketch = id.size().hasSketch()
                ? QuantileSketch.of(values, 0, values.length).toBytes()
                : null;
        replace(id, new Row(2, 1, stats, sketch));
    }

    private void put(PresenceRecord record) {
        presence.merge(
                DeviceKey.of(record.tenant(), record.device()),
                record,
                (old, fresh) ->
                        fresh.at() > old.at() || fresh.at() == old.at() && seen(fresh) >= seen(old) ? fresh : old);
    }

    private static long seen(PresenceRecord record) {
        Long seen = record.lastSeen();
        return seen == null ? Long.MIN_VALUE : seen;
    }
}
