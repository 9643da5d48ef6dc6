package dev.heliograph.query.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.model.reading.Reading;
import dev.heliograph.model.reading.ReadingFlag;
import dev.heliograph.model.reading.Sample;
import dev.heliograph.query.testing.TestApi;
import dev.heliograph.query.testing.TestApi.Answer;
import dev.heliograph.query.testing.TestRows;
import dev.heliograph.query.testing.TestTokens;
import dev.heliograph.storage.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** The upload of history, up to the log of readings. */
class BackfillApiTest {
    private static final String PATH = "/api/v1/data:backfill";

    private final TestApi api = TestApi.shared();

    @Test
    void givenCsv_whenUploaded_thenEachLineIsAMarkedReadingOrIsNamed() {
        String tenant = "backfill-csv";
        new TestRows(api.jdbc, tenant).device("room-1").device("room-2");
        Instant old = daysAgo(400);

        Answer answer = csv(
                tenant,
                "time,device,temperature,on,mode\n" + old + ",room-1,21.5,true,heating\n"
                        + "not a time,room-1,1,,\n\n" + old + ",room-9,1,,\n" + daysAgo(1) + ",room-2,-3,,\n"
                        + daysAgo(3_000) + ",room-2,1,,\n" + daysAgo(-1) + ",room-2,1,,\n");

        assertThat(answer.status()).as(answer.body()).isEqualTo(202);
        assertThat(answer.json().path("accepted").asInt()).isEqualTo(2);
        assertThat(answer.json().path("refusedCount").asInt()).isEqualTo(4);
        assertThat(refused(answer)).containsExactly("3 LINE", "5 UNKNOWN_DEVICE", "7 RETENTION", "8 FUTURE_TS");
        assertThat(answer.json().path("warnings").get(0).asString()).startsWith("1 readings are older than 30 days");
        List<Reading> sent = api.history.of(tenant);
        assertThat(sent)
                .hasSize(2)
                .allSatisfy(reading -> assertThat(reading.flags()).containsExactly(ReadingFlag.BACKFILL));
        assertThat(sent.getFirst().time()).isEqualTo(old);
        assertThat(sent.getFirst().samples())
                .extracting(sample -> sample.getClass().getSimpleName())
                .containsExactly(
                        Sample.Measurement.class.getSimpleName(),
                        Sample.Flag.class.getSimpleName(),
                        Sample.State.class.getSimpleName());
        assertThat(api.jdbc
                        .sql("SELECT detail->>'accepted' FROM audit WHERE tenant = :t AND action = 'data.backfill'")
                        .param("t", tenant)
                        .query(String.class)
                        .single())
                .isEqualTo("2");
    }

    @Test
    void givenJson_whenUploaded_thenBothFormsAreTaken() {
        String tenant = "backfill-json";
        new TestRows(api.jdbc, tenant).device("d");
        long millis = daysAgo(2).toEpochMilli();

        Answer answer = post(
                tenant,
                "[{\"device\":\"d\",\"ts\":" + millis + ",\"seq\":7,\"metrics\":{\"a\":1}},"
                        + "{\"device\":\"d\",\"ts\":\"" + daysAgo(2)
                        + "\",\"b\":true,\"location\":{\"lat\":1,\"lon\":2}}]");

        assertThat(answer.status()).as(answer.body()).isEqualTo(202);
        List<Reading> sent = api.history.of(tenant);
        assertThat(sent).hasSize(2);
        assertThat(sent.getFirst().timeMicros()).isEqualTo(millis * 1_000);
        assertThat(sent.getFirst().sequence()).isEqualTo(7);
        assertThat(sent.getLast().location()).isNotNull();
        assertThat(answer.json().path("warnings")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                                                        | SHAPE",
                "7                                                         | SHAPE",
                "                                                          | SHAPE",
                "{'device':'D','ts':TS,'a':1}                              | SHAPE",
                "{'device':'d','ts':TS}                                    | SHAPE",
                "{'device':'d','ts':TS,'metrics':{'a':1},'b':2}            | SHAPE",
                "{'device':'d','a':1}                                      | BAD_TS",
                "{'device':'d','ts':1.5,'a':1}                             | BAD_TS",
                "{'device':'d','ts':'2015-02-30T00:00:00Z','a':1}          | BAD_TS",
                "{'device':'d','ts':1423072260,'a':1}                      | TS_RANGE",
                "{'device':'d','ts':'1969-12-31T23:59:59Z','a':1}          | TS_RANGE",
                "{'device':'d','ts':TS,'9':1}                              | METRIC_NAME",
                "{'device':'d','ts':TS,'a':1e999}                          | NON_FINITE",
                "{'device':'d','ts':TS,'a':null}                           | TYPE",
                "{'device':'d','ts':TS,'a':[1]}                            | TYPE",
                "{'device':'d','ts':TS,'a':'x\\u0000'}                     | ENCODING",
                "{'device':'d','ts':TS,'a':1,'seq':-1}                     | BAD_SEQ",
                "{'device':'d','ts':TS,'a':1,'location':{'lat':91,'lon':0}}| LOCATION",
                "{'device':'d','ts':TS,'a':1}x                             | JSON",
                "{'device':'d','ts':TS,'a':1,'a':2}                        | JSON",
                "[{'device':'d','ts':TS                                    | JSON"
            })
    void givenNothingGood_whenUploaded_then400WithTheReason(String body, String reason) {
        new TestRows(api.jdbc, "backfill-bad").device("d");
        String json = body == null
                ? ""
                : body.replace('\'', '"').replace("TS", "" + daysAgo(1).toEpochMilli());

        Answer answer = post("backfill-bad", json);

        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.body()).contains(reason + ": ");
        assertThat(api.history.of("backfill-bad")).isEmpty();
    }

    @Test
    void givenAnUnusableHeader_whenUploaded_then400() {
        assertThat(csv("backfill-head", "device,a\nd,1\n").status()).isEqualTo(400);
        assertThat(csv("backfill-head", "").status()).isEqualTo(400);
    }

    @Test
    void givenAnArrayThatBreaksOff_whenUploaded_thenWhatCameBeforeIsTakenAndTheRestNamed() {
        new TestRows(api.jdbc, "backfill-cut").device("d");

        Answer answer = post(
                "backfill-cut", "[{\"device\":\"d\",\"ts\":" + daysAgo(1).toEpochMilli() + ",\"a\":1},{\"device\":");

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.json().path("accepted").asInt()).isEqualTo(1);
        assertThat(answer.json().path("refused").get(0).path("reason").asString())
                .isEqualTo("JSON");
    }

    @Test
    void givenAnotherTenantsDevice_whenUploaded_thenItIsUnknown() {
        new TestRows(api.jdbc, "backfill-owner").device("theirs");
        new TestRows(api.jdbc, "backfill-thief").device("mine");

        Answer answer = csv("backfill-thief", "device,time,a\ntheirs," + daysAgo(1) + ",1\n");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).contains("UNKNOWN_DEVICE");
        assertThat(api.history.of("backfill-owner")).isEmpty();
    }

    @Test
    void givenMoreThanARequestMayHave_whenUploaded_thenTheAnswerSaysWhereToGoOnAndKafkasAbsenceIsTold() {
        try (TestApi small = new TestApi(
                TestDatabase.postgres(),
                "--heliograph.query.history.max-readings=3",
                "--heliograph.query.history.readings-per-second=1000",
                "--heliograph.query.history.acknowledge-wait=1s")) {
            new TestRows(small.jdbc, "small").device("d");
            StringBuilder lines = new StringBuilder("device,time,a\n");
            for (int i = 0; i < 5; i++) {
                lines.append("d,")
                        .append(daysAgo(1).plusSeconds(i))
                        .append(',')
                        .append(i)
                        .append('\n');
            }

            Answer cut = upload(small, "small", lines.toString());
            small.history.away = true;
            Answer away = upload(small, "small", lines.toString());

            assertThat(cut.json().path("accepted").asInt()).isEqualTo(3);
            assertThat(cut.json().path("continueAt").asInt()).isEqualTo(5);
            assertThat(away.status()).isEqualTo(503);
            assertThat(away.header("Retry-After")).isNotNull();
        }
    }

    private Answer csv(String tenant, String body) {
        return upload(api, tenant, body);
    }

    private static Answer upload(TestApi api, String tenant, String body) {
        return api.send(
                "POST",
                PATH,
                TestTokens.of(tenant, "operator"),
                body,
                Map.of("Content-Type", "text/csv; charset=utf-8"));
    }

    private Answer post(String tenant, String body) {
        return api.post(PATH, TestTokens.of(tenant, "operator"), body);
    }

    private static List<String> refused(Answer answer) {
        return answer.json()
                .path("refused")
                .valueStream()
                .map((JsonNode one) ->
                        one.path("line").asInt() + " " + one.path("reason").asString())
                .toList();
    }

    private static Instant daysAgo(long days) {
        return Instant.now().minus(Duration.ofDays(days)).truncatedTo(ChronoUnit.MILLIS);
    }
}
