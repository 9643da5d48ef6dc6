package dev.heliograph.query.data;

import dev.heliograph.query.data.DataQuery.Asked;
import dev.heliograph.query.data.DataQuery.Top;
import dev.heliograph.query.data.calc.Aggregate;
import dev.heliograph.query.data.calc.Cell;
import dev.heliograph.query.web.LimitSettings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;

/** Runs prepared queries into a sink. */
final class QueryRunner {
    private static final int RAW_BATCH = 500;

    private final JdbcData data;
    private final LimitSettings limits;

    QueryRunner(JdbcData data, LimitSettings limits) {
        this.data = data;
        this.limits = limits;
    }

    void run(PreparedQuery prepared, SeriesSink sink, Running running) {
        if (prepared.heading().raw()) {
            raw(prepared, sink, running);
            return;
        }
        for (ZonePlan part : prepared.plans()) {
            buckets(prepared, part, sink, running);
        }
    }

    private void raw(PreparedQuery prepared, SeriesSink sink, Running running) {
        DataQuery query = prepared.query();
        SampleRun run = new SampleRun(data, prepared.tenant(), query.from(), query.to(), running);
        boolean whole = sink.streams() || query.thinning() != null;
        int points = query.asked() instanceof Asked.Raw ? limits.maxPoints() : query.maxPoints();
        long read = whole ? limits.maxRows() : points;
        for (List<Slot> batch : batches(numbers(prepared.slots()))) {
            running.check();
            run.samples(batch, read, query.thinning(), query.maxPoints(), sink);
        }
        for (List<Slot> batch : batches(states(prepared.slots()))) {
            running.check();
            run.states(batch, states(sink, query), sink);
        }
    }

    private int states(SeriesSink sink, DataQuery query) {
        return sink.streams() ? limits.maxPoints() : query.maxPoints();
    }

    private static List<Slot> numbers(List<Slot> slots) {
        return slots.stream().filter(slot -> !slot.isState()).toList();
    }

    private static List<Slot> states(List<Slot> slots) {
        return slots.stream().filter(Slot::isState).toList();
    }

    private static List<List<Slot>> batches(List<Slot> slots) {
        List<List<Slot>> batches = new ArrayList<>();
        for (int from = 0; from < slots.size(); from += RAW_BATCH) {
            batches.add(slots.subList(from, Math.min(from + RAW_BATCH, slots.size())));
        }
        return batches;
    }

    private void buckets(PreparedQuery prepared, ZonePlan part, SeriesSink sink, Running running) {
        DataQuery query = prepared.query();
        Plan plan = part.plan();
        BucketRun run = new BucketRun(data, prepared.tenant(), plan, running, prepared.now());
        boolean timesInStates = plan.has(Aggregate.Kind.TIME_IN_STATE);
        boolean onlyStates = timesInStates && plan.aggregates().size() == 1;
        List<Slot> slots = onlyStates ? List.of() : numbers(part.slots());
        Top top = query.top();
        if (top != null) {
            slots = largest(prepared, plan, slots, top, running);
        }
        if (!slots.isEmpty()) {
            run.cells(slots, (slot, cells) -> sink.series(run.columns(slot, cells)));
        }
        List<Slot> states = states(part.slots());
        if (timesInStates) {
            for (Slot slot : states) {
                running.check();
                sink.series(run.timesInStates(slot, limits.maxRows()));
            }
        } else if (!query.grouped() && !sink.streams() && !states.isEmpty()) {
            new SampleRun(data, prepared.tenant(), query.from(), query.to(), running)
                    .states(states, query.maxPoints(), sink);
        }
    }

    private List<Slot> largest(PreparedQuery prepared, Plan plan, List<Slot> slots, Top top, Running running) {
        Plan whole = plan.overAll(new TreeSet<>(List.of(top.by())), null);
        double[] values = new double[prepared.slots().size()];
        Arrays.fill(values, Double.NaN);
        new BucketRun(data, prepared.tenant(), whole, running, prepared.now()).cells(slots, (slot, cells) -> {
            Cell cell = cells[0];
            values[slot.index()] = cell == null ? Double.NaN : cell.value(top.by());
        });
        return Slots.largest(slots, values, top.groups());
    }
}
