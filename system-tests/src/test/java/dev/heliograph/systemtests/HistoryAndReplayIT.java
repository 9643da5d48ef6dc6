package dev.heliograph.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What comes later than it should: history by its device and by the launcher, and a refused message taken after all. */
@ExtendWith(SharedPlatform.class)
class HistoryAndReplayIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String OF_GATEWAYS = "v1/gateway/telemetry";

    @Test
    void givenALoggerThatMay_whenItBringsItsPast_thenThatIsStoredAndNobodyTakesItForPresent(PlatformProcess platform)
            throws Exception {
        Api admin = new Api(platform, "admin");
        JsonNode key = platform.deviceKey("logger-1");
        Instant hour = Instant.now().minus(400, ChronoUnit.DAYS).truncatedTo(ChronoUnit.HOURS);
        String body = "[{\"ts\":%d,\"level\":1},{\"ts\":%d,\"level\":3}]"
                .formatted(hour.toEpochMilli(), hour.plusSeconds(60).toEpochMilli());
        assertThat(post(platform, key, body).statusCode()).as("not let yet").isEqualTo(403);

        HttpResponse<String> let = admin.send(
                "PATCH",
                "/devices/logger-1",
                "{\"mayBackfill\":true}",
                "If-Match",
                "*",
                "Content-Type",
                "application/merge-patch+json");
        assertThat(let.statusCode()).as(let.body()).isEqualTo(200);

        // The gateway learns it from Kafka.
        await().atMost(LIMIT).untilAsserted(() -> {
            HttpResponse<String> answer = post(platform, key, body);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        });
        String range = "?metric=level&from=" + hour + "&to=" + hour.plus(1, ChronoUnit.HOURS);
        await().atMost(LIMIT).untilAsserted(() -> {
            JsonNode means = admin.get("/data/logger-1" + range + "&bucket=1h&aggregate=avg");
            assertThat(means.path("series").path(0).path("avg").toString()).isEqualTo("[2.0]");
        });
        assertThat(admin.get("/devices/logger-1").path("presence").path("state").asString())
                .isEqualTo("unknown");
    }

    @Test
    void givenAMessageForADeviceNotYetRegistered_whenItIs_thenThePreviewSaysSoAndTheReplayStoresItOnce(
            PlatformProcess platform) throws Exception {
        Api admin = new Api(platform, "admin");
        Api operator = new Api(platform, "operator");
        Instant measured = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        String body = "{\"tap-1\":[{\"ts\":%d,\"values\":{\"flow\":7.5}}]}".formatted(measured.toEpochMilli());
        try (Device gateway = Device.connect(platform.deviceKey("router-1"))) {
            assertThat(gateway.publish(OF_GATEWAYS, body).get()).isFalse();
        }
        await().atMost(LIMIT).until(() -> !refused(operator).isEmpty());
        String ids = "{\"ids\":[\"" + refused(operator).getFirst().path("id").asString() + "\"]}";
        assertThat(outcome(operator, "preview", ids)).isEqualTo("refused");

        HttpResponse<String> registered =
                admin.send("PUT", "/devices/tap-1", "{\"labels\":{\"gateway\":\"router-1\"}}");
        assertThat(registered.statusCode()).as(registered.body()).isEqualTo(201);

        await().atMost(LIMIT).until(() -> outcome(operator, "preview", ids).equals("accepted"));
        assertThat(admin.get("/devices/tap-1/latest").path("samples"))
                .as("a preview stores nothing")
                .isEmpty();
        assertThat(outcome(operator, "replay", ids)).isEqualTo("accepted");
        assertThat(outcome(operator, "replay", ids)).isEqualTo("already-replayed");
        await().atMost(LIMIT).untilAsserted(() -> {
            JsonNode sample = admin.get("/devices/tap-1/latest").path("samples").path(0);
            assertThat(sample.path("value").asDouble()).isEqualTo(7.5);
            assertThat(Instant.parse(sample.path("time").asString())).isEqualTo(measured);
        });
    }

    @Test
    void givenAFileOfYearsAgo_whenSimulatedAsHistory_thenItsHoursAreThere(
            PlatformProcess platform, @TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("old.csv"), """
                device,time,level
                attic-1,2015-02-04T17:00:00Z,10
                attic-1,2015-02-04T17:30:00Z,20
                attic-1,2015-02-04T18:00:00Z,40
                """);

        PlatformProcess.Result simulated = PlatformProcess.run(
                platform.data(), "simulate", "--replay", file.toString(), "--times", "keep", "--backfill");

        assertThat(simulated.output()).contains("History is in: 3 readings accepted, 0 refused");
        assertThat(simulated.exitCode()).isZero();
        Api viewer = new Api(platform, "viewer");
        await().atMost(LIMIT).untilAsserted(() -> {
            JsonNode means = viewer.get("/data/attic-1?metric=level&from=2015-02-04T17:00:00Z&to=2015-02-04T19:00:00Z"
                    + "&bucket=1h&aggregate=avg");
            assertThat(means.path("series").path(0).path("avg").toString()).isEqualTo("[15.0,40.0]");
        });
    }

    private static List<JsonNode> refused(Api operator) {
        return operator.get("/quarantine")
                .path("items")
                .valueStream()
                .filter(row -> row.path("topic").asString().equals(OF_GATEWAYS))
                .toList();
    }

    private static String outcome(Api operator, String action, String ids) {
        HttpResponse<String> answer = operator.send("POST", "/quarantine:" + action, ids);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Api.json(answer).path("results").path(0).path("outcome").asString();
    }

    private static HttpResponse<String> post(PlatformProcess platform, JsonNode key, String body)
            throws IOException, InterruptedException {
        String credentials =
                key.path("username").asString() + ":" + key.path("password").asString();
        HttpRequest request = HttpRequest.newBuilder(URI.create(platform.url() + "/api/v1/telemetry?mode=backfill"))
                .timeout(LIMIT)
                .header(
                        "Authorization",
                        "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8)))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        }
    }
}
