package dev.heliograph.query.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.heliograph.query.testing.TestApi;
import dev.heliograph.query.testing.TestApi.Answer;
import dev.heliograph.query.testing.TestRows;
import dev.heliograph.query.testing.TestTokens;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Queries about times of which not every class of data is kept any more. */
class RetentionApiTest {
    private static final Duration DAY = Duration.ofDays(1);

    private final TestApi api = TestApi.shared();
    private final String tenant = "kept-" + UUID.randomUUID().toString().substring(0, 8);
    private final Instant now = Instant.now();
    /** Ten minutes and an hour of it are windows only; of its last ten minutes there are samples as well. */
    private final Instant old = now.minus(DAY.multipliedBy(40)).truncatedTo(ChronoUnit.HOURS);

    private int series;

    @BeforeEach
    void fill() {
        series = new TestRows(api.jdbc, tenant).device("d").series("d", "t", "number");
        for (int minute = 0; minute < 60; minute++) {
            window("window_1m", old.plusSeconds(minute * 60L), minute);
        }
        window("window_1h", old, 29.5);
        api.jdbc
                .sql("INSERT INTO retention (tenant, class, keep_seconds) SELECT :t, class, days * 86400 FROM (VALUES "
                        + "('raw', 30), ('10s', 30), ('1m', 365), ('1h', 1830)) AS kept (class, days)")
                .param("t", tenant)
                .update();
    }

    private void window(String table, Instant start, double value) {
        api.jdbc
                .sql("INSERT INTO " + table
                        + " (series_id, start_at, phase, revision, count, sum, min, max, first, first_ts, "
                        + "last, last_ts, mean, m2) VALUES (:s, :at, 1, 0, 1, :v, :v, :v, :v, :at, :v, :at, :v, 0)")
                .param("s", series)
                .param("at", start.atOffset(ZoneOffset.UTC))
                .param("v", value)
                .update();
    }

    private Answer ask(Instant from, String parameters) {
        Answer answer = api.get(
                "/api/v1/data/d?from=" + from + "&to=" + from.plusSeconds(3_600) + "&" + parameters,
                TestTokens.of(tenant, "viewer"));
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer;
    }

    @ParameterizedTest
    @CsvSource({
        "bucket=10s, 1m, 1m, 60",
        "bucket=90s, 2m, 1m, 30",
        "bucket=5m, 5m, 1m, 12",
        "bucket=1h, 1h, 1h, 1",
        "bucket=all, all, 1h, 1",
        "bucket=10s&aggregate=stddev, 1m, 1m, 60",
        "maxPoints=1000, 1m, 1m, 60"
    })
    void givenOlderThanFineDataIsKept_whenAsked_thenAnsweredFromWhatIsKept(
            String parameters, String resolution, String source, int points) {
        Answer answer = ask(old, parameters);

        JsonNode json = answer.json();
        assertThat(json.path("resolution").asString()).isEqualTo(resolution);
        assertThat(json.path("source").asString()).isEqualTo(source);
        assertThat(json.path("series").path(0).path("times").size()).isEqualTo(points);
        boolean other = parameters.startsWith("bucket") && !parameters.startsWith("bucket=" + resolution);
        assertThat(json.path("notice").asString(""))
                .as("says so where it is not what was asked for")
                .contains(other ? "these are of " + resolution : "");
        assertThat(json.has("notice")).isEqualTo(other);
        assertThat(answer.header("X-Notice") != null).isEqualTo(other);
    }

    @Test
    void givenOlderThanMinutesAreKept_whenAsked_thenAnsweredByHours() {
        api.jdbc
                .sql("UPDATE retention SET keep_seconds = 86400 WHERE tenant = :t AND class <> '1h'")
                .param("t", tenant)
                .update();

        JsonNode json = ask(old, "bucket=1m").json();

        assertThat(json.path("resolution").asString()).isEqualTo("1h");
        assertThat(json.path("series").path(0).path("avg").path(0).asDouble()).isEqualTo(29.5);
    }

    @Test
    void givenASourceThatIsNamed_whenItDoesNotReachSoFar_thenItIsTakenAndTheAnswerSaysSo() {
        JsonNode json = ask(old, "bucket=1m&source=raw").json();

        assertThat(json.path("source").asString()).isEqualTo("raw");
        assertThat(json.path("series").path(0).path("times").size()).isZero();
        assertThat(json.path("notice").asString("")).startsWith("The source raw is kept since ");
    }

    @Test
    void givenRecentTimes_whenAsked_thenNothingIsOtherThanAsked() {
        new TestRows(api.jdbc, tenant).measurement(series, now.minus(DAY), 7);

        JsonNode json = ask(now.minus(DAY).minusSeconds(60), "bucket=10s").json();

        assertThat(json.path("resolution").asString()).isEqualTo("10s");
        assertThat(json.has("notice")).isFalse();
        assertThat(json.path("series").path(0).path("avg").path(0).asDouble()).isEqualTo(7);
    }

    @Test
    void givenTimesOfAllAndOfATenant_whenSystemIsAsked_thenItsOwnAreTold() {
        // The tables are looked at by a schedule, half a minute apart.
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            JsonNode store = api.get("/api/v1/system", TestTokens.of(tenant, "viewer"))
                    .json()
                    .path("store");
            assertThat(store.path("product").asString("")).startsWith("PostgreSQL 1");
            assertThat(store.path("schema").asString("")).isNotEmpty();
            assertThat(store.path("classes").size()).isEqualTo(7);
            JsonNode raw = store.path("classes").path(0);
            assertThat(raw.path("name").asString()).isEqualTo("raw");
            assertThat(raw.path("keptSeconds").asLong()).isEqualTo(30 * 86_400L);
            assertThat(raw.path("sizeBytes").asLong()).isPositive();
            assertThat(raw.path("tables").findValuesAsString("name"))
                    .containsExactlyInAnyOrder("measurement", "state_change");
        });
        assertThat(new JdbcRetentionTimes(api.jdbc, java.time.Clock.systemUTC())
                        .of(new dev.heliograph.model.id.TenantId(tenant)))
                .containsEntry("raw", DAY.multipliedBy(30))
                .containsEntry("1h", DAY.multipliedBy(1830));
    }

    @Test
    void givenTimesOfATenant_whenRetentionIsAsked_thenItsOwnAreToldAndWhatIsNotKnownIsNull() {
        Answer answer = api.get("/api/v1/retention", TestTokens.of(tenant, "viewer"));

        JsonNode json = answer.json();
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(json.path("classes").findValuesAsString("name"))
                .containsExactly("raw", "10s", "1m", "1h", "quarantine", "ledger");
        JsonNode raw = json.path("classes").path(0);
        assertThat(raw.path("keptSeconds").asLong()).isEqualTo(30 * 86_400L);
        assertThat(Instant.parse(raw.path("since").asString()))
                .isEqualTo(Instant.parse(json.path("at").asString()).minus(DAY.multipliedBy(30)));
        assertThat(json.path("classes").path(4).path("keptSeconds").isNull()).isTrue();
    }

    @Test
    void givenTenantThatKeepsLittle_whenHistoryComesOrChanges_thenItIsHeldToWhatIsKept() {
        api.jdbc
                .sql(
                        "UPDATE retention SET keep_seconds = CASE class WHEN 'raw' THEN 90000 ELSE 864000 END WHERE tenant = :t")
                .param("t", tenant)
                .update();
        String operator = TestTokens.of(tenant, "operator");

        Answer backfill = api.send(
                "POST",
                "/api/v1/data:backfill",
                operator,
                "time,device,t\n" + now.minus(DAY.multipliedBy(9)) + ",d,1\n" + now.minus(DAY.multipliedBy(11))
                        + ",d,1\n",
                Map.of("Content-Type", "text/csv"));
        Answer correction = api.post(
                "/api/v1/data/d:correct",
                TestTokens.of(tenant, "admin"),
                "{\"metric\":\"t\",\"offset\":1,\"reason\":\"x\",\"from\":\"" + now.minus(DAY.multipliedBy(2))
                        + "\",\"to\":\"" + now.minus(DAY) + "\"}");

        assertThat(backfill.status()).as(backfill.body()).isEqualTo(202);
        assertThat(backfill.json().path("accepted").asInt()).isEqualTo(1);
        assertThat(backfill.json().path("warnings").path(0).asString()).contains("older than 25 hours");
        assertThat(backfill.json().path("refused").path(0).path("detail").asString())
                .startsWith("older than 10 days");
        assertThat(correction.status()).as(correction.body()).isEqualTo(422);
        assertThat(correction.json().path("detail").asString()).contains("kept for 25 hours");
    }
}
