package dev.heliograph.query.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.heliograph.query.testing.TestApi;
import dev.heliograph.query.testing.TestApi.Answer;
import dev.heliograph.query.testing.TestRows;
import dev.heliograph.query.testing.TestTokens;
import dev.heliograph.query.web.CsvText;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** How answers are written, revalidated, paged and stopped. */
class DataFormatsTest {
    private static final TestApi API = TestApi.shared();
    private static final AtomicInteger NEXT = new AtomicInteger();
    private static final JsonMapper JSON = new JsonMapper();
    private static final Instant START = Instant.parse("2026-03-29T00:30:00Z");
    private static final String RANGE = "from=2026-03-29T00:00:00Z&to=2026-03-29T03:00:00Z";

    private final String tenant = "formats-" + NEXT.incrementAndGet();
    private final String token = TestTokens.of(tenant, "viewer");
    private final TestRows rows = new TestRows(API.jdbc, tenant);

    private Answer get(String query) {
        Answer answer = API.get(query, token);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer;
    }

    @Test
    void givenHoursOfAChangeOfClocks_whenCsvIsAsked_thenRowsInTheZoneWithAHeader() {
        int series = rows.device("d").series("d", "t", "number");
        rows.measurement(series, START, -1.5);
        rows.measurement(series, START.plusSeconds(3_600), 2.25);

        Answer answer =
                get("/api/v1/data?metric=t&bucket=1h&aggregate=avg&aggregate=count&timezone=Europe/Berlin&format=csv&"
                        + RANGE);

        assertThat(answer.header("Content-Type")).isEqualTo("text/csv;charset=UTF-8");
        assertThat(answer.header("Content-Disposition")).isEqualTo("attachment; filename=\"heliograph-data.csv\"");
        assertThat(answer.body()).isEqualTo("""
                        device,metric,unit,time,avg,count\r
                        d,t,°C,2026-03-29T01:00:00+01:00,-1.5,1\r
                        d,t,°C,2026-03-29T03:00:00+02:00,2.25,1\r
                        """);
    }

    @Test
    void givenRawSamples_whenNdjsonIsAccepted_thenALineEachToTheMicrosecond() {
        int series = rows.device("d").series("d", "t", "number");
        rows.measurement(series, START.plusNanos(123_456_000), 21.5);
        int mode = rows.series("d", "mode", "state");
        rows.state(mode, START, "a \"quoted\"\nstate");

        Answer answer = API.send(
                "GET", "/api/v1/data/d?bucket=raw&" + RANGE, token, null, Map.of("Accept", "application/x-ndjson"));

        List<JsonNode> lines = answer.body().lines().map(JSON::readTree).toList();
        assertThat(answer.header("Content-Type")).isEqualTo("application/x-ndjson;charset=UTF-8");
        assertThat(lines).hasSize(2);
        assertThat(lines.get(0).path("time").asString()).isEqualTo("2026-03-29T00:30:00.123456Z");
        assertThat(lines.get(0).path("value").asDouble()).isEqualTo(21.5);
        assertThat(lines.get(1).path("text").asString()).isEqualTo("a \"quoted\"\nstate");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "=HYPERLINK(1) | \"'=HYPERLINK(1)\"",
                "+1 | \"'+1\"",
                "-1 | \"'-1\"",
                "@SUM(1) | \"'@SUM(1)\"",
                "plain | plain",
                "a,b | \"a,b\"",
                "a\"b | \"a\"\"b\"",
            })
    void r17_givenTextThatASpreadsheetWouldRun_whenWrittenAsCsv_thenItIsText(String text, String expected) {
        StringBuilder cell = new StringBuilder();

        CsvText.append(cell, text);

        assertThat(cell.toString()).isEqualTo(expected);
    }

    @Test
    void r17_givenFormulaAsLabelAndState_whenExported_thenBothAreHarmless() {
        rows.device("d");
        API.jdbc
                .sql("UPDATE device SET labels = '{\"floor\":\"=cmd|calc\"}' WHERE tenant = :t")
                .param("t", tenant)
                .update();
        rows.measurement(rows.series("d", "t", "number"), START, -3);
        rows.state(rows.series("d", "mode", "state"), START, "\t=1+1");

        String grouped = get("/api/v1/data?metric=t&groupBy=label:floor&bucket=1h&aggregate=avg&format=csv&" + RANGE)
                .body();
        String raw =
                get("/api/v1/data?metric=mode&bucket=raw&format=csv&" + RANGE).body();

        assertThat(grouped).contains("\r\n\"'=cmd|calc\",false,t,°C,2026-03-29T00:00:00Z,-3.0\r\n");
        assertThat(raw).contains(",\"'\t=1+1\"\r\n");
    }

    @Test
    void givenClosedRange_whenAskedAgainWithItsTag_then304UntilALateReadingChangesIt() {
        int series = rows.device("d").series("d", "t", "number");
        rows.measurement(series, START, 1);
        API.jdbc
                .sql("INSERT INTO latest (series_id, ts, value, received_at) VALUES (:s, now(), 1, now())")
                .param("s", series)
                .update();
        String query = "/api/v1/data/d?bucket=1h&" + RANGE;
        String tag = get(query).header("ETag");

        assertThat(tag).startsWith("W/\"");
        Answer again = API.send("GET", query, token, null, Map.of("If-None-Match", "\"other\", " + tag));
        assertThat(again.status()).isEqualTo(304);
        assertThat(again.body()).isEmpty();

        rows.measurement(series, START.plusSeconds(5), 2);

        Answer changed = API.send("GET", query, token, null, Map.of("If-None-Match", String.valueOf(tag)));
        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.header("ETag")).isNotEqualTo(tag);
        assertThat(get("/api/v1/data/d?from=now-1h").header("ETag"))
                .as("an open range")
                .isNull();
    }

    @Test
    void givenQuestionThatIsPosted_whenItNamesATag_thenItIsAnsweredAll() {
        int series = rows.device("d").series("d", "t", "number");
        rows.measurement(series, START, 1);
        API.jdbc
                .sql("INSERT INTO latest (series_id, ts, value, received_at) VALUES (:s, now(), 1, now())")
                .param("s", series)
                .update();
        String tag = String.valueOf(get("/api/v1/data/d?bucket=1h&" + RANGE).header("ETag"));
        assertThat(tag).startsWith("W/");
        String question = "{\"device\":[\"d\"],\"metric\":[\"t\"],\"bucket\":\"1h\",\"from\":\""
                + START.minusSeconds(3_600) + "\",\"to\":\"" + START.plusSeconds(3_600) + "\"}";

        for (String condition : List.of(tag, "*")) {
            Answer answer = API.send("POST", "/api/v1/data:query", token, question, Map.of("If-None-Match", condition));

            assertThat(answer.status()).as(answer.body()).isEqualTo(200);
            assertThat(answer.body()).contains("\"series\"");
            assertThat(answer.header("ETag")).isNull();
        }
        assertThat(API.send("HEAD", "/api/v1/data/d?bucket=1h&" + RANGE, token, null, Map.of())
                        .header("ETag"))
                .as("HEAD tells what GET would")
                .isEqualTo(tag);
    }

    @Test
    void givenLongAnswer_whenGzipIsAccepted_thenItIsCompressed() throws Exception {
        int series = rows.device("d").series("d", "t", "number");
        API.jdbc
                .sql(
                        "INSERT INTO measurement SELECT :s, TIMESTAMPTZ '2026-03-29T00:00:00Z' + n * INTERVAL '1 s', n, now() "
                                + "FROM generate_series(0, 5000) AS n")
                .param("s", series)
                .update();
        HttpRequest request = HttpRequest.newBuilder(API.uri("/api/v1/data/d?bucket=raw&" + RANGE))
                .header("Authorization", "Bearer " + token)
                .header("Accept-Encoding", "gzip")
                .build();

        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<byte[]> answer = client.send(request, HttpResponse.BodyHandlers.ofByteArray());

            assertThat(answer.headers().firstValue("Content-Encoding")).hasValue("gzip");
            assertThat(answer.body()).hasSizeLessThan(60_000).startsWith(0x1f, 0x8b);
        }
    }

    @Test
    void givenManyDevices_whenPaged_thenEverySeriesOnceInTheRangeOfTheFirstPage() {
        Set<String> expected = new HashSet<>();
        for (int i = 0; i < 7; i++) {
            rows.device("p" + i);
            for (int metric = 0; metric < i % 3; metric++) {
                rows.series("p" + i, "m" + metric, "number");
                expected.add("p" + i + " m" + metric);
            }
        }
        List<String> seen = new ArrayList<>();
        Set<String> ranges = new HashSet<>();
        String next = "";
        int pages = 0;
        do {
            JsonNode page = get("/api/v1/data?from=now-1h&limit=2" + next).json();
            page.path("series")
                    .forEach(one -> seen.add(one.path("device").asString() + " "
                            + one.path("metric").asString()));
            ranges.add(page.path("from").asString() + page.path("to").asString());
            next = page.has("nextCursor") ? "&cursor=" + page.path("nextCursor").asString() : "";
            pages++;
        } while (!next.isEmpty() && pages < 20);

        assertThat(seen).hasSameElementsAs(expected).doesNotHaveDuplicates();
        assertThat(ranges).hasSize(1);
    }

    @Test
    void givenSites_whenTheLargestAreAsked_thenTheRestIsOneGroup() {
        double[] levels = {1, 50, 20, 5};
        for (int i = 0; i < levels.length; i++) {
            rows.device("d" + i);
            API.jdbc
                    .sql("UPDATE device SET type = :type WHERE tenant = :t AND id = :id")
                    .param("type", "type" + i)
                    .param("t", tenant)
                    .param("id", "d" + i)
                    .update();
            rows.measurement(rows.series("d" + i, "t", "number"), START, levels[i]);
        }

        JsonNode series = API.post(
                        "/api/v1/data:query",
                        token,
                        "{\"metric\":[\"t\"],\"groupBy\":[\"type\"],\"top\":2,\"aggregate\":[\"max\",\"sum\"],\"bucket\":\"1h\","
                                + "\"from\":\"2026-03-29T00:00:00Z\",\"to\":\"2026-03-29T03:00:00Z\"}")
                .json()
                .path("series");

        assertThat(series.size()).isEqualTo(3);
        assertThat(series.path(0).path("group").path("type").asString()).isEqualTo("type1");
        assertThat(series.path(1).path("group").path("type").asString()).isEqualTo("type2");
        assertThat(series.path(2).path("others").asBoolean()).isTrue();
        assertThat(series.path(2).path("members").asInt()).isEqualTo(2);
        assertThat(series.path(2).path("sum").path(0).asDouble()).isEqualTo(6);
    }

    @Test
    void givenMorePointsThanAsked_whenThinned_thenThePeakStaysAndTheMethodIsTold() {
        int series = rows.device("d").series("d", "t", "number");
        API.jdbc
                .sql("INSERT INTO measurement SELECT :s, TIMESTAMPTZ '2026-03-29T00:00:00Z' + n * INTERVAL '1 s', "
                        + "CASE WHEN n = 777 THEN 99 ELSE n % 7 END, now() FROM generate_series(0, 3000) AS n")
                .param("s", series)
                .update();

        JsonNode answer =
                get("/api/v1/data/d?downsample=minmax&maxPoints=40&" + RANGE).json();

        JsonNode values = answer.path("series").path(0).path("values");
        assertThat(answer.path("method").asString()).isEqualTo("minmax");
        assertThat(values.size()).isBetween(20, 40);
        assertThat(values.valueStream().mapToDouble(JsonNode::asDouble)).contains(99.0);
    }

    @Test
    void givenEmptyBuckets_whenFilled_thenLevelsAreCarriedAndCountsAreZero() {
        int series = rows.device("d").series("d", "t", "number");
        rows.measurement(series, START, 10);
        rows.measurement(series, START.plusSeconds(7_200), 30);

        JsonNode one = get("/api/v1/data?metric=t&bucket=1h&fill=linear&aggregate=avg&aggregate=sum&aggregate=count&"
                        + RANGE)
                .json()
                .path("series")
                .path(0);

        assertThat(one.path("avg").toString()).isEqualTo("[10.0,20.0,30.0]");
        assertThat(one.path("sum").toString()).isEqualTo("[10.0,null,30.0]");
        assertThat(one.path("count").toString()).isEqualTo("[1,0,1]");
    }

    @Test
    void givenClientThatLeaves_whenItsQueryRuns_thenItIsCancelledInTheDatabase() throws Exception {
        int series = rows.device("d").series("d", "t", "number");
        rows.measurement(series, START, 1);
        MeterRegistry meters = API.context.getBean(MeterRegistry.class);
        double before = meters.counter("heliograph.query.cancelled").count();

        // While the lock is held the query can only wait.
        try (Connection holder =
                        API.context.getBean("interactive", DataSource.class).getConnection();
                Statement lock = holder.createStatement()) {
            holder.setAutoCommit(false);
            lock.execute("LOCK TABLE measurement IN ACCESS EXCLUSIVE MODE");
            leaveAfterAsking("/api/v1/data/d?bucket=1h&source=raw&" + RANGE);

            await().atMost(Duration.ofSeconds(20))
                    .until(() -> meters.counter("heliograph.query.cancelled").count() > before);
            await().atMost(Duration.ofSeconds(20)).until(() -> waiting() == 0);
            holder.rollback();
            holder.setAutoCommit(true);
        }
    }

    private void leaveAfterAsking(String path) throws IOException, InterruptedException {
        try (Socket client = new Socket("127.0.0.1", API.port)) {
            client.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + token
                                    + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            client.getOutputStream().flush();
            await().atMost(Duration.ofSeconds(20)).until(() -> waiting() > 0);
        }
    }

    private static long waiting() throws SQLException {
        return API.jdbc
                .sql(
                        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
                .query(Long.class)
                .single();
    }
}
