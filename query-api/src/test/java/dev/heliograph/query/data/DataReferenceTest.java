package dev.heliograph.query.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.heliograph.query.data.NaiveAnswer.Asked;
import dev.heliograph.query.data.NaiveAnswer.Point;
import dev.heliograph.query.data.TestFleet.Unit;
import dev.heliograph.query.testing.TestApi;
import dev.heliograph.query.testing.TestApi.Answer;
import dev.heliograph.query.testing.TestTokens;
import dev.heliograph.storage.TestDatabase;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * Random queries to the real service and store, and the same by plain arithmetic on the list of samples. How many:
 * {@code -Dheliograph.test.queries=} (a few hundred where nothing is said).
 */
@org.junit.jupiter.api.TestMethodOrder(org.junit.jupiter.api.MethodOrderer.MethodName.class)
class DataReferenceTest {
    private static final int QUERIES = Integer.getInteger("heliograph.test.queries", 250);
    private static final String TENANT = "reference";
    private static final String TOKEN = TestTokens.of(TENANT, "viewer");
    private static final TestFleet FLEET = new TestFleet(20_260_329);
    private static final List<TestApi> STARTED = new ArrayList<>();
    private static final List<String> ZONES = List.of(
            "UTC",
            "site",
            "Europe/Berlin",
            "Australia/Lord_Howe",
            "Asia/Kathmandu",
            "America/St_Johns",
            "America/New_York");
    private static final List<String> AGGREGATES = List.of(
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
            "p95",
            "p99");

    static Stream<Arguments> stores() {
        List<Arguments> stores = new ArrayList<>();
        FLEET.insert(TestApi.shared().jdbc, TENANT);
        stores.add(Arguments.of("postgres", TestApi.shared()));
        TestDatabase.timescale().ifPresent(database -> {
            TestApi api = new TestApi(database);
            STARTED.add(api);
            FLEET.insert(api.jdbc, TENANT);
            stores.add(Arguments.of("timescale", api));
        });
        TestDatabase.columnstore().ifPresent(database -> {
            TestApi api = new TestApi(database);
            STARTED.add(api);
            FLEET.insert(api.jdbc, TENANT);
            TestDatabase.moveToColumnstore(database);
            stores.add(Arguments.of("columnstore", api));
        });
        return stores.stream();
    }

    @AfterAll
    static void stop() {
        STARTED.forEach(TestApi::close);
    }

    @ParameterizedTest(name = "{0}", autoCloseArguments = false)
    @MethodSource("stores")
    void givenHistory_whenAskedAtRandom_thenTheAnswerIsThatOfTheList(String store, TestApi api) {
        int compared = 0;
        for (int seed = 0; seed < QUERIES; seed++) {
            Asked asked = random(new Random(seed));
            String query = text(asked);
            Answer answer = api.get("/api/v1/data?" + query, TOKEN);
            assertThat(answer.status())
                    .as(seed + " " + query + " " + answer.body())
                    .isEqualTo(200);
            compared += compare(seed + " " + query, asked, answer.json());
        }
        assertThat(compared).isGreaterThan(QUERIES * 20);
    }

    private static Asked random(Random random) {
        List<Unit> units = random.nextInt(3) == 0 ? FLEET.units : some(FLEET.units, random);
        String bucket = List.of(
                        "10s", "30s", "1m", "15m", "30m", "1h", "2h", "6h", "12h", "1d", "2d", "1w", "1mo", "all")
                .get(random.nextInt(14));
        List<String> groupBy = List.of(
                        List.<String>of(),
                        List.of("site"),
                        List.of("type"),
                        List.of("label:floor"),
                        List.of("device"),
                        List.of("site", "type"))
                .get(random.nextInt(6));
        boolean siteZone = groupBy.isEmpty() || groupBy.contains("site") || groupBy.contains("device");
        String zone = ZONES.get(random.nextInt(ZONES.size()));
        zone = zone.equals("site") && !siteZone ? "Europe/Berlin" : zone;
        long range =
                bucket.endsWith("s") ? 7_000 : bucket.endsWith("m") ? 40_000 : bucket.equals("1mo") ? 900_000 : 500_000;
        long from = TestFleet.START.getEpochSecond() - 3_600 + random.nextLong(11 * 86_400L);
        long to = from + 1 + random.nextLong(range);
        if (random.nextBoolean()) {
            from = from / 3_600 * 3_600;
            to = (to / 3_600 + 1) * 3_600;
        }
        List<String> aggregates = some(AGGREGATES, random);
        String source = random.nextInt(4) == 0 ? "raw" : null;
        List<String> metrics = random.nextBoolean() ? List.of("energy", "temperature") : List.of("temperature");
        return new Asked(
                units,
                metrics,
                Instant.ofEpochSecond(from),
                Instant.ofEpochSecond(to),
                bucket,
                zone,
                aggregates,
                groupBy,
                source);
    }

    private static <T> List<T> some(List<T> all, Random random) {
        List<T> shuffled = new ArrayList<>(all);
        Collections.shuffle(shuffled, random);
        List<T> some = shuffled.subList(0, 1 + random.nextInt(4));
        return all.stream().filter(some::contains).toList();
    }

    static String text(Asked asked) {
        List<String> parameters = new ArrayList<>();
        if (asked.units().size() < FLEET.units.size()) {
            asked.units().forEach(unit -> parameters.add("device=" + unit.id()));
        }
        asked.metrics().forEach(metric -> parameters.add("metric=" + metric));
        asked.aggregates().forEach(aggregate -> parameters.add("aggregate=" + aggregate));
        asked.groupBy().forEach(key -> parameters.add("groupBy=" + key));
        parameters.add("from=" + asked.from());
        parameters.add("to=" + asked.to());
        parameters.add("bucket=" + asked.bucket());
        parameters.add("timezone=" + URLEncoder.encode(asked.timezone(), StandardCharsets.UTF_8));
        if (asked.source() != null) {
            parameters.add("source=" + asked.source());
        }
        return String.join("&", parameters);
    }

    private static int compare(String name, Asked asked, JsonNode answer) {
        Map<List<@Nullable String>, TreeMap<Long, Point>> expected = NaiveAnswer.of(asked);
        Map<List<@Nullable String>, JsonNode> told = new LinkedHashMap<>();
        answer.path("series").forEach(series -> told.put(key(asked, series), series));
        assertThat(told.keySet()).as(name).containsExactlyInAnyOrderElementsOf(expected.keySet());
        if (!asked.timezone().equals("site")) {
            Tier tier = NaiveAnswer.tier(asked, NaiveAnswer.edges(asked, ZoneId.of(asked.timezone())));
            assertThat(answer.path("source").asString()).as(name).isEqualTo(tier.label());
        }
        int values = 0;
        for (var group : expected.entrySet()) {
            JsonNode series = told.getOrDefault(group.getKey(), answer);
            String label = name + " " + group.getKey();
            List<Long> times = new ArrayList<>();
            series.path("times").forEach(time -> times.add(time.asLong()));
            assertThat(times)
                    .as(label)
                    .containsExactlyElementsOf(group.getValue().keySet());
            for (String aggregate : asked.aggregates()) {
                values += compare(label, aggregate, series, group.getValue());
            }
        }
        return values;
    }

    private static int compare(String label, String aggregate, JsonNode series, TreeMap<Long, Point> points) {
        boolean percentile = aggregate.matches("p[0-9]+");
        JsonNode column = percentile ? series.path("percentiles").path(aggregate) : series.path(aggregate);
        assertThat(column.size()).as(label + " " + aggregate).isEqualTo(points.size());
        int at = 0;
        for (var point : points.entrySet()) {
            JsonNode told = column.path(at++);
            String as = label + " " + aggregate + " at " + Instant.ofEpochMilli(point.getKey());
            if (percentile) {
                percentile(as, told, point.getValue().samples(), Integer.parseInt(aggregate.substring(1)));
                continue;
            }
            Double value = point.getValue().values().get(aggregate);
            assertThat(told.isNull()).as(as).isEqualTo(value == null);
            if (value != null) {
                assertThat(told.asDouble()).as(as).isCloseTo(value, within(1e-9 * Math.max(1, Math.abs(value) * 100)));
            }
        }
        return points.size();
    }

    // Read from samples it is exact; from sketches within 1 % of the value of the rank below.
    private static void percentile(String as, JsonNode told, List<Double> samples, int percent) {
        assertThat(told.isNull()).as(as).isEqualTo(samples.isEmpty());
        if (!samples.isEmpty()) {
            double exact = NaiveSeries.percentile(samples, percent);
            double ranked = NaiveSeries.byRank(samples, percent);
            double off = Math.min(Math.abs(told.asDouble() - exact), Math.abs(told.asDouble() - ranked));
            assertThat(off).as(as).isLessThanOrEqualTo(0.0101 * Math.abs(ranked) + 1e-9);
        }
    }

    private static List<@Nullable String> key(Asked asked, JsonNode series) {
        List<@Nullable String> key = new ArrayList<>();
        if (asked.groupBy().isEmpty()) {
            key.add(series.path("device").asString());
        } else {
            asked.groupBy().forEach(one -> {
                JsonNode value = series.path("group").path(one);
                key.add(value.isNull() ? null : value.asString());
            });
        }
        key.add(series.path("metric").asString());
        return key;
    }

    @ParameterizedTest(name = "{0}", autoCloseArguments = false)
    @MethodSource("started")
    void givenStates_whenTimesInThemAreAsked_thenTheyAreThoseOfTheList(String store, TestApi api) {
        for (int seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            long from = TestFleet.START.getEpochSecond() + random.nextLong(9 * 86_400L);
            Asked asked = new Asked(
                    some(FLEET.units, random),
                    List.of("mode"),
                    Instant.ofEpochSecond(from),
                    Instant.ofEpochSecond(from + 86_400 + random.nextLong(86_400)),
                    List.of("1h", "6h", "1d", "all").get(seed % 4),
                    "Australia/Lord_Howe",
                    List.of("time-in-state"),
                    List.of(),
                    "raw");

            JsonNode answer = api.get("/api/v1/data?" + text(asked), TOKEN).json();

            List<Long> edges = NaiveAnswer.edges(asked, ZoneId.of(asked.timezone()));
            for (int i = 0; i < asked.units().size(); i++) {
                JsonNode times = answer.path("series").path(i).path("timeInState");
                TreeMap<Long, String> modes = asked.units().get(i).modes();
                for (String state : List.of("idle", "heating", "fault")) {
                    List<Long> expected = IntStream.range(0, edges.size() - 1)
                            .mapToObj(at -> held(modes, state, edges.get(at), edges.get(at + 1)))
                            .toList();
                    List<Long> told = new ArrayList<>();
                    times.path(state).forEach(ms -> told.add(ms.asLong()));
                    assertThat(told.isEmpty() ? expected.stream().map(any -> 0L).toList() : told)
                            .as(seed + " " + state)
                            .isEqualTo(expected);
                }
            }
        }
    }

    static Stream<Arguments> started() {
        return Stream.concat(
                Stream.of(Arguments.of("postgres", TestApi.shared())),
                STARTED.stream().map(api -> Arguments.of("on TimescaleDB", api)));
    }

    private static long held(TreeMap<Long, String> modes, String state, long start, long end) {
        long micros = 0;
        for (var change : modes.entrySet()) {
            Long next = modes.higherKey(change.getKey());
            long until = Math.min(end, next == null ? Long.MAX_VALUE : next);
            long from = Math.max(start, change.getKey());
            micros += change.getValue().equals(state) ? Math.max(0, until - from) : 0;
        }
        return micros / 1_000;
    }
}
