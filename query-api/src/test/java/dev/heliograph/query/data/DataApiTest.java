package dev.heliograph.query.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.heliograph.query.testing.TestApi;
import dev.heliograph.query.testing.TestApi.Answer;
import dev.heliograph.query.testing.TestRows;
import dev.heliograph.query.testing.TestTokens;
import dev.heliograph.storage.TestDatabase;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Range queries, on PostgreSQL and on the TimescaleDB that the build was handed, if any. */
class DataApiTest {
    private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");
    private static final AtomicInteger NEXT = new AtomicInteger();
    private static final List<TestApi> STARTED = new ArrayList<>();
    private static final List<Arguments> STORES = new ArrayList<>();

    static Stream<Arguments> stores() {
        if (STORES.isEmpty()) {
            STORES.add(Arguments.of("postgres", TestApi.shared()));
            TestDatabase.timescale().ifPresent(database -> {
                TestApi api = new TestApi(database);
                STARTED.add(api);
                STORES.add(Arguments.of("timescale", api));
            });
        }
        return STORES.stream();
    }

    @AfterAll
    static void stop() {
        STARTED.forEach(TestApi::close);
    }

    private final String tenant = "data-" + NEXT.incrementAndGet();
    private final String token = TestTokens.of(tenant, "viewer");

    @ParameterizedTest(name = "{0}", autoCloseArguments = false)
    @MethodSource("stores")
    void givenFewMeasurements_whenAsked_thenTheyAreRawWithGaps(String store, TestApi api) {
        TestRows rows = new TestRows(api.jdbc, tenant).device("d");
        int series = rows.series("d", "t", "number");
        rows.measurement(series, START, 1.5);
        rows.measurement(series, START.plusSeconds(600), 2.5);

        JsonNode answer = data(api, "from=2026-03-01T10:00:00Z&to=2026-03-01T11:00:00Z");

        assertThat(answer.path("resolution").asString()).isEqualTo("raw");
        JsonNode one = answer.path("series").path(0);
        assertThat(one.path("unit").asString()).isEqualTo("°C");
        assertThat(numbers(one, "times")).containsExactly((double) START.toEpochMilli(), (double)
                START.plusSeconds(600).toEpochMilli());
        assertThat(numbers(one, "values")).containsExactly(1.5, 2.5);
        assertThat(one.has("avg")).isFalse();
    }

    @ParameterizedTest(name = "{0}", autoCloseArguments = false)
    @MethodSource("stores")
    void givenClosedAndOpenWindows_whenBucketsAreAsked_thenTheyEqualTheRecomputationFromRaw(String store, TestApi api) {
        TestRows rows = new TestRows(api.jdbc, tenant).device("d");
        int series = rows.series("d", "t", "number");
        List<Double> values = new ArrayList<>();
        for (int second = 0; second < 300; second++) {
            double value = Math.sin(second / 17.0) * 10;
            values.add(value);
            rows.measurement(series, START.plusSeconds(second), value);
        }
        // Closed up to 10:03; an early one that tells less than raw after it must not be used.
        for (int minute = 0; minute < 3; minute++) {
            rows.window("window_1m", series, START.plusSeconds(60L * minute), START.plusSeconds(60L * minute + 60), 1);
        }
        rows.window("window_1m", series, START.plusSeconds(180), START.plusSeconds(190), 0);

        JsonNode answer = data(
                api,
                "from=2026-03-01T10:00:00Z&to=2026-03-01T10:05:00Z&bucket=1m&aggregate=sum&aggregate=first&aggregate=last");

        JsonNode one = answer.path("series").path(0);
        assertThat(answer.path("resolution").asString()).isEqualTo("1m");
        assertThat(numbers(one, "count")).containsExactly(60.0, 60.0, 60.0, 60.0, 60.0);
        for (int minute = 0; minute < 5; minute++) {
            List<Double> part = values.subList(minute * 60, minute * 60 + 60);
            double sum = part.stream().mapToDouble(Double::doubleValue).sum();
            assertThat(numbers(one, "sum").get(minute)).isCloseTo(sum, within(1e-9));
            assertThat(numbers(one, "avg").get(minute)).isCloseTo(sum / 60, within(1e-9));
            assertThat(numbers(one, "min").get(minute))
                    .isEqualTo(part.stream().min(Double::compare).orElseThrow());
            assertThat(numbers(one, "max").get(minute))
                    .isEqualTo(part.stream().max(Double::compare).orElseThrow());
            assertThat(numbers(one, "first").get(minute)).isEqualTo(part.getFirst());
            assertThat(numbers(one, "last").get(minute)).isEqualTo(part.getLast());
        }
    }

    @ParameterizedTest(name = "{0}", autoCloseArguments = false)
    @MethodSource("stores")
    void givenClosedWindows_whenAReadingIsStoredAMomentLater_thenItIsSeenAtOnce(String store, TestApi api) {
        TestRows rows = new TestRows(api.jdbc, tenant).device("d");
        int series = rows.series("d", "t", "number");
        for (int i = 0; i < 400; i++) {
            rows.measurement(series, START.plusSeconds(i), i);
        }
        for (int window = 0; window < 40; window++) {
            rows.window("window_10s", series, START.plusSeconds(10L * window), START.plusSeconds(10L * window + 10), 1);
        }
        String query = "from=2026-03-01T10:00:00Z&to=2026-03-01T10:10:00Z&maxPoints=60";
        assertThat(numbers(data(api, query).path("series").path(0), "times")).hasSize(20);

        rows.measurement(series, START.plusSeconds(405), 999);

        JsonNode answer = data(api, query);
        assertThat(answer.path("resolution").asString()).isEqualTo("20s");
        assertThat(numbers(answer.path("series").path(0), "max").getLast()).isEqualTo(999);
    }

    @ParameterizedTest(name = "{0}", autoCloseArguments = false)
    @MethodSource("stores")
    void givenHoursAndRawBehindThem_whenALongRangeIsAsked_thenHoursAreReadAndTheTailFromRaw(String store, TestApi api) {
        TestRows rows = new TestRows(api.jdbc, tenant).device("d");
        int series = rows.series("d", "t", "number");
        for (int hour = 0; hour < 3; hour++) {
            rows.measurement(series, START.plusSeconds(3_600L * hour + 1), 10 + hour);
        }
        rows.window("window_1h", series, START, START.plusSeconds(3_600), 1);
        rows.window("window_1h", series, START.plusSeconds(3_600), START.plusSeconds(7_200), 1);
        // Raw data may be gone when hours are still there.
        api.jdbc
                .sql("DELETE FROM measurement WHERE series_id = :s AND ts < :t")
                .param("s", series)
                .param("t", START.plusSeconds(3_600).atOffset(ZoneOffset.UTC))
                .update();

        JsonNode answer = data(api, "from=2026-03-01T10:00:00Z&to=2026-03-04T10:00:00Z&bucket=1h");
        JsonNode fitting = data(api, "from=2026-02-01T10:00:00Z&to=2026-03-11T10:00:00Z&maxPoints=500");

        assertThat(numbers(answer.path("series").path(0), "avg")).containsExactly(10.0, 11.0, 12.0);
        assertThat(fitting.path("resolution").asString()).isEqualTo("2h");
        assertThat(numbers(fitting.path("series").path(0), "avg")).containsExactly(10.5, 12.0);
    }

    @ParameterizedTest(name = "{0}", autoCloseArguments = false)
    @MethodSource("stores")
    void givenStatesAndUnknownMetric_whenAsked_thenTextsAndAnEmptySeries(String store, TestApi api) {
        TestRows rows = new TestRows(api.jdbc, tenant).device("d");
        int mode = rows.series("d", "mode", "state");
        rows.state(mode, START, "idle");
        rows.state(mode, START.plusSeconds(5), "heating");

        JsonNode answer =
                data(api, "from=2026-03-01T10:00:00Z&to=2026-03-01T11:00:00Z&metric=mode&metric=nothing&bucket=1m");

        assertThat(answer.path("series").path(0).path("texts").path(1).asString())
                .isEqualTo("heating");
        assertThat(answer.path("series").path(1).path("times").size()).isZero();
    }

    @ParameterizedTest(name = "{0}", autoCloseArguments = false)
    @MethodSource("stores")
    void givenMoreRawThanALimit_whenRawIsAsked_thenItIsTruncatedAndSaysSo(String store, TestApi api) {
        TestRows rows = new TestRows(api.jdbc, tenant).device("d");
        int series = rows.series("d", "t", "number");
        for (int i = 0; i < 30; i++) {
            rows.measurement(series, START.plusSeconds(i), i);
        }

        JsonNode fitting = data(api, "from=2026-03-01T10:00:00Z&to=2026-03-01T10:01:00Z&maxPoints=20");
        JsonNode raw = data(api, "from=2026-03-01T10:00:00Z&to=2026-03-01T10:01:00Z&bucket=raw");

        assertThat(fitting.path("resolution").asString()).isEqualTo("10s");
        assertThat(raw.path("truncated").asBoolean()).isFalse();
        assertThat(numbers(raw.path("series").path(0), "values")).hasSize(30);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "from=2026-03-01T11:00:00Z&to=2026-03-01T10:00:00Z",
                "from=2026-03-01T11:00:00Z&to=2026-03-01T11:00:00Z",
                "from=2026-03-01T11:00:00",
                "from=1000000000000000000",
                "from=now-1y",
                "from=%2B999999999-01-01T00:00:00Z",
                "bucket=0",
                "bucket=-1",
                "bucket=1ns",
                "bucket=1000000000",
                "bucket=5%20minutes;%20drop",
                "bucket=P0D",
                "bucket=15s",
                "maxPoints=0",
                "maxPoints=-1",
                "maxPoints=abc",
                "maxPoints=%D9%A1%D9%A0",
                "aggregate=sleep(10)",
                "metric=%00",
                "metric=a'--",
                "format=xml",
                "colour=red",
                "from=now-1h&from=now-2h"
            })
    void givenSenselessQuery_whenAsked_then400WithTheParameter(String query) {
        Answer answer = TestApi.shared().get("/api/v1/data/d?" + query, token);

        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.json().path("errors").path(0).path("pointer").asString())
                .isNotEmpty();
        assertThat(answer.json().path("requestId").asString()).isEqualTo(answer.header("X-Request-Id"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "from=2026-01-01T00:00:00Z&to=2026-12-31T00:00:00Z&bucket=10s",
                "from=1990-01-01T00:00:00Z&to=2090-01-01T00:00:00Z",
                "maxPoints=999999999"
            })
    void givenQueryOverALimit_whenAsked_then422NamesIt(String query) {
        Answer answer = TestApi.shared().get("/api/v1/data/d?" + query, token);

        assertThat(answer.status()).as(answer.body()).isEqualTo(422);
        assertThat(answer.json().path("detail").asString()).containsPattern("[0-9]+");
    }

    private JsonNode data(TestApi api, String query) {
        Answer answer = api.get("/api/v1/data/d?" + query, token);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json();
    }

    private static List<Double> numbers(JsonNode series, String column) {
        List<Double> numbers = new ArrayList<>();
        series.path(column).forEach(number -> numbers.add(number.asDouble()));
        return numbers;
    }
}
