package dev.heliograph.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.query.testing.TestApi;
import dev.heliograph.query.testing.TestTokens;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class ManagementTest {
    private final TestApi api = TestApi.shared();

    @Test
    void givenManagementPort_whenAsked_thenHealthAndNumbersAreThereAndNothingElse() throws Exception {
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> get("/actuator/health/readiness").statusCode() == 200);
        assertThat(get("/actuator/health/liveness").statusCode()).isEqualTo(200);
        assertThat(get("/actuator/prometheus").body())
                .contains("heliograph_sse_clients", "heliograph_query_requests_total", "heliograph_sse_dropped_total");
        for (String path : List.of("/actuator/env", "/actuator/heapdump", "/actuator/beans", "/api/v1/me")) {
            assertThat(get(path).statusCode()).as(path).isIn(401, 404);
        }
    }

    @Test
    void givenPublicPort_whenAskedForManagement_thenItIsNotThere() {
        String admin = TestTokens.of("management", "admin");

        for (String path : List.of("/actuator", "/actuator/health", "/actuator/prometheus")) {
            assertThat(api.get(path, admin).status()).as(path).isEqualTo(404);
        }
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        String port = api.context.getEnvironment().getProperty("local.management.port");
        URI address = URI.create("http://127.0.0.1:" + port + path);
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
        }
    }
}
