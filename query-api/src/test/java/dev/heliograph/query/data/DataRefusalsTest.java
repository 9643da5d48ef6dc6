package dev.heliograph.query.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.query.testing.TestApi;
import dev.heliograph.query.testing.TestApi.Answer;
import dev.heliograph.query.testing.TestRows;
import dev.heliograph.query.testing.TestTokens;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a query may not be, by the numbers of the catalogue of bad input. */
class DataRefusalsTest {
    private static final TestApi API = TestApi.shared();
    private static final String TENANT = "refusals";
    private static final String TOKEN = TestTokens.of(TENANT, "viewer");
    private static final String RANGE = "from=2026-03-01T10:00:00Z&to=2026-03-01T11:00:00Z";

    @BeforeAll
    static void fill() {
        TestRows rows = new TestRows(API.jdbc, TENANT);
        for (int i = 0; i < 5; i++) {
            rows.device("r" + i);
            int series = rows.series("r" + i, "t", "number");
            API.jdbc
                    .sql(
                            "INSERT INTO measurement SELECT :s, TIMESTAMPTZ '2026-03-01T10:00:00Z' + n * INTERVAL '100 ms', n, "
                                    + "now() FROM generate_series(0, 400) AS n")
                    .param("s", series)
                    .update();
        }
    }

    @ParameterizedTest(name = "{0} {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "R10 | 400 | from=2026-03-01T11:00:00Z&to=2026-03-01T10:00:00Z",
                "R10 | 400 | from=2026-03-01T11:00:00Z&to=2026-03-01T11:00:00Z",
                "R10 | 400 | from=",
                "R10 | 422 | from=1990-01-01T00:00:00Z&to=2090-01-01T00:00:00Z",
                "R10 | 400 | from=2026-03-01T11:00:00",
                "R10 | 400 | from=1000000000000000000",
                "R10 | 400 | from=now-1y",
                "R10 | 400 | from=now-1h-1h",
                "R10 | 400 | from=%2B999999999-01-01T00:00:00Z",
                "R11 | 400 | bucket=0",
                "R11 | 400 | bucket=-1",
                "R11 | 400 | bucket=1ns",
                "R11 | 400 | bucket=1000000000",
                "R11 | 400 | bucket=5%20minutes;%20drop",
                "R11 | 400 | bucket=P0D",
                "R11 | 400 | bucket=15s",
                "R11 | 400 | bucket=7m&timezone=Europe/Berlin",
                "R11 | 400 | bucket=999999mo",
                "R11 | 422 | from=2026-01-01T00:00:00Z&to=2026-12-31T00:00:00Z&bucket=10s",
                "R12 | 400 | limit=0",
                "R12 | 400 | limit=-1",
                "R12 | 400 | limit=1000000000",
                "R12 | 400 | limit=abc",
                "R12 | 400 | limit=%D9%A1%D9%A0",
                "R12 | 400 | offset=1000000000000",
                "R12 | 422 | maxPoints=999999999",
                "R12 | 400 | top=0&groupBy=site",
                "R12 | 422 | top=9999&groupBy=site",
                "R13 | 400 | cursor=AAAA",
                "R13 | 400 | cursor=%00",
                "R14 | 400 | from=now-1h&from=now-2h",
                "R14 | 400 | bucket=1h&bucket=2h",
                "R15 | 400 | aggregate=sleep(10)",
                "R15 | 400 | aggregate=avg;%20DROP%20TABLE%20device",
                "R15 | 400 | metric=a'--",
                "R15 | 400 | metric=%00",
                "R15 | 400 | groupBy=device;--",
                "R15 | 400 | groupBy=label:",
                "R15 | 400 | orderBy=1%20DESC&top=1&groupBy=site",
                "R15 | 400 | source=measurement",
                "R15 | 400 | site=berlin'%20OR%20'1'='1",
                "R15 | 400 | label=floor",
                "R15 | 400 | label=%00:1",
                "R16 | 400 | device=%25_%25_%25",
                "R16 | 400 | metric=(a%2B)%2B$",
                "R40 | 400 | timezone=../../etc/passwd",
                "R40 | 400 | timezone=CET",
                "R40 | 400 | timezone=%2B25:00",
                "R40 | 400 | timezone=europe/berlin",
                "R40 | 400 | timezone=SystemV/EST5",
                "R40 | 400 | timezone=Europe/Berlin%00",
                "R9  | 400 | colour=red",
                "R21 | 400 | format=xml",
                "-   | 400 | downsample=average",
                "-   | 400 | downsample=lttb&bucket=1h",
                "-   | 400 | downsample=lttb&maxPoints=2",
                "-   | 400 | fill=zero",
                "-   | 400 | bucket=raw&groupBy=site",
                "-   | 400 | bucket=1m&source=1h",
                "-   | 400 | maxGap=0s",
                "-   | 422 | maxGap=8d",
                "-   | 400 | top=3",
            })
    void givenWhatNoQueryMayBe_whenAsked_thenItIsRefusedWithTheParameterOrTheLimit(
            String number, int status, String query) {
        Answer answer = API.get("/api/v1/data?" + query, TOKEN);

        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
        if (status == 422) {
            assertThat(answer.json().path("detail").asString()).containsPattern("[0-9]+");
        } else {
            assertThat(answer.json().path("errors").path(0).path("pointer").asString())
                    .isNotEmpty();
        }
        assertThat(answer.body()).doesNotContainIgnoringCase("exception", "select ", "postgres");
    }

    static Stream<String> bodies() {
        String devices =
                IntStream.range(0, 10_000).mapToObj(i -> "\"d" + i + "\"").collect(Collectors.joining(","));
        String metrics =
                IntStream.range(0, 1_000).mapToObj(i -> "\"m" + i + "\"").collect(Collectors.joining(","));
        return Stream.of("{\"device\":[" + devices + "]}", "{\"metric\":[" + metrics + "]}");
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void r14_givenThousandsOfNames_whenAsked_then422NamesTheLimit(String body) {
        Answer answer = API.post("/api/v1/data:query", TOKEN, body);

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.json().path("detail").asString()).containsPattern("may name [0-9]+");
    }

    @Test
    void r14_givenAddressOfAMegabyte_whenAsked_then400Or414() {
        assertThat(API.get("/api/v1/data?metric=" + "m".repeat(14_000), TOKEN).status())
                .isIn(400, 414, 431);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"colour\":\"red\"}",
                "{\"from\":[]}",
                "{\"metric\":\"t\"}",
                "{\"metric\":[null]}",
                "{\"limit\":1.5}",
                "{\"bucket\":\"1h\",\"bucket\":\"2h\"}",
                "{\"tenant\":\"other\"}",
                "[]",
                "{\"from\":\"now-1h\"} {}",
            })
    void givenBodyThatIsNone_whenAsked_then400(String body) {
        assertThat(API.post("/api/v1/data:query", TOKEN, body).status()).isEqualTo(400);
    }

    @Test
    void r7_givenDeviceOfAnotherTenant_whenNamed_thenTheSame404AsForNone() {
        new TestRows(API.jdbc, "refusals-other").device("theirs");

        Answer theirs = API.get("/api/v1/data?device=r1&device=theirs&" + RANGE, TOKEN);
        Answer nobodys = API.get("/api/v1/data?device=r1&device=nobodys&" + RANGE, TOKEN);

        assertThat(theirs.status()).isEqualTo(404);
        assertThat(theirs.json().path("detail")).isEqualTo(nobodys.json().path("detail"));
        assertThat(API.get("/api/v1/data?groupBy=site&device=theirs&" + RANGE, TOKEN)
                        .status())
                .isEqualTo(404);
    }

    @Test
    void r13_givenCursor_whenChangedOrGivenToAnotherQueryOrTenant_then400() {
        String query = "/api/v1/data?limit=2&metric=t&" + RANGE;
        String cursor = API.get(query, TOKEN).json().path("nextCursor").asString();
        String flipped = (cursor.startsWith("A") ? "B" : "A") + cursor.substring(1);

        assertThat(API.get(query + "&cursor=" + cursor, TOKEN).status()).isEqualTo(200);
        assertThat(API.get(query + "&cursor=" + flipped, TOKEN).status()).isEqualTo(400);
        assertThat(API.get(query + "&cursor=" + cursor.substring(0, 30), TOKEN).status())
                .isEqualTo(400);
        assertThat(API.get(query + "&bucket=1h&cursor=" + cursor, TOKEN).status())
                .isEqualTo(400);
        assertThat(API.get(query + "&cursor=" + cursor, TestTokens.of("refusals-other", "viewer"))
                        .status())
                .isEqualTo(400);
        assertThat(API.get(query + "&groupBy=site&cursor=" + cursor, TOKEN).status())
                .isEqualTo(400);
    }

    @Test
    void givenQueryThatCostsTooMuch_whenAsked_then422NamesTheLimitAndWhatWouldFit() {
        // Ten samples a second for a year, of five series.
        Answer answer = API.get(
                "/api/v1/data?metric=t&from=2025-06-01T00:00:00Z&to=2026-05-31T00:00:00Z&groupBy=device&bucket=1h&source=raw",
                TOKEN);

        assertThat(answer.status()).as(answer.body()).isEqualTo(422);
        assertThat(answer.json().path("detail").asString())
                .contains("5,000,000 are allowed", "of raw from 5 series")
                .containsPattern("bucket=[0-9a-z]+ would read [0-9,]+\\.")
                .containsPattern("A range of [0-9]+ (days|hours|minutes) would fit");
        String fits = answer.json().path("detail").asString().replaceAll(".*bucket=([0-9a-z]+) would.*", "$1");
        assertThat(API.get(
                                "/api/v1/data?metric=t&from=2025-06-01T00:00:00Z&to=2026-05-31T00:00:00Z&groupBy=device&bucket="
                                        + fits,
                                TOKEN)
                        .status())
                .as("what is said to fit does")
                .isEqualTo(200);
    }

    @Test
    void r21_givenNoFormatOfOurs_whenAccepted_then406() {
        Answer answer = API.send("GET", "/api/v1/data?" + RANGE, TOKEN, null, Map.of("Accept", "image/png"));

        assertThat(answer.status()).isEqualTo(406);
    }

    @Test
    void r40_givenOddLanguage_whenAsked_thenItChangesNothing() {
        List<Answer> answers = Stream.of("xx'--", "ar-EG", "tr")
                .map(language -> API.send(
                        "GET",
                        "/api/v1/data?metric=t&bucket=1m&format=csv&" + RANGE,
                        TOKEN,
                        null,
                        Map.of("Accept-Language", language)))
                .toList();

        assertThat(answers).extracting(Answer::status).containsOnly(200);
        assertThat(answers)
                .extracting(Answer::body)
                .containsOnly(answers.getFirst().body());
    }

    @Test
    void r40_givenZonesOfTheList_whenAsked_thenEachIsTaken() {
        for (String zone :
                List.of("UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT+5", "Asia/Kathmandu")) {
            Answer answer = API.get(
                    "/api/v1/data?bucket=1d&" + RANGE + "&timezone=" + URLEncoder.encode(zone, StandardCharsets.UTF_8),
                    TOKEN);
            assertThat(answer.status()).as(zone).isEqualTo(200);
            assertThat(answer.json().path("timezone").asString()).isEqualTo(zone);
        }
    }
}
