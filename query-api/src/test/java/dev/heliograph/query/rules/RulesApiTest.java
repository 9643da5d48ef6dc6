package dev.heliograph.query.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.model.wire.RuleRecord;
import dev.heliograph.query.outbox.OutboxRow;
import dev.heliograph.query.testing.TestApi;
import dev.heliograph.query.testing.TestApi.Answer;
import dev.heliograph.query.testing.TestTokens;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RulesApiTest {
    private static final String RULE = """
            {"name":"Overheat","severity":"critical","scope":{"devices":["boiler-7"],"types":[],"sites":[],"labels":{}},
             "condition":{"type":"threshold","metric":"temperature","operator":"ge","value":46,"clear":44},
             "holdSeconds":120,"clearHoldSeconds":0,"runbook":"https://runbooks.example/heat","owner":"Plant team"}
            """;

    private final TestApi api = TestApi.shared();

    @Test
    void givenRule_whenCreatedReplacedAndDeleted_thenEachStepIsPublishedInOrderAndAudited() {
        String operator = TestTokens.of("rules-life", "operator");

        Answer created = api.post("/api/v1/rules", operator, RULE);
        assertThat(created.status()).as(created.body()).isEqualTo(201);
        String id = created.json().path("id").asString();
        String path = "/api/v1/rules/" + id;
        assertThat(api.get(path, operator).header("ETag")).isEqualTo("\"1\"");
        String changed = RULE.replace("\"value\":46", "\"value\":50");
        assertThat(api.put(path, operator, changed).status()).isEqualTo(428);
        Answer replaced = api.send("PUT", path, operator, changed, Map.of("If-Match", "\"1\""));
        assertThat(replaced.status()).isEqualTo(200);
        assertThat(replaced.json().path("condition").path("value").asDouble()).isEqualTo(50);
        assertThat(api.send("PUT", path, operator, changed, Map.of("If-Match", "\"1\""))
                        .status())
                .isEqualTo(412);
        assertThat(api.send("DELETE", path, operator, null, Map.of("If-Match", "\"2\""))
                        .status())
                .isEqualTo(204);
        assertThat(api.get(path, operator).status()).isEqualTo(404);

        List<OutboxRow> published = Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .until(() -> api.topics.of("rules-life/" + id), rows -> rows.size() == 3);
        RuleRecord first = RuleRecord.CODEC.decode(
                Objects.requireNonNull(published.getFirst().value()).getBytes(StandardCharsets.UTF_8));
        assertThat(first.holdMs()).isEqualTo(120_000);
        assertThat(first.condition()).isEqualTo(new RuleRecord.Threshold("temperature", "ge", 46, 44));
        assertThat(published.getLast().value()).isNull();
        assertThat(api.jdbc
                        .sql("SELECT action FROM audit WHERE tenant = 'rules-life' ORDER BY id")
                        .query(String.class)
                        .list())
                .containsExactly("rule.create", "rule.update", "rule.delete");
        assertThat(api.jdbc
                        .sql("SELECT count(*) FROM outbox WHERE key LIKE 'rules-life/%'")
                        .query(Long.class)
                        .single())
                .isZero();
    }

    @Test
    void givenAbsenceRule_whenCreated_thenItIsListed() {
        String operator = TestTokens.of("rules-absence", "operator");

        Answer created = api.post(
                "/api/v1/rules",
                operator,
                "{\"name\":\"Gone\",\"severity\":\"warning\",\"condition\":{\"type\":\"absence\",\"afterSeconds\":30}}");

        assertThat(created.status()).as(created.body()).isEqualTo(201);
        Answer list = api.get("/api/v1/rules", operator);
        assertThat(list.json().path("total").asInt()).isEqualTo(1);
        assertThat(list.json()
                        .path("items")
                        .path(0)
                        .path("condition")
                        .path("afterSeconds")
                        .asDouble())
                .isEqualTo(30);
        assertThat(list.json().path("items").path(0).path("updatedBy").asString())
                .isEqualTo("ana");
    }

    @Test
    void givenAbsenceOfAMetric_whenCreated_thenItIsKeptAndPublishedWithIt() {
        String operator = TestTokens.of("rules-metric", "operator");

        Answer created = api.post(
                "/api/v1/rules",
                operator,
                "{\"name\":\"Gone\",\"severity\":\"warning\",\"condition\":"
                        + "{\"type\":\"absence\",\"afterSeconds\":30,\"metric\":\"humidity\"}}");

        assertThat(created.status()).as(created.body()).isEqualTo(201);
        assertThat(created.json().path("condition").path("metric").asString()).isEqualTo("humidity");
        assertThat(api.jdbc
                        .sql("SELECT definition #>> '{condition,metric}' FROM rule WHERE tenant = 'rules-metric'")
                        .query(String.class)
                        .single())
                .isEqualTo("humidity");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "",
                "null",
                "{\"name\":\"x\",\"severity\":\"fatal\",\"condition\":{\"type\":\"absence\",\"afterSeconds\":30}}",
                "{\"name\":\"x\",\"severity\":\"info\",\"condition\":{\"type\":\"absence\",\"afterSeconds\":0}}",
                "{\"name\":\"x\",\"severity\":\"info\",\"condition\":{\"type\":\"absence\",\"afterSeconds\":\"30\"}}",
                "{\"name\":\"x\",\"severity\":\"info\",\"condition\":{\"type\":\"absence\",\"afterSeconds\":30,\"metric\":\"\"}}",
                "{\"name\":\"x\",\"severity\":\"info\",\"condition\":{\"type\":\"absence\",\"afterSeconds\":30,\"metric\":\"a b\"}}",
                "{\"name\":\"x\",\"severity\":\"info\",\"condition\":{\"type\":\"magic\"}}",
                "{\"name\":\"x\",\"severity\":\"info\",\"condition\":{\"type\":\"absence\",\"afterSeconds\":30},\"tenant\":\"b\"}",
                "{\"name\":\"x\",\"name\":\"y\",\"severity\":\"info\",\"condition\":{\"type\":\"absence\",\"afterSeconds\":30}}",
                "{\"name\":\"x\",\"severity\":\"info\",\"condition\":{\"type\":\"absence\",\"afterSeconds\":30}} trailing",
                "{\"name\":\"x\",\"severity\":\"info\",\"condition\":{\"type\":\"absence\",\"afterSeconds\":30},\"runbook\":\"javascript:alert(1)\"}",
                "{\"name\":\"x\",\"severity\":\"info\",\"condition\":{\"type\":\"absence\",\"afterSeconds\":30},\"holdSeconds\":-1}",
                "{\"name\":\"x\",\"severity\":\"info\",\"condition\":{\"type\":\"threshold\",\"metric\":\"t\",\"operator\":\"ge\",\"value\":NaN}}",
                "{\"name\":\"x\",\"severity\":\"info\",\"condition\":{\"type\":\"threshold\",\"metric\":\"t\",\"operator\":\"ge\",\"value\":1e999}}",
                "{\"name\":\"x\",\"severity\":\"info\",\"condition\":{\"type\":\"threshold\",\"metric\":\"t\",\"operator\":\"ge\",\"value\":1,\"clear\":2}}",
                "{\"name\":\"\\u0000\",\"severity\":\"info\",\"condition\":{\"type\":\"absence\",\"afterSeconds\":30}}"
            })
    void givenSenselessRule_whenPosted_then400(String body) {
        Answer answer = api.post("/api/v1/rules", TestTokens.of("rules-bad", "operator"), body);

        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
        assertThat(answer.body()).doesNotContain("dev.heliograph", "java.");
    }
}
