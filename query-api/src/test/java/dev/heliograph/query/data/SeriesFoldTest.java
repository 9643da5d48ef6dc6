package dev.heliograph.query.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.heliograph.model.sketch.QuantileSketch;
import dev.heliograph.query.data.calc.Aggregate;
import dev.heliograph.query.data.calc.BucketSpec;
import dev.heliograph.query.data.calc.Buckets;
import dev.heliograph.query.data.calc.Cell;
import dev.heliograph.query.data.calc.Piece;
import dev.heliograph.query.data.calc.SeriesFold;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Windows and samples of one or more series put into buckets, against the list of samples; no database. */
class SeriesFoldTest {
    private static final int CASES = 3_000;
    private static final long MINUTE = 60_000_000;
    private static final long NOON = 1_774_785_600_000_000L;
    private static final long GAP = 20 * MINUTE;
    private static final List<ZoneId> ZONES = Stream.of("UTC", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu")
            .map(ZoneId::of)
            .toList();
    private static final TreeSet<Aggregate> ALL = new TreeSet<>(Stream.of(
                    "avg",
                    "min",
                    "max",
                    "sum",
                    "count",
                    "first",
                    "last",
                    "stddev",
                    "rate",
                    "delta",
                    "integral",
                    "p50",
                    "p95")
            .map(name -> Aggregate.parse(name).orElseThrow())
            .toList());

    @Test
    void givenWindowsAndSamples_whenFolded_thenEveryAggregateIsThatOfTheList() {
        for (int seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);
            List<NaiveSeries> series = new ArrayList<>();
            for (int i = 0; i < 1 + random.nextInt(3); i++) {
                series.add(series(random));
            }
            long from = NOON + random.nextLong(-120, 120) * MINUTE;
            Buckets buckets = Buckets.covering(
                    BucketSpec.parse(List.of("5m", "15m", "1h", "1d").get(random.nextInt(4)))
                            .orElseThrow(),
                    ZONES.get(random.nextInt(4)),
                    from,
                    from + (1 + random.nextInt(240)) * MINUTE,
                    1_000);
            long closed = buckets.start() + random.nextLong(buckets.end() - buckets.start() + 1) / MINUTE * MINUTE;

            @Nullable Cell[] cells = new Cell[buckets.size()];
            series.forEach(one -> fold(one, buckets, cells, closed));

            compare(seed, series, buckets, cells, micros -> micros < closed ? micros / MINUTE * MINUTE : micros);
        }
    }

    private static NaiveSeries series(Random random) {
        NaiveSeries series = new NaiveSeries();
        long at = NOON - 200 * MINUTE + random.nextInt(60_000_000);
        double value = random.nextInt(100);
        int size = random.nextInt(120);
        for (int i = 0; i < size; i++) {
            at += 1 + (random.nextInt(10) == 0 ? random.nextLong(60 * MINUTE) : random.nextLong(2 * MINUTE));
            value = random.nextInt(30) == 0 ? 0 : value + random.nextDouble() * 3 - (i % 3 == 0 ? 2 : 0);
            series.samples.put(at, value);
        }
        return series;
    }

    private static void fold(NaiveSeries series, Buckets buckets, @Nullable Cell[] cells, long closed) {
        SeriesFold fold = new SeriesFold(buckets, cells, ALL, GAP);
        Map.Entry<Long, Double> before = series.samples.lowerEntry(buckets.start());
        if (before != null && before.getKey() >= buckets.start() - GAP) {
            fold.add(Piece.neighbour(before.getKey(), before.getValue()));
        }
        TreeMap<Long, List<Long>> windows = new TreeMap<>();
        for (long micros : series.samples.subMap(buckets.start(), buckets.end()).keySet()) {
            windows.computeIfAbsent(micros < closed ? micros / MINUTE * MINUTE : micros, any -> new ArrayList<>())
                    .add(micros);
        }
        windows.forEach((start, times) -> fold.add(piece(series, times, start < closed)));
        Map.Entry<Long, Double> behind = series.samples.ceilingEntry(buckets.end());
        if (behind != null) {
            fold.add(Piece.neighbour(behind.getKey(), behind.getValue()));
        }
        fold.end();
    }

    private static Piece piece(NaiveSeries series, List<Long> times, boolean window) {
        List<Double> values = times.stream()
                .map(time -> series.samples.getOrDefault(time, 0.0))
                .toList();
        if (!window) {
            return Piece.sample(times.getFirst(), values.getFirst());
        }
        double sum = values.stream().mapToDouble(Double::doubleValue).sum();
        double mean = sum / values.size();
        QuantileSketch sketch = new QuantileSketch();
        values.forEach(sketch::add);
        return new Piece(
                times.getFirst(),
                values.getFirst(),
                times.getLast(),
                values.getLast(),
                values.size(),
                sum,
                values.stream().min(Double::compare).orElseThrow(),
                values.stream().max(Double::compare).orElseThrow(),
                mean,
                values.stream()
                        .mapToDouble(value -> (value - mean) * (value - mean))
                        .sum(),
                sketch);
    }

    private static void compare(
            int seed, List<NaiveSeries> series, Buckets buckets, @Nullable Cell[] cells, NaiveSeries.Run run) {
        for (int bucket = 0; bucket < buckets.size(); bucket++) {
            long start = buckets.edge(bucket);
            long end = buckets.edge(bucket + 1);
            List<NaiveSeries.Told> told = series.stream()
                    .map(one -> one.told(start, end, buckets.start(), buckets.end(), GAP, run))
                    .toList();
            NaiveAnswer.Point expected = NaiveAnswer.point(told, series, start, end);
            Cell cell = cells[bucket] == null ? new Cell() : cells[bucket];
            for (Aggregate aggregate : ALL) {
                String as = "seed " + seed + ", bucket " + bucket + ", " + aggregate.label();
                if (aggregate.percent() > 0) {
                    percentile(as, cell.value(aggregate), expected.samples(), aggregate.percent());
                    continue;
                }
                Double value = expected.values().get(aggregate.label());
                if (value == null) {
                    assertThat(cell.value(aggregate)).as(as).isNaN();
                } else {
                    assertThat(cell.value(aggregate))
                            .as(as)
                            .isCloseTo(value, within(1e-8 * Math.max(1, Math.abs(value))));
                }
            }
        }
    }

    private static void percentile(String as, double told, List<Double> samples, int percent) {
        if (samples.isEmpty()) {
            assertThat(told).as(as).isNaN();
            return;
        }
        double ranked = NaiveSeries.byRank(samples, percent);
        double off = Math.min(Math.abs(told - NaiveSeries.percentile(samples, percent)), Math.abs(told - ranked));
        assertThat(off).as(as).isLessThanOrEqualTo(0.0101 * Math.abs(ranked) + 1e-9);
    }
}
