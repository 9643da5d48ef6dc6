package dev.heliograph.query.data;

import dev.heliograph.query.data.TestFleet.Unit;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The answer to a query by the lists of samples: every aggregate of every bucket by its definition. */
final class NaiveAnswer {
    private static final long MAX_GAP = 3_600_000_000L;

    /** A query as the test asked it. */
    record Asked(
            List<Unit> units,
            List<String> metrics,
            Instant from,
            Instant to,
            String bucket,
            String timezone,
            List<String> aggregates,
            List<String> groupBy,
            @Nullable String source) {
        boolean percentiles() {
            return aggregates.stream().anyMatch(one -> one.matches("p[0-9]+"));
        }
    }

    /** By bucket start in ms: values by aggregate, and, of percentiles, the list that they are of. */
    record Point(Map<String, @Nullable Double> values, List<Double> samples) {}

    /** Points by bucket of each group, by {@code [keys..., metric]}. */
    static Map<List<@Nullable String>, TreeMap<Long, Point>> of(Asked asked) {
        Map<List<@Nullable String>, List<NaiveSeries>> groups = new LinkedHashMap<>();
        Map<List<@Nullable String>, ZoneId> zones = new LinkedHashMap<>();
        for (Unit unit : asked.units) {
            for (String metric : asked.metrics) {
                List<@Nullable String> key = new ArrayList<>();
                List<String> by = asked.groupBy.isEmpty() ? List.of("device") : asked.groupBy;
                by.forEach(one -> key.add(keyOf(unit, one)));
                key.add(metric);
                groups.computeIfAbsent(key, any -> new ArrayList<>())
                        .add(unit.numbers().get(metric));
                zones.put(key, ZoneId.of(asked.timezone.equals("site") ? unit.zone() : asked.timezone));
            }
        }
        Map<List<@Nullable String>, TreeMap<Long, Point>> answer = new LinkedHashMap<>();
        groups.forEach((key, series) ->
                answer.put(key, points(asked, series, zones.getOrDefault(key, ZoneId.of("UTC")))));
        return answer;
    }

    private static @Nullable String keyOf(Unit unit, String key) {
        return switch (key) {
            case "device" -> unit.id();
            case "site" -> unit.site();
            case "type" -> unit.type();
            default -> unit.floor();
        };
    }

    static List<Long> edges(Asked asked, ZoneId zone) {
        if (!asked.bucket.equals("all")) {
            return NaiveBuckets.edges(asked.bucket, zone, asked.from.getEpochSecond(), (long)
                            Math.ceil(asked.to.toEpochMilli() / 1e3))
                    .stream()
                    .map(second -> second * 1_000_000)
                    .toList();
        }
        boolean exact = asked.percentiles()
                || "raw".equals(asked.source)
                || asked.to.toEpochMilli() - asked.from.toEpochMilli() <= 86_400_000;
        long from = asked.from.toEpochMilli() * 1_000;
        long to = asked.to.toEpochMilli() * 1_000;
        long minute = 60_000_000;
        return exact ? List.of(from, to) : List.of(from / minute * minute, (to + minute - 1) / minute * minute);
    }

    static Tier tier(Asked asked, List<Long> edges) {
        Tier tier = Tier.RAW;
        for (Tier one : TestFleet.WINDOWS) {
            tier = edges.stream().allMatch(edge -> edge % one.micros() == 0) ? one : tier;
        }
        tier = tier == Tier.TEN_SECONDS && asked.percentiles() ? Tier.RAW : tier;
        Tier wanted = asked.source == null ? tier : Tier.parse(asked.source).orElseThrow();
        return wanted.compareTo(tier) < 0 ? wanted : tier;
    }

    private static TreeMap<Long, Point> points(Asked asked, List<NaiveSeries> series, ZoneId zone) {
        List<Long> edges = edges(asked, zone);
        Tier tier = tier(asked, edges);
        long start = edges.getFirst();
        long end = edges.getLast();
        TreeMap<Long, Point> points = new TreeMap<>();
        for (int i = 0; i + 1 < edges.size(); i++) {
            List<NaiveSeries.Told> told = new ArrayList<>();
            for (NaiveSeries one : series) {
                told.add(one.told(edges.get(i), edges.get(i + 1), start, end, MAX_GAP, micros -> run(tier, micros)));
            }
            Point point = point(told, series, edges.get(i), edges.get(i + 1));
            if (!point.samples.isEmpty()
                    || asked.aggregates.contains("integral") && point.values.get("integral") != null) {
                points.put(Math.floorDiv(edges.get(i), 1_000L), point);
            }
        }
        return points;
    }

    private static long run(Tier tier, long micros) {
        for (Tier window : tier.windows()) {
            if (TestFleet.closed(window, micros)) {
                return TestFleet.start(window, micros);
            }
        }
        return micros;
    }

    static Point point(List<NaiveSeries.Told> told, List<NaiveSeries> series, long start, long end) {
        List<Double> values =
                told.stream().flatMap(one -> one.values().stream()).toList();
        TreeMap<Long, Double> byTime = new TreeMap<>();
        series.forEach(one -> byTime.putAll(one.samples.subMap(start, end)));
        Map<String, @Nullable Double> aggregates = new LinkedHashMap<>();
        boolean any = !values.isEmpty();
        double sum = values.stream().mapToDouble(Double::doubleValue).sum();
        aggregates.put("count", (double) values.size());
        aggregates.put("sum", any ? (Double) sum : null);
        aggregates.put("avg", any ? (Double) (sum / values.size()) : null);
        aggregates.put("min", values.stream().min(Double::compare).orElse(null));
        aggregates.put("max", values.stream().max(Double::compare).orElse(null));
        aggregates.put("first", any ? byTime.firstEntry().getValue() : null);
        aggregates.put("last", any ? byTime.lastEntry().getValue() : null);
        aggregates.put("stddev", values.size() > 1 ? (Double) NaiveSeries.stddev(values) : null);
        aggregates.put("rate", sumOf(told.stream().map(NaiveSeries.Told::rate).toList()));
        aggregates.put("delta", sumOf(told.stream().map(NaiveSeries.Told::delta).toList()));
        aggregates.put(
                "integral", sumOf(told.stream().map(NaiveSeries.Told::area).toList()));
        return new Point(aggregates, values);
    }

    private static @Nullable Double sumOf(List<@Nullable Double> values) {
        Double sum = null;
        for (Double value : values) {
            if (value != null) {
                sum = (sum == null ? 0 : sum) + value;
            }
        }
        return sum;
    }
}
