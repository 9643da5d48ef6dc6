package dev.heliograph.query.devices;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.model.credential.DeviceKeyHash;
import dev.heliograph.model.wire.DeviceRecord;
import dev.heliograph.query.outbox.OutboxRow;
import dev.heliograph.query.testing.TestApi;
import dev.heliograph.query.testing.TestApi.Answer;
import dev.heliograph.query.testing.TestRows;
import dev.heliograph.query.testing.TestTokens;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class DevicesApiTest {
    private final TestApi api = TestApi.shared();

    @Test
    void givenNewDevice_whenPut_thenItIsCreatedAuditedAndPublished() {
        String admin = TestTokens.of("put-one", "admin");

        Answer created = api.put(
                "/api/v1/devices/boiler-7",
                admin,
                "{\"name\":\"Boiler"
                        + " 7\",\"type\":\"boiler\",\"site\":\"berlin\",\"labels\":{\"line\":\"2\"},\"expectedIntervalSeconds\":2.5}");

        assertThat(created.status()).isEqualTo(201);
        assertThat(created.header("ETag")).isEqualTo("\"1\"");
        assertThat(created.json().path("presence").path("state").asString()).isEqualTo("unknown");
        assertThat(created.json().path("expectedIntervalSeconds").asDouble()).isEqualTo(2.5);
        DeviceRecord published = published("put-one/boiler-7").getLast();
        assertThat(published.expectedIntervalMs()).isEqualTo(2500);
        assertThat(published.labels()).containsEntry("line", "2");
        assertThat(api.jdbc
                        .sql("SELECT action FROM audit WHERE tenant = 'put-one'")
                        .query(String.class)
                        .list())
                .containsExactly("device.create");
    }

    @Test
    void givenExistingDevice_whenPutWithoutOrWithOldVersion_then428And412() {
        String admin = TestTokens.of("versions", "admin");
        api.put("/api/v1/devices/d1", admin, "{}");

        assertThat(api.put("/api/v1/devices/d1", admin, "{}").status()).isEqualTo(428);
        Answer second = api.send("PUT", "/api/v1/devices/d1", admin, "{\"name\":\"b\"}", Map.of("If-Match", "\"1\""));
        assertThat(second.status()).isEqualTo(200);
        assertThat(second.header("ETag")).isEqualTo("\"2\"");
        Answer stale = api.send("PUT", "/api/v1/devices/d1", admin, "{\"name\":\"c\"}", Map.of("If-Match", "\"1\""));
        assertThat(stale.status()).isEqualTo(412);
        assertThat(stale.json().path("type").asString()).isEqualTo("https://heliograph.dev/problems/stale");
    }

    @Test
    void givenRegistration_whenCredentialsAreIssued_thenEachPasswordMatchesThePublishedHash() {
        String admin = TestTokens.of("register", "admin");

        Answer first = api.post(
                "/api/v1/devices:register",
                admin,
                "{\"devices\":[{\"id\":\"a\",\"name\":\"A\"},{\"id\":\"b\",\"type\":\"pump\"}],\"issueCredentials\":true}");
        Answer second = api.post(
                "/api/v1/devices:register",
                admin,
                "{\"devices\":[{\"id\":\"a\",\"type\":\"meter\"},{\"id\":\"c\"}],\"issueCredentials\":false}");

        assertThat(first.status()).isEqualTo(200);
        JsonNode a = first.json().path("devices").path(0);
        assertThat(a.path("username").asString()).isEqualTo("register/a");
        assertThat(a.path("password").asString()).hasSize(43);
        assertThat(second.json().path("devices").path(0).path("created").asBoolean())
                .isFalse();
        assertThat(second.json().path("devices").path(1).path("created").asBoolean())
                .isTrue();
        assertThat(second.json().path("devices").path(1).path("password").isNull())
                .isTrue();
        DeviceRecord record = published("register/a").getLast();
        assertThat(record.type()).isEqualTo("meter");
        assertThat(record.version()).isEqualTo(2);
        DeviceRecord.Credential kept = record.credentials().getFirst();
        assertThat(new DeviceKeyHash(kept.salt(), kept.hash())
                        .matches(a.path("password").asString()))
                .isTrue();
        assertThat(api.get("/api/v1/devices/a", admin).json().path("name").asString())
                .isEqualTo("A");
    }

    @Test
    void givenADevice_whenAnAdministratorLetsItBringHistory_thenThatIsPublishedUntilItIsTakenBack() {
        String admin = TestTokens.of("loggers", "admin");
        api.post(
                "/api/v1/devices:register",
                admin,
                "{\"devices\":[{\"id\":\"a\",\"mayBackfill\":true},{\"id\":\"b\"}],\"issueCredentials\":false}");

        Answer again = api.post(
                "/api/v1/devices:register", admin, "{\"devices\":[{\"id\":\"a\",\"type\":\"logger\"},{\"id\":\"b\"}]}");

        assertThat(again.status()).isEqualTo(200);
        assertThat(mayBackfill("a", admin)).as("kept where nothing is said").isTrue();
        assertThat(mayBackfill("b", admin)).as("off by default").isFalse();
        assertThat(published("loggers/a").getLast().mayBackfill()).isTrue();
        assertThat(published("loggers/b").getLast().mayBackfill()).isNull();

        assertThat(api.put("/api/v1/devices/c", admin, "{\"mayBackfill\":true}").status())
                .isEqualTo(201);
        assertThat(mayBackfill("c", admin)).isTrue();
        Answer replaced = api.send("PUT", "/api/v1/devices/c", admin, "{}", Map.of("If-Match", "\"1\""));

        assertThat(replaced.status()).isEqualTo(200);
        assertThat(replaced.json().path("mayBackfill").asBoolean()).isFalse();
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(published("loggers/c").getLast().mayBackfill())
                        .isNull());
        assertThat(api.put("/api/v1/devices/c", TestTokens.of("loggers", "operator"), "{\"mayBackfill\":true}")
                        .status())
                .isEqualTo(403);
    }

    private boolean mayBackfill(String device, String token) {
        JsonNode answer = api.get("/api/v1/devices/" + device, token).json().path("mayBackfill");
        assertThat(answer.isBoolean()).isTrue();
        return answer.asBoolean();
    }

    @Test
    void givenIssuedCredentials_whenIssuedAgainAndDisabled_thenOnlyTheNewestIsPublishedAndThenNone() {
        String admin = TestTokens.of("issue", "admin");
        api.put("/api/v1/devices/d", admin, "{}");

        api.post("/api/v1/devices/d/credentials", admin, "");
        Answer second = api.post("/api/v1/devices/d/credentials", admin, "");

        assertThat(second.status()).isEqualTo(201);
        DeviceRecord record = published("issue/d").getLast();
        assertThat(record.credentials()).hasSize(1);
        DeviceRecord.Credential kept = record.credentials().getFirst();
        assertThat(new DeviceKeyHash(kept.salt(), kept.hash())
                        .matches(second.json().path("password").asString()))
                .isTrue();

        assertThat(api.delete("/api/v1/devices/d", admin).status()).isEqualTo(204);
        Awaitility.await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
            DeviceRecord disabled = published("issue/d").getLast();
            assertThat(disabled.enabled()).isFalse();
            assertThat(disabled.credentials()).isEmpty();
        });
    }

    @Test
    void givenASensorThatStopped_whenItsDeviceIsAsked_thenTheDeviceReportsAndTheMetricIsSilent() {
        String viewer = TestTokens.of("sensors", "viewer");
        TestRows rows = new TestRows(api.jdbc, "sensors").device("d");
        for (String metric : List.of("humidity", "temperature")) {
            api.jdbc
                    .sql("INSERT INTO latest VALUES (:s, now(), 1, NULL, now())")
                    .param("s", rows.series("d", metric, "number"))
                    .update();
        }
        api.jdbc
                .sql("INSERT INTO presence (tenant, device, state, since, silent_metrics) "
                        + "VALUES ('sensors', 'd', 'reporting', now(), '{humidity}')")
                .update();

        JsonNode latest = api.get("/api/v1/devices/d/latest", viewer).json();

        assertThat(latest.path("presence").path("state").asString()).isEqualTo("reporting");
        assertThat(latest.path("presence").path("silentMetrics").path(0).asString())
                .isEqualTo("humidity");
        assertThat(latest.path("samples").path(0).path("silent").asBoolean()).isTrue();
        assertThat(latest.path("samples").path(1).path("silent").asBoolean()).isFalse();
    }

    @Test
    void givenADeviceOfWhichThereIsOnlyHistory_whenItIsAsked_thenItWasNeverSeen() {
        String viewer = TestTokens.of("history-only", "viewer");
        TestRows rows = new TestRows(api.jdbc, "history-only").device("past").device("live");
        for (String device : List.of("past", "live")) {
            api.jdbc
                    .sql("INSERT INTO latest VALUES (:s, '2024-01-01Z', 1, NULL, '2026-01-02Z')")
                    .param("s", rows.series(device, "m", "number"))
                    .update();
        }
        api.jdbc
                .sql("INSERT INTO presence (tenant, device, state, since, last_seen) "
                        + "VALUES ('history-only', 'live', 'reporting', '2026-01-01Z', '2026-01-01Z')")
                .update();

        JsonNode past = api.get("/api/v1/devices/past", viewer).json();
        JsonNode live = api.get("/api/v1/devices/live", viewer).json();

        assertThat(past.path("presence").path("state").asString()).isEqualTo("unknown");
        assertThat(past.toString()).doesNotContain("2026-01-02");
        assertThat(live.toString()).contains("\"lastSeen\":\"2026-01-02T00:00:00Z\"");
    }

    @Test
    void givenManyDevices_whenPagedInEveryOrder_thenEachComesOnce() {
        String admin = TestTokens.of("paging", "admin");
        StringBuilder body = new StringBuilder("{\"devices\":[");
        for (int i = 0; i < 25; i++) {
            body.append(i == 0 ? "" : ",")
                    .append("{\"id\":\"dev-%02d\",\"name\":\"n%d\",\"site\":\"s%d\"}".formatted(i, i % 3, i % 2));
        }
        api.post("/api/v1/devices:register", admin, body + "]}");
        api.jdbc
                .sql("INSERT INTO presence (tenant, device, state, since, last_seen) "
                        + "SELECT 'paging', id, CASE WHEN id < 'dev-10' THEN 'reporting' ELSE 'silent' END, now(), "
                        + "CASE WHEN id < 'dev-20' THEN now() - interval '1 s' * (ascii(right(id, 1)) % 4) END "
                        + "FROM device WHERE tenant = 'paging' AND id < 'dev-22'")
                .update();

        for (String sort : List.of("id", "-id", "name", "lastSeen", "-lastSeen", "status")) {
            assertThat(allPages("/api/v1/devices?limit=4&sort=" + sort, admin))
                    .as(sort)
                    .hasSize(25)
                    .doesNotHaveDuplicates();
        }
        assertThat(allPages("/api/v1/devices?q=status:silent%20site:s1", admin)).hasSize(6);
        assertThat(allPages("/api/v1/devices?status=unknown", admin)).hasSize(3);
        assertThat(allPages("/api/v1/devices?q=EV-0", admin)).hasSize(10);
        assertThat(allPages("/api/v1/devices?q=%25_", admin)).isEmpty();
        assertThat(api.get("/api/v1/devices?limit=4", admin)
                        .json()
                        .path("total")
                        .asInt())
                .isEqualTo(25);
    }

    @Test
    void givenCursor_whenTamperedReplayedOrForeign_then400() {
        String admin = TestTokens.of("cursors", "admin");
        api.post("/api/v1/devices:register", admin, "{\"devices\":[{\"id\":\"a\"},{\"id\":\"b\"}]}");
        String cursor = api.get("/api/v1/devices?limit=1", admin)
                .json()
                .path("nextCursor")
                .asString();

        assertThat(api.get("/api/v1/devices?limit=1&cursor=" + cursor, admin).status())
                .isEqualTo(200);
        assertThat(api.get("/api/v1/devices?limit=1&sort=-id&cursor=" + cursor, admin)
                        .status())
                .isEqualTo(400);
        assertThat(api.get("/api/v1/devices?limit=1&cursor=" + cursor, TestTokens.of("other", "admin"))
                        .status())
                .isEqualTo(400);
        assertThat(api.get("/api/v1/devices?limit=1&cursor=x" + cursor, admin).status())
                .isEqualTo(400);
        assertThat(api.get("/api/v1/devices?limit=1&cursor=" + cursor.substring(3), admin)
                        .status())
                .isEqualTo(400);
    }

    private List<String> allPages(String path, String token) {
        List<String> ids = new ArrayList<>();
        String cursor = "";
        do {
            Answer page = api.get(path + cursor, token);
            assertThat(page.status()).as(page.body()).isEqualTo(200);
            page.json().path("items").forEach(item -> ids.add(item.path("id").asString()));
            JsonNode next = page.json().path("nextCursor");
            cursor = next.isNull() ? "" : "&cursor=" + next.asString();
        } while (!cursor.isEmpty());
        return ids;
    }

    private List<DeviceRecord> published(String key) {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .until(() -> api.topics.of(key), rows -> !rows.isEmpty())
                .stream()
                .map(OutboxRow::value)
                .map(value -> DeviceRecord.CODEC.decode(value.getBytes(StandardCharsets.UTF_8)))
                .toList();
    }
}
