package dev.heliograph.query.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.heliograph.model.wire.CorrectionRecord;
import dev.heliograph.model.wire.Topics;
import dev.heliograph.query.outbox.OutboxRow;
import dev.heliograph.query.testing.TestApi;
import dev.heliograph.query.testing.TestApi.Answer;
import dev.heliograph.query.testing.TestRows;
import dev.heliograph.query.testing.TestTokens;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Deletions and corrections, up to the log of readings. */
class CorrectionsApiTest {
    private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.HOURS);

    private final TestApi api = TestApi.shared();

    @Test
    void givenARange_whenDeleted_thenTheDryRunCountsAndTheCorrectionIsPublishedAndAudited() {
        String admin = prepare("del");
        String range = "/api/v1/data/d?metric=t&from=" + NOW.minusSeconds(3_600) + "&to=" + NOW;

        Answer dry = api.delete(range + "&dryRun=true", admin);
        Answer done = api.delete(range + "&reason=wrong%20sensor", admin);

        assertThat(dry.status()).as(dry.body()).isEqualTo(200);
        assertThat(dry.json().path("touched").path("rows").asInt()).isEqualTo(3);
        assertThat(dry.json().path("correction").isMissingNode()).isTrue();
        assertThat(done.status()).as(done.body()).isEqualTo(202);
        String id = done.json().path("correction").path("id").asString();
        assertThat(done.header("Location")).isEqualTo("/api/v1/corrections/" + id);
        Answer status = api.get("/api/v1/corrections/" + id, TestTokens.of("del", "viewer"));
        assertThat(status.json().path("status").asString()).isEqualTo("accepted");
        assertThat(status.json().path("reason").asString()).isEqualTo("wrong sensor");
        CorrectionRecord published = published("del");
        assertThat(published.action()).isEqualTo("delete");
        assertThat(published.correction()).isEqualTo(id);
        assertThat(published.metric()).isEqualTo("t");
        assertThat(CorrectionRecord.isOne(CorrectionRecord.CODEC.encode(published)))
                .isTrue();
        assertThat(api.jdbc
                        .sql(
                                "SELECT detail->>'reason' FROM audit WHERE tenant = 'del' AND action = 'correction.request'")
                        .query(String.class)
                        .single())
                .isEqualTo("wrong sensor");
    }

    @Test
    void givenACorrection_whenPosted_thenItIsPublishedWithItsValues() {
        String admin = prepare("cor");

        Answer range = api.post(
                "/api/v1/data/d:correct",
                admin,
                "{\"metric\":\"t\",\"from\":\"" + NOW.minusSeconds(3_600) + "\",\"to\":\"" + NOW
                        + "\",\"offset\":-0.5,\"reason\":\"calibration\"}");
        CorrectionRecord offset = published("cor");
        Answer points = api.post(
                "/api/v1/data/d:correct",
                admin,
                "{\"metric\":\"t\",\"points\":[{\"ts\":\"" + NOW.minusSeconds(5) + "\",\"value\":2},{\"ts\":\""
                        + NOW.minusSeconds(9) + "\",\"value\":1}],\"reason\":\"read by hand\"}");

        assertThat(range.status()).as(range.body()).isEqualTo(202);
        assertThat(offset.value()).isEqualTo(-0.5);
        assertThat(points.status()).as(points.body()).isEqualTo(202);
        assertThat(points.json().path("correction").path("points").asInt()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                                                                            | 400",
                "{'metric':'t','from':'H1','to':'H0','set':1}                                  | 400",
                "{'metric':'t','from':'H1','to':'H0','reason':'r'}                             | 400",
                "{'metric':'t','from':'H1','to':'H0','set':1,'scale':2,'reason':'r'}           | 400",
                "{'metric':'9','from':'H1','to':'H0','set':1,'reason':'r'}                     | 400",
                "{'metric':'t','from':'H0','to':'H1','set':1,'reason':'r'}                     | 400",
                "{'metric':'t','from':'H1','to':'2200-01-01T00:00:00Z','set':1,'reason':'r'}   | 400",
                "{'metric':'none','from':'H1','to':'H0','set':1,'reason':'r'}                  | 400",
                "{'metric':'t','points':[],'reason':'r'}                                       | 400",
                "{'metric':'t','points':[{'ts':'H1'}],'reason':'r'}                            | 400",
                "{'metric':'t','points':[{'ts':'H1','value':1},{'ts':'H1','value':2}],'reason':'r'} | 400",
                "{'metric':'t','from':'2015-01-01T00:00:00Z','to':'H0','set':1,'reason':'r'}   | 422"
            })
    void givenNonsense_whenPosted_thenItIsRefused(String body, int status) {
        String admin = prepare("bad-cor");

        Answer answer = api.post(
                "/api/v1/data/d:correct",
                admin,
                body.replace('\'', '"')
                        .replace("H1", "" + NOW.minusSeconds(3_600))
                        .replace("H0", "" + NOW));

        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    }

    @Test
    void givenARangeThatIsThereAsWindowsOnly_whenDeleted_thenItMustBeFullHours() {
        String admin = prepare("old-del");
        Instant old = NOW.minus(Duration.ofDays(400));

        Answer odd = api.delete(
                "/api/v1/data/d?from=" + old.plusSeconds(1) + "&to=" + old.plusSeconds(3_600) + "&reason=r", admin);
        Answer full = api.delete("/api/v1/data/d?from=" + old + "&to=" + old.plusSeconds(3_600) + "&reason=r", admin);

        assertThat(odd.status()).as(odd.body()).isEqualTo(422);
        assertThat(full.status()).as(full.body()).isEqualTo(202);
    }

    @Test
    void givenLesserRoles_whenChanging_then403() {
        prepare("cor-roles");
        for (String role : List.of("viewer", "operator")) {
            String token = TestTokens.of("cor-roles", role);

            assertThat(api.delete("/api/v1/data/d", token).status()).isEqualTo(403);
            assertThat(api.post("/api/v1/data/d:correct", token, "{}").status()).isEqualTo(403);
        }
    }

    private String prepare(String tenant) {
        TestRows rows = new TestRows(api.jdbc, tenant).device("d");
        if (api.jdbc
                        .sql("SELECT count(*) FROM series WHERE tenant = :t")
                        .param("t", tenant)
                        .query(Long.class)
                        .single()
                == 0) {
            int series = rows.series("d", "t", "number");
            for (int i = 1; i <= 3; i++) {
                rows.measurement(series, NOW.minusSeconds(60L * i), i);
            }
        }
        return TestTokens.of(tenant, "admin");
    }

    /** What the relay has brought to the log of readings. */
    private CorrectionRecord published(String tenant) {
        await().atMost(Duration.ofSeconds(20)).until(() -> !ofTenant(tenant).isEmpty());
        return CorrectionRecord.CODEC.decode(
                String.valueOf(ofTenant(tenant).getLast().value()).getBytes(StandardCharsets.UTF_8));
    }

    private List<OutboxRow> ofTenant(String tenant) {
        return api.topics.of(tenant + "/d").stream()
                .filter(row -> row.topic().equals(Topics.READINGS))
                .toList();
    }
}
