package dev.heliograph.query.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.query.testing.TestApi;
import dev.heliograph.query.testing.TestApi.Answer;
import dev.heliograph.query.testing.TestRows;
import dev.heliograph.query.testing.TestTokens;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

/**
 * Every operation that the description of the interface has, called by a stranger with the ids of a tenant whose every row
 * holds a word that occurs nowhere else. An operation added later is called as well.
 */
class TenantIsolationTest {
    private static final String CANARY = "canary-5b1f";
    private static final TestApi API = TestApi.shared();
    private static final String UNKNOWN = "0b0b0b0b-0000-4000-8000-00000000dead";
    private static String alert = "";
    private static String rule = "";
    private static String correction = "";

    @BeforeAll
    static void fillTheOtherTenant() {
        TestRows rows = new TestRows(API.jdbc, "victim").device(CANARY);
        int series = rows.series(CANARY, "canary_metric_5b1f", "number");
        rows.measurement(series, Instant.now().minusSeconds(60), 5151.5);
        UUID id = rows.alert(CANARY, "critical", "firing");
        alert = id.toString();
        API.jdbc
                .sql("UPDATE alert SET explanation = :c, rule_name = :c WHERE id = :id")
                .param("c", CANARY)
                .param("id", id)
                .update();
        API.jdbc
                .sql(
                        "INSERT INTO quarantine (id, tenant, device, topic, transport, reason, detail, received_at, size, sha256, "
                                + "payload) VALUES (gen_random_uuid(), 'victim', :c, :c, 'mqtt', 'JSON', :c, now(), 3, 'ab', 'abc')")
                .param("c", CANARY)
                .update();
        API.jdbc
                .sql("INSERT INTO ledger_source (tenant, minute, source, instance, claimed) "
                        + "VALUES ('victim', date_trunc('minute', now()), 1, :c, 5151)")
                .param("c", CANARY)
                .update();
        API.jdbc
                .sql("INSERT INTO device_sequence VALUES ('victim', :c, 0, 5151, now(), now(), 1, 0, 0, 0, '{}')")
                .param("c", CANARY)
                .update();
        String admin = TestTokens.of("victim", "admin");
        correction = API.delete(
                        "/api/v1/data/" + CANARY + "?from=2026-01-01T00:00:00Z&to=2026-01-01T01:00:00Z&reason="
                                + CANARY,
                        admin)
                .json()
                .path("correction")
                .path("id")
                .asString();
        API.put("/api/v1/sites/" + CANARY, admin, "{\"name\":\"" + CANARY + "\"}");
        rule = API.post(
                        "/api/v1/rules",
                        admin,
                        "{\"name\":\"" + CANARY
                                + "\",\"severity\":\"info\",\"condition\":{\"type\":\"absence\",\"afterSeconds\":30}}")
                .json()
                .path("id")
                .asString();
    }

    @TestFactory
    List<DynamicTest> givenIdsOfAnotherTenant_whenEveryOperationIsCalled_thenNothingIsTold() {
        List<DynamicTest> tests = new ArrayList<>();
        JsonNode paths = API.send("GET", "/api/openapi.json", null, null, Map.of())
                .json()
                .path("paths");
        paths.propertyStream()
                .forEach(path -> path.getValue()
                        .propertyStream()
                        .forEach(operation -> tests.add(DynamicTest.dynamicTest(
                                operation.getKey() + " " + path.getKey(),
                                () -> check(operation.getKey(), path.getKey())))));
        assertThat(tests).hasSizeGreaterThan(20);
        return tests;
    }

    private void check(String method, String path) {
        if (path.endsWith("/stream")) {
            return; // an endless answer: LiveKafkaIT has its wall
        }
        String thief = TestTokens.of("thief", "admin");
        String verb = method.toUpperCase(java.util.Locale.ROOT);
        // Whoever puts a name of his own makes a thing of his own.
        boolean creates = verb.equals("PUT") && !path.startsWith("/api/v1/rules");
        String target = creates ? path.replaceAll("\\{[a-zA-Z]+}", "mine") : fill(path, true);
        Answer foreign = API.send(verb, target, thief, body(verb, path), Map.of());

        assertThat(foreign.status()).as(foreign.body()).isLessThan(500);
        assertThat(foreign.body()).doesNotContain("5151.5", "victim");
        if (path.contains("{") && !creates) {
            assertThat(foreign.body()).doesNotContain(CANARY);
            Answer unknown = API.send(verb, fill(path, false), thief, body(verb, path), Map.of());
            assertThat(foreign.status()).isEqualTo(404);
            assertThat(unknown.status()).isEqualTo(404);
            assertThat(withoutRequest(foreign)).isEqualTo(withoutRequest(unknown));
        } else if (!creates) {
            assertThat(foreign.body()).doesNotContain(CANARY, alert, rule);
        }
        assertThat(API.get("/api/v1/devices/" + CANARY, TestTokens.of("victim", "viewer"))
                        .json()
                        .path("version")
                        .asInt())
                .isEqualTo(1);
    }

    private static String fill(String path, boolean foreign) {
        String id = path.contains("/alerts/")
                ? (foreign ? alert : UNKNOWN)
                : path.contains("/rules/")
                        ? (foreign ? rule : UNKNOWN)
                        : path.contains("/corrections/")
                                ? (foreign ? correction : UNKNOWN)
                                : foreign ? CANARY : "unknown-device";
        return path.replace("{name}", "m").replaceAll("\\{[a-zA-Z]+}", id);
    }

    private static @org.jspecify.annotations.Nullable String body(String method, String path) {
        if (!method.equals("POST") && !method.equals("PUT") && !method.equals("PATCH")) {
            return null;
        }
        if (path.contains("/rules")) {
            return "{\"name\":\"x\",\"severity\":\"info\",\"condition\":{\"type\":\"absence\",\"afterSeconds\":30}}";
        }
        if (path.endsWith("/subscriptions")) {
            return "{\"subscriptions\":[{\"topics\":[\"samples\"],\"devices\":[\"*\"]}]}";
        }
        if (path.contains("/sites")) {
            return "{\"name\":\"mine\"}";
        }
        return path.endsWith(":register") ? "{\"devices\":[{\"id\":\"mine\"}]}" : "{}";
    }

    private static String withoutRequest(Answer answer) {
        return answer.body().replaceAll("\"requestId\":\"[^\"]*\"", "");
    }
}
