package dev.heliograph.query.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.query.testing.TestApi;
import dev.heliograph.query.testing.TestApi.Answer;
import dev.heliograph.query.testing.TestTokens;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

class StoreAwayTest {
    @Test
    void givenNoDatabase_whenStarted_thenItWaitsNotReadyAndSaysSo() {
        PGSimpleDataSource nowhere = new PGSimpleDataSource();
        nowhere.setUrl("jdbc:postgresql://127.0.0.1:1/nothing");
        nowhere.setUser("nobody");
        try (TestApi api = new TestApi(nowhere, "--heliograph.query.database.connection-wait=250ms")) {
            Answer answer = api.get("/api/v1/devices", TestTokens.of("away", "viewer"));

            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.header("Retry-After")).isNotNull();
            assertThat(answer.json().path("type").asString()).endsWith("/store-unavailable");
            assertThat(api.get("/api/v1/me", TestTokens.of("away", "viewer")).status())
                    .isEqualTo(200);
            assertThat(api.context
                            .getBean(StoreHealth.class)
                            .health()
                            .getStatus()
                            .getCode())
                    .isEqualTo("DOWN");
        }
    }
}
