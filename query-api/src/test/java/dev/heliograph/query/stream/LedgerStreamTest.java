package dev.heliograph.query.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.heliograph.query.testing.SseClient;
import dev.heliograph.query.testing.TestApi;
import dev.heliograph.query.testing.TestTokens;
import dev.heliograph.storage.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The ledger on the stream, read behind the wall between tenants: also what no request reads is of one tenant only. */
class LedgerStreamTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static TestApi api;

    private final Instant now = Instant.now().truncatedTo(ChronoUnit.MINUTES);

    @BeforeAll
    static void start() {
        api = TestApi.behindTheWall(TestDatabase.postgres(), "--heliograph.query.stream.ledger=100ms");
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    @Test
    void givenMinutesThatChange_whenStreamed_thenTheLastHourComesFirstAndThenEachChangeOnce() {
        minute("settling", now.minus(3, ChronoUnit.HOURS), 99, 99);
        minute("settling", now.minus(2, ChronoUnit.MINUTES), 10, 10);
        minute("settling", now.minus(1, ChronoUnit.MINUTES), 7, 7);
        minute("settling-other", now.minus(1, ChronoUnit.MINUTES), 1_000, 1_000);
        String token = TestTokens.of("settling", "viewer");
        try (SseClient client = SseClient.open(api, "topics=ledger", token)) {
            await().atMost(PATIENCE).until(() -> !client.named("ledger").isEmpty());
            assertThat(received(client)).containsExactly(7L, 10L);

            claimed("settling", now, 5);
            await().atMost(PATIENCE).until(() -> client.named("ledger").size() == 2);
            assertThat(client.named("ledger")
                            .get(1)
                            .data()
                            .path(0)
                            .path("counts")
                            .path("state")
                            .asString())
                    .isEqualTo("in-flight");
            minute("settling", now, 5, 5);
            api.jdbc
                    .sql("UPDATE ledger_source SET seen = claimed WHERE tenant = 'settling'")
                    .update();
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(client.named("ledger")
                                    .getLast()
                                    .data()
                                    .path(0)
                                    .path("counts")
                                    .path("state")
                                    .asString())
                            .isEqualTo("balanced"));

            assertThat(client.named("ledger").getLast().data()).hasSize(1);
            assertThat(client.named("ledger")
                            .getLast()
                            .data()
                            .path(0)
                            .path("start")
                            .asString())
                    .isEqualTo(now.toString());
            assertThat(client.named("reset")).isEmpty();
        }
    }

    @Test
    void givenViewerWhoComesLater_whenNothingChanges_thenItIsToldTheWholeAllTheSame() {
        minute("later", now.minus(1, ChronoUnit.MINUTES), 3, 3);
        String token = TestTokens.of("later", "viewer");
        try (SseClient first = SseClient.open(api, "topics=ledger", token)) {
            await().atMost(PATIENCE).until(() -> !first.named("ledger").isEmpty());
            try (SseClient second = SseClient.open(api, "topics=ledger,system", token)) {
                await().atMost(PATIENCE).until(() -> !second.named("ledger").isEmpty());
                assertThat(received(second)).containsExactly(3L);
            }
            assertThat(first.named("ledger")).hasSize(1);
        }
    }

    private static List<Long> received(SseClient client) {
        List<Long> received = new ArrayList<>();
        for (JsonNode minute : client.named("ledger").getFirst().data()) {
            received.add(minute.path("counts").path("received").asLong());
        }
        return received;
    }

    private static void minute(String tenant, Instant minute, long received, long stored) {
        api.jdbc
                .sql("INSERT INTO ledger (tenant, minute, received, stored) VALUES (:t, :m, :r, :s)"
                        + " ON CONFLICT (tenant, minute) DO UPDATE SET received = :r, stored = :s")
                .param("t", tenant)
                .param("m", minute.atOffset(ZoneOffset.UTC))
                .param("r", received)
                .param("s", stored)
                .update();
    }

    private static void claimed(String tenant, Instant minute, long units) {
        api.jdbc
                .sql("INSERT INTO ledger_source (tenant, minute, source, claimed, positions)"
                        + " VALUES (:t, :m, 1, :c, '{\"readings-0\": 9}')")
                .param("t", tenant)
                .param("m", minute.atOffset(ZoneOffset.UTC))
                .param("c", units)
                .update();
    }
}
