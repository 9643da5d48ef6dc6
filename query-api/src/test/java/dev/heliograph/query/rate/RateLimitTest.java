package dev.heliograph.query.rate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.query.testing.TestApi;
import dev.heliograph.query.testing.TestApi.Answer;
import dev.heliograph.query.testing.TestTokens;
import dev.heliograph.storage.TestDatabase;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RateLimitTest {
    private static final Pattern STANDING =
            Pattern.compile("\"user\";r=(\\d+);t=(\\d+)(?:, \"tenant\";r=(\\d+);t=(\\d+))?");

    private static TestApi api;

    @BeforeAll
    static void start() {
        // So slow that nothing comes back while the test runs.
        api = new TestApi(
                TestDatabase.postgres(),
                "--heliograph.query.rate.user-per-second=0.01",
                "--heliograph.query.rate.user-burst=5",
                "--heliograph.query.rate.tenant-per-second=0.01",
                "--heliograph.query.rate.tenant-burst=8");
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    @Test
    void givenAUser_whenItAsks_thenEachAnswerTellsWhatIsLeftAndTheLastRefuses() {
        String token = token("rate-one", "ana");
        for (int left = 4; left >= 0; left--) {
            Answer answer = api.get("/api/v1/me", token);

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("RateLimit-Policy")).isEqualTo("\"user\";q=5;w=500, \"tenant\";q=8;w=800");
            Matcher standing = standing(answer);
            assertThat(standing.group(1)).isEqualTo("" + left);
            assertThat(standing.group(3)).isEqualTo("" + (left + 3));
        }

        Answer refused = api.get("/api/v1/me", token);

        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.json().path("type").asString()).endsWith("/rate-limited");
        assertThat(Long.parseLong(refused.header("Retry-After"))).isBetween(1L, 100L);
        assertThat(standing(refused).group(1)).isEqualTo("0");
    }

    @Test
    void givenUsersOfATenant_whenTheyAskTogether_thenTheTenantIsLimitedAndNoOther() {
        double before = limited("tenant");
        String ana = token("rate-two", "ana");
        String ben = token("rate-two", "ben");
        for (int i = 0; i < 4; i++) {
            assertThat(api.get("/api/v1/me", ana).status()).isEqualTo(200);
            assertThat(api.get("/api/v1/me", ben).status()).isEqualTo(200);
        }

        Answer refused = api.get("/api/v1/me", ben);
        Answer other = api.get("/api/v1/me", token("rate-three", "ben"));

        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.json().path("detail").asString()).startsWith("Your tenant");
        assertThat(standing(refused).group(1))
                .as("what the tenant refuses costs the user nothing")
                .isEqualTo("1");
        assertThat(other.status()).isEqualTo(200);
        assertThat(limited("tenant")).isEqualTo(before + 1);
    }

    @Test
    void givenNobody_whenAsked_thenOnlyTheMissingTokenIsTold() {
        Answer answer = api.send("GET", "/api/v1/me", null, null, Map.of());

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.header("RateLimit")).isNull();
    }

    private static double limited(String scope) {
        return api.context
                .getBean(MeterRegistry.class)
                .get("heliograph.query.rate.limited")
                .tag("scope", scope)
                .counter()
                .count();
    }

    private static Matcher standing(Answer answer) {
        String header = answer.header("RateLimit");
        assertThat(header).isNotNull();
        Matcher standing = STANDING.matcher(header);
        assertThat(standing.matches()).as(header).isTrue();
        return standing;
    }

    private static String token(String tenant, String subject) {
        return TestTokens.signed(
                claims -> claims.subject(subject).claim("tenant", tenant).claim("roles", List.of("viewer")));
    }
}
