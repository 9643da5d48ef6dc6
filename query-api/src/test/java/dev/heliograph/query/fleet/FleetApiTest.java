package dev.heliograph.query.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.heliograph.query.testing.TestApi;
import dev.heliograph.query.testing.TestApi.Answer;
import dev.heliograph.query.testing.TestRows;
import dev.heliograph.query.testing.TestTokens;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class FleetApiTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** As in {@code fold_fleet}. */
    private static final String FOLD_LOCK = "7241005310180";

    private final TestApi api = TestApi.shared();

    @Test
    void givenSitesDevicesAndAlerts_whenSummed_thenEverythingIsCountedOnce() {
        String admin = TestTokens.of("fleet", "admin");
        assertThat(api.put(
                                "/api/v1/sites/berlin",
                                admin,
                                "{\"name\":\"Berlin\",\"timezone\":\"Europe/Berlin\",\"lat\":52.5,\"lon\":13.4}")
                        .status())
                .isEqualTo(200);
        api.post(
                "/api/v1/devices:register",
                admin,
                "{\"devices\":[{\"id\":\"a\",\"site\":\"berlin\"},{\"id\":\"b\",\"site\":\"berlin\"},{\"id\":\"c\",\"site\":\"oslo\"},{\"id\":\"d\"}]}");
        api.jdbc
                .sql("INSERT INTO presence (tenant, device, state, since) VALUES ('fleet', 'a', 'reporting', now()), "
                        + "('fleet', 'c', 'silent', now())")
                .update();
        new TestRows(api.jdbc, "fleet").alert("c", "critical", "firing");

        Answer summary = api.get("/api/v1/fleet/summary", admin);

        assertThat(summary.status()).as(summary.body()).isEqualTo(200);
        assertThat(summary.json().path("devices").path("total").asInt()).isEqualTo(4);
        assertThat(summary.json().path("devices").path("unknown").asInt()).isEqualTo(2);
        assertThat(summary.json().path("sites").path(0).path("name").asString()).isEqualTo("Berlin");
        assertThat(summary.json().path("sites").path(0).path("devices").asInt()).isEqualTo(2);
        assertThat(summary.json()
                        .path("sites")
                        .path(1)
                        .path("alerts")
                        .path("critical")
                        .asInt())
                .isEqualTo(1);
        assertThat(summary.json().path("attention").path(0).path("site").asString())
                .isEqualTo("oslo");
        assertThat(api.get("/api/v1/sites", admin).json().path("items").size()).isEqualTo(1);
    }

    @Test
    void givenSomebodyWhoCountsForLong_whenChangesWait_thenTheirAgeIsToldAndMeasuredUntilTheyAreCounted()
            throws SQLException {
        String admin = TestTokens.of("waits", "admin");
        MeterRegistry meters = api.context.getBean(MeterRegistry.class);
        Gauge age = meters.get("heliograph.query.fleet.age.seconds").gauge();
        await().atMost(PATIENCE).until(() -> age.value() < 10);
        JsonNode summary;
        try (Connection other = api.context.getBean(DataSource.class).getConnection();
                Statement sql = other.createStatement()) {
            sql.execute("SELECT pg_advisory_lock(" + FOLD_LOCK + ")");
            api.post("/api/v1/devices:register", admin, "{\"devices\":[{\"id\":\"a\"}]}");
            api.jdbc.sql("UPDATE fleet_note SET at = now() - interval '100 s'").update();

            summary = api.get("/api/v1/fleet/summary", admin).json();
            await().atMost(PATIENCE).until(() -> age.value() > 100);

            sql.execute("SELECT pg_advisory_unlock(" + FOLD_LOCK + ")");
        }

        Instant at = Instant.parse(summary.path("at").asString());
        assertThat(summary.path("devices").path("total").asInt()).isZero();
        assertThat(Instant.parse(summary.path("countedUntil").asString())).isBefore(at.minusSeconds(90));
        await().atMost(PATIENCE).until(() -> age.value() < 10);
        assertThat(meters.get("heliograph.query.fleet.fold")
                        .tag("outcome", "failed")
                        .timer()
                        .count())
                .isPositive();
        assertThat(meters.get("heliograph.query.fleet.changes").counter().count())
                .isPositive();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"name\":\"x\",\"timezone\":\"../../etc\"}",
                "{\"name\":\"x\",\"lat\":91,\"lon\":0}",
                "{\"name\":\"x\",\"lat\":1}",
                "{\"timezone\":\"UTC\"}"
            })
    void givenSenselessSite_whenPut_then400(String body) {
        assertThat(api.put("/api/v1/sites/s", TestTokens.of("fleet-bad", "admin"), body)
                        .status())
                .isEqualTo(400);
    }

    @Test
    void givenSampleWithinAMinute_whenSystemAsked_thenNewestIsWhenItWasReceived() {
        Instant received = Instant.parse("2026-03-01T12:00:42Z");
        int series = new TestRows(api.jdbc, "span").device("d").series("d", "temperature", "number");
        api.jdbc
                .sql("INSERT INTO latest (series_id, ts, value, received_at) VALUES (:series, :at, 21, :at)")
                .param("series", series)
                .param("at", received.atOffset(ZoneOffset.UTC))
                .update();
        api.jdbc
                .sql("INSERT INTO metric_range (tenant, metric, min, max, first_ts) VALUES "
                        + "('span', 'temperature', -4, 21, '2026-02-01T10:00:00Z'), "
                        + "('span', 'humidity', 30, 60, '2026-02-01T11:00:00Z')")
                .update();
        api.jdbc
                .sql("INSERT INTO ledger (tenant, minute) VALUES ('span', '2026-03-01T12:00:00Z')")
                .update();

        Answer system = api.get("/api/v1/system", TestTokens.of("span", "viewer"));

        assertThat(system.json().path("store").path("oldest").asString())
                .as("the time of the data, not that of its receipt")
                .startsWith("2026-02-01T10:00:00");
        assertThat(system.json().path("store").path("newest").asString()).startsWith("2026-03-01T12:00:42");
        assertThat(api.get("/api/v1/metrics", TestTokens.of("span", "viewer")).body())
                .contains("\"min\":-4.0", "\"max\":21.0", "\"firstSeen\":\"2026-02-01T10:00:00Z\"")
                .contains("\"lastSeen\":\"2026-03-01T12:00:42Z\"");
    }

    @Test
    void givenCatalogueQuarantineSystemAndMe_whenAsked_thenTheyAnswer() {
        String admin = TestTokens.of("rest", "admin");
        TestRows rows = new TestRows(api.jdbc, "rest").device("d");
        rows.series("d", "temperature", "number");
        api.jdbc
                .sql(
                        "INSERT INTO quarantine (id, tenant, device, topic, transport, reason, detail, received_at, size, sha256, "
                                + "payload) VALUES (gen_random_uuid(), 'rest', 'd', 'iot/v1/rest/d/telemetry', 'mqtt', 'JSON', "
                                + "'not JSON', now(), 3, 'ab', '\\x7b22ff'), (gen_random_uuid(), 'rest', NULL, 't', 'http', "
                                + "'TOO_OLD', 'old', now(), 3, 'ab', 'abc')")
                .update();

        assertThat(api.put("/api/v1/metrics/temperature", admin, "{\"unit\":\"K\"}")
                        .json()
                        .path("unit")
                        .asString())
                .isEqualTo("K");
        assertThat(api.get("/api/v1/metrics", admin)
                        .json()
                        .path("items")
                        .path(0)
                        .path("series")
                        .asInt())
                .isEqualTo(1);
        Answer refused = api.get("/api/v1/quarantine?reason=JSON", admin);
        assertThat(refused.json().path("items").path(0).path("payloadPreview").asString())
                .isEqualTo("0x7b22ff");
        assertThat(refused.json().path("counts").path("TOO_OLD").asInt()).isEqualTo(1);
        Answer system = api.get("/api/v1/system", admin);
        assertThat(system.json().path("stages").size()).isEqualTo(7);
        assertThat(system.json().path("store").path("timescale").asBoolean()).isFalse();
        Answer me = api.get("/api/v1/me", TestTokens.of("rest", "operator"));
        assertThat(me.body()).contains("\"rules:write\"").doesNotContain("devices:write");
        assertThat(me.json().path("limits").path("maxPoints").asInt()).isEqualTo(10_000);
        Answer latest = api.get("/api/v1/devices/d/latest", admin);
        assertThat(latest.json().path("presence").path("state").asString()).isEqualTo("unknown");
        assertThat(api.send("GET", "/api/v1/me", admin, null, Map.of("X-Tenant-Id", "other"))
                        .json()
                        .path("tenant")
                        .asString())
                .isEqualTo("rest");
    }
}
