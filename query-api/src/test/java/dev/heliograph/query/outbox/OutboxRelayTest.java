package dev.heliograph.query.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.query.testing.FakeConfigurationTopics;
import dev.heliograph.query.testing.TestApi;
import dev.heliograph.query.testing.TestApi.Answer;
import dev.heliograph.query.testing.TestTokens;
import dev.heliograph.storage.TestDatabase;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class OutboxRelayTest {
    @Test
    void givenKafkaAway_whenCredentialsAreIssued_then202AndPublishedWhenItIsBack() {
        try (TestApi api = new TestApi(TestDatabase.postgres(), "--heliograph.query.limits.publish-wait=200ms")) {
            FakeConfigurationTopics topics = api.topics;
            topics.away = true;
            String admin = TestTokens.of("away", "admin");

            Answer registered = api.post(
                    "/api/v1/devices:register", admin, "{\"devices\":[{\"id\":\"d\"}],\"issueCredentials\":true}");
            Answer issued = api.post("/api/v1/devices/d/credentials", admin, "");

            assertThat(registered.status()).isEqualTo(202);
            assertThat(registered.json().path("published").asBoolean()).isFalse();
            assertThat(issued.status()).isEqualTo(202);
            assertThat(issued.json().path("password").asString()).hasSize(43);
            assertThat(topics.published).isEmpty();

            topics.away = false;
            Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> topics.published.size() == 2);
            assertThat(topics.published).extracting(OutboxRow::id).isSorted();
        }
    }
}
