package dev.heliograph.query.data;

import dev.heliograph.model.id.TenantId;
import dev.heliograph.query.data.calc.Aggregate;
import dev.heliograph.query.data.calc.Cell;
import dev.heliograph.query.data.calc.Fill;
import dev.heliograph.query.data.calc.Piece;
import dev.heliograph.query.data.calc.SeriesFold;
import dev.heliograph.query.data.calc.StateTimes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Computes the buckets of slots, a batch of stored series at a time; a slot is handed on when its last series is in. At most
 * {@link #CELLS} buckets, and those of one slot, are held at the same time.
 */
final class BucketRun {
    private static final int CELLS = 200_000;
    private static final int MOST_ADDED_UP = 2_000;
    private static final int MOST_FOLDED = 64;
    private static final int MOST_STATES = 50;

    private final JdbcData data;
    private final TenantId tenant;
    private final Plan plan;
    private final Running running;
    private final Instant now;

    BucketRun(JdbcData data, TenantId tenant, Plan plan, Running running, Instant now) {
        this.data = data;
        this.tenant = tenant;
        this.plan = plan;
        this.running = running;
        this.now = now;
    }

    /** Hands on the cells of each slot, in their order; null where a bucket has nothing. */
    void cells(List<Slot> slots, BiConsumer<Slot, @Nullable Cell[]> ready) {
        List<SlotSeries> series = new ArrayList<>();
        for (int i = 0; i < slots.size(); i++) {
            for (StoredSeries one : slots.get(i).series()) {
                series.add(new SlotSeries(one, i));
            }
        }
        int most = plan.inDatabase() ? MOST_ADDED_UP : MOST_FOLDED;
        int batch = Math.clamp(CELLS / plan.buckets().size(), 1, most);
        Map<Integer, @Nullable Cell[]> open = new TreeMap<>();
        int handed = 0;
        for (int from = 0; from < series.size(); from += batch) {
            running.check();
            List<SlotSeries> part = series.subList(from, Math.min(from + batch, series.size()));
            if (plan.inDatabase()) {
                addUp(part, open);
            } else {
                fold(part, open);
            }
            int unfinished =
                    from + batch < series.size() ? series.get(from + batch).slot() : slots.size();
            for (; handed < unfinished; handed++) {
                @Nullable Cell[] cells = open.remove(handed);
                ready.accept(
                        slots.get(handed),
                        cells == null ? new Cell[plan.buckets().size()] : cells);
            }
        }
    }

    private @Nullable Cell[] cellsOf(Map<Integer, @Nullable Cell[]> open, int slot) {
        return open.computeIfAbsent(slot, any -> new Cell[plan.buckets().size()]);
    }

    private void addUp(List<SlotSeries> series, Map<Integer, @Nullable Cell[]> open) {
        data.buckets(
                tenant,
                plan,
                series,
                running,
                (slot, start, count, sum, min, max, firstMicros, first, lastMicros, last) -> {
                    @Nullable Cell[] cells = cellsOf(open, slot);
                    int bucket = plan.buckets().indexOf(start);
                    Cell cell = cells[bucket];
                    if (cell == null) {
                        cell = new Cell();
                        cells[bucket] = cell;
                    }
                    cell.add(count, sum, min, max, firstMicros, first, lastMicros, last);
                });
    }

    private void fold(List<SlotSeries> series, Map<Integer, @Nullable Cell[]> open) {
        var reader = new JdbcData.PieceReader() {
            private int current = -1;
            private @Nullable SeriesFold fold;

            @Override
            public void piece(int index, Piece piece) {
                of(index).add(piece);
            }

            @Override
            public void sampleOfWindow(int index, long micros, double value) {
                of(index).addToWindow(micros, value);
            }

            private SeriesFold of(int index) {
                SeriesFold known = fold;
                if (known == null || index != current) {
                    end();
                    known = new SeriesFold(
                            plan.buckets(),
                            cellsOf(open, series.get(index).slot()),
                            plan.aggregates(),
                            plan.maxGapMicros());
                    fold = known;
                    current = index;
                }
                return known;
            }

            void end() {
                SeriesFold known = fold;
                if (known != null) {
                    known.end();
                }
            }
        };
        data.pieces(tenant, plan, series, running, reader);
        reader.end();
    }

    /** The columns of a slot; buckets with nothing are left out, or filled. */
    SeriesData columns(Slot slot, @Nullable Cell[] cells) {
        int[] shown = shown(cells);
        long[] times = new long[shown.length];
        for (int i = 0; i < shown.length; i++) {
            times[i] = plan.buckets().edge(shown[i]);
        }
        SortedMap<Aggregate, double[]> columns = new TreeMap<>();
        for (Aggregate aggregate : plan.aggregates()) {
            if (aggregate.kind() != Aggregate.Kind.TIME_IN_STATE) {
                columns.put(aggregate, column(aggregate, cells, shown, times));
            }
        }
        return new SeriesData(slot, plan.tier(), times, null, null, columns, Map.of());
    }

    private double[] column(Aggregate aggregate, @Nullable Cell[] cells, int[] shown, long[] times) {
        double[] column = new double[shown.length];
        for (int i = 0; i < shown.length; i++) {
            Cell cell = cells[shown[i]];
            column[i] =
                    cell != null ? cell.value(aggregate) : aggregate.kind() == Aggregate.Kind.COUNT ? 0 : Double.NaN;
        }
        if (plan.fill() != Fill.NONE && aggregate.isLevel()) {
            plan.fill().fill(column, times);
        }
        return column;
    }

    private int[] shown(@Nullable Cell[] cells) {
        int[] shown = new int[cells.length];
        int size = 0;
        long present = Planner.micros(now);
        for (int i = 0; i < cells.length; i++) {
            Cell cell = cells[i];
            boolean begun = plan.buckets().edge(i) <= present;
            if (cell != null && !cell.isEmpty() || plan.fill() != Fill.NONE && begun) {
                shown[size++] = i;
            }
        }
        return java.util.Arrays.copyOf(shown, size);
    }

    /** How long the states of a slot held. */
    SeriesData timesInStates(Slot slot, long mostChanges) {
        StateTimes times = new StateTimes(plan.buckets(), Planner.micros(now), MOST_STATES);
        int[] current = {-1};
        data.states(
                tenant,
                slot.series(),
                StitchedSql.instant(plan.buckets().start()),
                StitchedSql.instant(plan.buckets().end()),
                mostChanges,
                true,
                running,
                (index, micros, state) -> {
                    if (index != current[0]) {
                        times.end();
                        current[0] = index;
                    }
                    times.change(micros, state);
                });
        times.end();
        long[] starts = new long[plan.buckets().size()];
        for (int i = 0; i < starts.length; i++) {
            starts[i] = plan.buckets().edge(i);
        }
        return new SeriesData(slot, Tier.RAW, starts, null, null, new TreeMap<>(), times.millis());
    }
}
