package dev.heliograph.query.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.query.testing.TestApi;
import dev.heliograph.query.testing.TestApi.Answer;
import dev.heliograph.query.testing.TestTokens;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdempotencyApiTest {
    private static final String RULE = """
            {"name":"Too hot","severity":"info","condition":{"type":"threshold","metric":"t","operator":"gt","value":1}}""";
    private static final String RULES = "/api/v1/rules";

    private final TestApi api = TestApi.shared();

    @Test
    void givenAKey_whenTheRequestComesTwice_thenItTakesEffectOnceAndIsAnsweredAlike() {
        String token = TestTokens.of("idem-twice", "operator");
        String key = key();

        Answer first = post(RULES, token, RULE, key);
        Answer second = post(RULES, token, RULE, key);

        assertThat(first.status()).isEqualTo(201);
        assertThat(first.header("Idempotent-Replayed")).isNull();
        assertThat(second.status()).isEqualTo(201);
        assertThat(second.header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(second.header("Location")).isEqualTo(first.header("Location"));
        assertThat(second.header("ETag")).isEqualTo(first.header("ETag"));
        assertThat(second.header("X-Request-Id")).isNotEqualTo(first.header("X-Request-Id"));
        assertThat(rules("idem-twice")).isEqualTo(1);
    }

    @Test
    void givenAKey_whenTheBodyIsAnother_thenItIsRefusedAndNothingHappens() {
        String token = TestTokens.of("idem-other", "operator");
        String key = key();
        post(RULES, token, RULE, key);

        Answer other = post(RULES, token, RULE.replace("info", "critical"), key);

        assertThat(other.status()).isEqualTo(422);
        assertThat(other.json().path("type").asString()).endsWith("/idempotency-key-reused");
        assertThat(rules("idem-other")).isEqualTo(1);
    }

    @Test
    void givenManyAtOnce_whenTheyHaveOneKey_thenOneRunsAndTheOthersWaitOrAreAnsweredAlike() throws Exception {
        String token = TestTokens.of("idem-crowd", "operator");
        String key = key();
        Callable<Answer> request = () -> post(RULES, token, RULE, key);

        List<Answer> answers = new ArrayList<>();
        try (ExecutorService crowd = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Answer> answer : crowd.invokeAll(java.util.Collections.nCopies(20, request))) {
                answers.add(answer.get());
            }
        }

        assertThat(rules("idem-crowd")).isEqualTo(1);
        // How many come while the first still runs is a matter of chance.
        assertThat(answers).extracting(Answer::status).contains(201).isSubsetOf(201, 409);
        assertThat(post(RULES, token, RULE, key).header("Idempotent-Replayed")).isEqualTo("true");
    }

    @Test
    void givenARefusedRequest_whenItIsMended_thenTheKeyIsFree() {
        String token = TestTokens.of("idem-refused", "operator");
        String key = key();

        assertThat(post(RULES, token, "{}", key).status()).isEqualTo(400);
        assertThat(post(RULES, token, RULE, key).status()).isEqualTo(201);
        assertThat(rules("idem-refused")).isEqualTo(1);
    }

    @Test
    void givenTwoTenantsAndTwoUsers_whenTheyUseOneKey_thenTheyDoNotMeet() {
        String key = key();

        assertThat(post(RULES, TestTokens.of("idem-a", "operator"), RULE, key).status())
                .isEqualTo(201);
        Answer other = post(RULES, TestTokens.of("idem-b", "operator"), RULE.replace("info", "warning"), key);
        Answer third = post(RULES, user("idem-a", "ben"), RULE.replace("info", "critical"), key);

        assertThat(List.of(other, third)).allSatisfy(answer -> {
            assertThat(answer.status()).isEqualTo(201);
            assertThat(answer.header("Idempotent-Replayed")).isNull();
        });
    }

    @Test
    void givenARegistration_whenItComesTwice_thenThePasswordIsTheSameAndNowhereToBeRead() {
        String token = TestTokens.of("idem-devices", "admin");
        String key = key();
        String body = "{\"devices\":[{\"id\":\"boiler-7\"}],\"issueCredentials\":true}";

        Answer first = post("/api/v1/devices:register", token, body, key);
        Answer second = post("/api/v1/devices:register", token, body, key);

        String password = first.json().path("devices").path(0).path("password").asString();
        assertThat(password).isNotBlank();
        assertThat(second.json().path("devices").path(0).path("password").asString())
                .isEqualTo(password);
        assertThat(api.jdbc
                        .sql("SELECT encode(answer, 'hex') FROM idempotency_key WHERE tenant = 'idem-devices'")
                        .query(String.class)
                        .list())
                .singleElement()
                .asString()
                .doesNotContain(HexFormat.of().formatHex(password.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void givenARequestThatStillRuns_whenItComesAgain_thenItIsToldToWait() {
        String token = TestTokens.of("idem-runs", "operator");
        String key = key();
        post(RULES, token, RULE, key);
        api.jdbc
                .sql("UPDATE idempotency_key SET status = NULL, answer = NULL WHERE tenant = 'idem-runs'")
                .update();

        Answer again = post(RULES, token, RULE, key);

        assertThat(again.status()).isEqualTo(409);
        assertThat(again.json().path("type").asString()).endsWith("/idempotency-key-in-use");
        assertThat(again.header("Retry-After")).isEqualTo("1");
        assertThat(rules("idem-runs")).isEqualTo(1);
    }

    @Test
    void givenARequestThatWasCutOff_whenItComesAgain_thenItIsNotRunAgain() {
        String token = TestTokens.of("idem-cut", "operator");
        String key = key();
        post(RULES, token, RULE, key);
        api.jdbc
                .sql(
                        "UPDATE idempotency_key SET status = NULL, answer = NULL, created_at = :then WHERE tenant = 'idem-cut'")
                .param("then", Instant.now().minusSeconds(600).atOffset(ZoneOffset.UTC))
                .update();

        Answer again = post(RULES, token, RULE, key);

        assertThat(again.status()).isEqualTo(409);
        assertThat(again.json().path("type").asString()).endsWith("/idempotency-in-doubt");
        assertThat(rules("idem-cut")).isEqualTo(1);
    }

    /** States of SQL: a fault of ours, and a connection that was lost. */
    @ParameterizedTest
    @CsvSource({"XX000, 500, internal", "08006, 503, store-unavailable"})
    void givenARequestThatFailed_whenItComesAgain_thenItIsNotRunAgain(String state, int status, String kind) {
        String tenant = "idem-failed-" + status;
        String token = TestTokens.of(tenant, "operator");
        String key = key();
        failing(tenant, state, "fails_" + status);

        Answer first = post(RULES, token, RULE, key);
        api.jdbc.sql("DROP TRIGGER fails_" + status + " ON rule").update();
        Answer again = post(RULES, token, RULE, key);

        assertThat(first.status()).isEqualTo(status);
        assertThat(first.json().path("type").asString()).endsWith("/" + kind);
        assertThat(again.status()).isEqualTo(409);
        assertThat(again.json().path("type").asString()).endsWith("/idempotency-in-doubt");
        assertThat(rules(tenant)).isZero();
    }

    /** Lets the store fail when the tenant creates a rule. */
    private void failing(String tenant, String state, String name) {
        api.jdbc.sql("""
                        CREATE FUNCTION %s() RETURNS trigger LANGUAGE plpgsql AS $$
                        BEGIN RAISE EXCEPTION 'as told' USING ERRCODE = '%s'; END $$
                        """.formatted(name, state)).update();
        api.jdbc.sql("""
                        CREATE TRIGGER %1$s BEFORE INSERT ON rule FOR EACH ROW WHEN (NEW.tenant = '%2$s')
                        EXECUTE FUNCTION %1$s()
                        """.formatted(name, tenant)).update();
    }

    @Test
    void givenAKeyWhoseTimeIsOver_whenUsedAgain_thenItStandsForTheNewRequest() {
        String token = TestTokens.of("idem-old", "operator");
        String key = key();
        post(RULES, token, RULE, key);
        age("idem-old");

        Answer again = post(RULES, token, RULE.replace("info", "critical"), key);

        assertThat(again.status()).isEqualTo(201);
        assertThat(rules("idem-old")).isEqualTo(2);
    }

    @Test
    void givenOldKeys_whenSwept_thenOnlyTheyAreGone() {
        String token = TestTokens.of("idem-sweep", "operator");
        post(RULES, token, RULE, key());
        age("idem-sweep");
        post(RULES, token, RULE, key());

        int gone = api.context.getBean(IdempotencySweep.class).sweep();

        assertThat(gone).isPositive();
        assertThat(keys("idem-sweep")).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"short", "", "\"0d1bfae0-9b6f-4a2c-8f2e", "with spaces in the middle", "0d1bfae0-9b6f-4a2c;x=1"})
    void givenAKeyThatIsNone_whenSent_then400NamesTheHeader(String bad) {
        Answer answer = post(RULES, TestTokens.of("idem-bad", "operator"), RULE, bad);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().path("errors").path(0).path("pointer").asString())
                .isEqualTo("Idempotency-Key");
        assertThat(rules("idem-bad")).isZero();
    }

    @Test
    void givenAnOperationThatChangesNothing_whenItHasAKey_thenTheKeyMeansNothing() {
        Answer answer = api.send(
                "GET", "/api/v1/me", TestTokens.of("idem-none", "viewer"), null, Map.of("Idempotency-Key", "short"));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(keys("idem-none")).isZero();
    }

    private Answer post(String path, String token, String body, String key) {
        return api.send("POST", path, token, body, Map.of("Idempotency-Key", key));
    }

    private void age(String tenant) {
        api.jdbc
                .sql("UPDATE idempotency_key SET created_at = created_at - interval '25 hours' WHERE tenant = :tenant")
                .param("tenant", tenant)
                .update();
    }

    private long rules(String tenant) {
        return count("rule", tenant);
    }

    private long keys(String tenant) {
        return count("idempotency_key", tenant);
    }

    private long count(String table, String tenant) {
        return api.jdbc
                .sql("SELECT count(*) FROM " + table + " WHERE tenant = :tenant")
                .param("tenant", tenant)
                .query(Long.class)
                .single();
    }

    private static String key() {
        return "\"" + UUID.randomUUID() + "\"";
    }

    private static String user(String tenant, String subject) {
        return TestTokens.signed(
                claims -> claims.subject(subject).claim("tenant", tenant).claim("roles", List.of("operator")));
    }
}
