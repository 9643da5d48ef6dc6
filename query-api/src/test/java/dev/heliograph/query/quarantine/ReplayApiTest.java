package dev.heliograph.query.quarantine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.model.wire.ReplayRequest;
import dev.heliograph.query.testing.TestApi;
import dev.heliograph.query.testing.TestApi.Answer;
import dev.heliograph.query.testing.TestTokens;
import dev.heliograph.storage.TestDatabase;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The way to a gateway that is played by the test. */
class ReplayApiTest {
    private static PlayedGateway gateway;
    private static TestApi api;

    @BeforeAll
    static void start() throws IOException {
        gateway = new PlayedGateway();
        api = new TestApi(TestDatabase.postgres(), gateway.settings());
    }

    @AfterAll
    static void stop() {
        api.close();
        gateway.close();
    }

    @Test
    void givenRefusedMessages_whenPreviewedAndReplayed_thenOutcomeIsOnTheRowAndNothingIsTakenTwice() {
        String operator = TestTokens.of("rep-a", "operator");
        UUID good = row("rep-a", "boiler-1", "mqtt", "{\"t\":1}", 7);
        UUID bad = row("rep-a", "boiler-2", "http", "bad", 3);
        String both = "{\"ids\":[\"" + good + "\",\"" + bad + "\"]}";
        api.jdbc
                .sql("UPDATE quarantine SET mode = 'backfill' WHERE id = :id")
                .param("id", good)
                .update();
        gateway.fresh();

        JsonNode preview =
                api.post("/api/v1/quarantine:preview", operator, both).json();
        JsonNode done = api.post("/api/v1/quarantine:replay", operator, both).json();
        JsonNode again = api.post("/api/v1/quarantine:replay", operator, both).json();

        assertThat(outcomes(preview)).containsExactly("accepted", "refused");
        assertThat(preview.path("results")
                        .path(0)
                        .path("preview")
                        .path(0)
                        .path("value")
                        .asString())
                .isEqualTo("1.0");
        assertThat(outcomes(done)).containsExactly("accepted", "refused");
        assertThat(outcomes(again)).containsExactly("already-replayed", "refused");
        assertThat(gateway.asked).hasSize(3);
        assertThat(gateway.asked.getFirst().dryRun()).isTrue();
        assertThat(gateway.asked.get(1).messages().getFirst().tenant()).isEqualTo("rep-a");
        assertThat(new String(gateway.asked.get(1).messages().getFirst().payload(), UTF_8))
                .isEqualTo("{\"t\":1}");
        assertThat(gateway.asked.get(1).messages())
                .extracting(ReplayRequest.Message::mode)
                .containsExactly("backfill", null);
        JsonNode items = api.get("/api/v1/quarantine?replayed=true&device=boiler-1", operator)
                .json()
                .path("items");
        assertThat(items.path(0).path("replay").path("outcome").asString()).isEqualTo("accepted");
        assertThat(items.path(0).path("mode").asString()).isEqualTo("backfill");
        assertThat(items.path(0).path("hint").asString()).isNotBlank();
        assertThat(api.jdbc
                        .sql("SELECT count(*) FROM audit WHERE tenant = 'rep-a' AND action = 'quarantine.replay'")
                        .query(Integer.class)
                        .single())
                .isEqualTo(3);
    }

    @Test
    void givenRowsOfOthersCutOrBehindTheGateway_whenReplayed_thenEachSaysWhyAndNothingIsSent() {
        String operator = TestTokens.of("rep-b", "operator");
        UUID foreign = row("rep-c", "boiler-1", "mqtt", "{\"t\":1}", 7);
        UUID cut = row("rep-b", "boiler-1", "mqtt", "{\"t\":1", 5_000);
        UUID conflict = row("rep-b", "boiler-1", "kafka", "t=1", 3);
        gateway.fresh();

        JsonNode done = api.post(
                        "/api/v1/quarantine:replay",
                        operator,
                        "{\"ids\":[\"" + foreign + "\",\"" + cut + "\",\"" + conflict + "\"]}")
                .json();

        assertThat(outcomes(done)).containsExactly("unknown", "not-replayable", "not-replayable");
        assertThat(done.path("results").path(1).path("detail").asString()).contains("5000 bytes");
        assertThat(gateway.asked).isEmpty();
    }

    @Test
    void givenGatewayAway_whenReplayed_thenProblemSaysSoAndRowStaysOpen() {
        String operator = TestTokens.of("rep-d", "operator");
        UUID open = row("rep-d", "boiler-1", "mqtt", "{\"t\":1}", 7);
        gateway.answersBy(503);
        try {
            Answer away = api.post("/api/v1/quarantine:replay", operator, "{\"ids\":[\"" + open + "\"]}");

            assertThat(away.status()).isEqualTo(503);
            assertThat(away.json().path("type").asString()).endsWith("replay-unavailable");
            assertThat(away.header("Retry-After")).isEqualTo("5");
        } finally {
            gateway.fresh();
        }
        assertThat(api.get("/api/v1/quarantine?replayed=false", operator)
                        .json()
                        .path("items")
                        .size())
                .isEqualTo(1);
    }

    @Test
    void givenViewerOrTooMany_whenReplayed_thenRefused() {
        UUID row = row("rep-e", "boiler-1", "mqtt", "{\"t\":1}", 7);
        String one = "{\"ids\":[\"" + row + "\"]}";
        String many = "{\"ids\":[" + ("\"" + row + "\",").repeat(100) + "\"" + UUID.randomUUID() + "\"]}";

        assertThat(api.post("/api/v1/quarantine:replay", TestTokens.of("rep-e", "viewer"), one)
                        .status())
                .isEqualTo(403);
        assertThat(api.post("/api/v1/quarantine:preview", TestTokens.of("rep-e", "viewer"), one)
                        .status())
                .isEqualTo(403);
        assertThat(api.post("/api/v1/quarantine:replay", TestTokens.of("rep-e", "operator"), many)
                        .status())
                .isEqualTo(422);
        assertThat(api.post("/api/v1/quarantine:replay", TestTokens.of("rep-e", "operator"), "{\"ids\":[]}")
                        .status())
                .isEqualTo(400);
        assertThat(api.get("/api/v1/quarantine?transport=smoke", TestTokens.of("rep-e", "viewer"))
                        .status())
                .isEqualTo(400);
        assertThat(api.get("/api/v1/quarantine?transport=http&from=now-1h&to=now", TestTokens.of("rep-e", "viewer"))
                        .json()
                        .path("items")
                        .size())
                .isZero();
    }

    private static List<String> outcomes(JsonNode answer) {
        List<String> outcomes = new ArrayList<>();
        answer.path("results")
                .forEach(result -> outcomes.add(result.path("outcome").asString()));
        return outcomes;
    }

    private static UUID row(String tenant, String device, String transport, String payload, long size) {
        UUID id = UUID.randomUUID();
        api.jdbc
                .sql(
                        "INSERT INTO quarantine (id, tenant, device, topic, transport, reason, detail, received_at, size, sha256, "
                                + "payload) VALUES (:id, :t, :d, 'topic', :tr, 'TOPIC', 'no', now(), :size, 'ab', :p)")
                .param("id", id)
                .param("t", tenant)
                .param("d", device)
                .param("tr", transport)
                .param("size", size)
                .param("p", payload.getBytes(UTF_8))
                .update();
        return id;
    }
}
