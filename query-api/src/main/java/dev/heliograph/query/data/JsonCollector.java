package dev.heliograph.query.data;

import dev.heliograph.query.data.DataAnswer.Series;
import dev.heliograph.query.data.calc.Aggregate;
import dev.heliograph.query.data.calc.Aggregate.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Gathers the series of a JSON answer, which is bounded by the values that one may have. */
final class JsonCollector implements SeriesSink {
    private static final long MICROS_PER_MILLI = 1_000;

    private record Placed(int place, Series series) {}

    private final Heading heading;
    private final List<Placed> series = new ArrayList<>();
    private boolean truncated;

    JsonCollector(Heading heading) {
        this.heading = heading;
    }

    @Override
    public boolean streams() {
        return false;
    }

    @Override
    public void truncated() {
        truncated = true;
    }

    @Override
    public void series(SeriesData data) {
        series.add(new Placed(data.slot().index(), shown(data)));
    }

    DataAnswer answer() {
        List<Series> inOrder = series.stream()
                .sorted(Comparator.comparingInt(Placed::place))
                .map(Placed::series)
                .toList();
        return new DataAnswer(
                heading.device(),
                heading.from(),
                heading.to(),
                heading.timezone(),
                heading.resolution(),
                heading.source().label(),
                heading.method(),
                heading.dataThrough(),
                truncated,
                heading.notice(),
                heading.nextCursor(),
                inOrder);
    }

    private Series shown(SeriesData data) {
        Slot slot = data.slot();
        boolean group = slot.device() == null;
        long[] times = new long[data.micros().length];
        for (int i = 0; i < times.length; i++) {
            times[i] = Math.floorDiv(data.micros()[i], MICROS_PER_MILLI);
        }
        return new Series(
                heading.device() != null ? null : slot.device(),
                group ? slot.group() : null,
                group ? slot.others() : null,
                group ? slot.series().size() : null,
                slot.metric(),
                slot.unit(),
                slot.kind(),
                times,
                data.values(),
                data.texts(),
                column(data, Kind.AVG),
                column(data, Kind.MIN),
                column(data, Kind.MAX),
                counts(column(data, Kind.COUNT)),
                column(data, Kind.SUM),
                column(data, Kind.FIRST),
                column(data, Kind.LAST),
                column(data, Kind.STDDEV),
                column(data, Kind.RATE),
                column(data, Kind.DELTA),
                column(data, Kind.INTEGRAL),
                percentiles(data),
                data.timeInState().isEmpty() ? null : data.timeInState());
    }

    private static double @Nullable [] column(SeriesData data, Kind kind) {
        return data.columns().get(new Aggregate(kind, 0));
    }

    private static long @Nullable [] counts(double @Nullable [] column) {
        if (column == null) {
            return null;
        }
        long[] counts = new long[column.length];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = (long) column[i];
        }
        return counts;
    }

    private static @Nullable Map<String, double[]> percentiles(SeriesData data) {
        Map<String, double[]> percentiles = new LinkedHashMap<>();
        data.columns().forEach((aggregate, column) -> {
            if (aggregate.kind() == Kind.PERCENTILE) {
                percentiles.put(aggregate.label(), column);
            }
        });
        return percentiles.isEmpty() ? null : percentiles;
    }
}
