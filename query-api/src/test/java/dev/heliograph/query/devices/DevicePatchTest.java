package dev.heliograph.query.devices;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.model.wire.DeviceRecord;
import dev.heliograph.query.testing.TestApi;
import dev.heliograph.query.testing.TestApi.Answer;
import dev.heliograph.query.testing.TestTokens;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DevicePatchTest {
    private static final String DEVICE = "/api/v1/devices/d";

    private final TestApi api = TestApi.shared();

    @Test
    void givenDevice_whenPatched_thenOnlyWhatIsNamedChangesAndIsPublished() {
        String admin = TestTokens.of("patch", "admin");
        api.put(
                DEVICE,
                admin,
                "{\"name\":\"N\",\"type\":\"pump\",\"labels\":{\"a\":\"1\",\"b\":\"2\"},\"expectedIntervalSeconds\":2.5,"
                        + "\"location\":{\"lat\":1,\"lon\":2}}");

        Answer patched = patch(
                "patch",
                DEVICE,
                "{\"type\":null,\"site\":\"lyon\",\"labels\":{\"b\":null,\"c\":\"3\"},\"firmware\":\"2.3\",\"location\":{\"lat\":45.5},\"mayBackfill\":true}",
                "\"1\"");

        assertThat(patched.status()).as(patched.body()).isEqualTo(200);
        assertThat(patched.header("ETag")).isEqualTo("\"2\"");
        assertThat(patched.json().path("type").isNull()).isTrue();
        assertThat(patched.json().path("name").asString()).isEqualTo("N");
        assertThat(patched.json().path("expectedIntervalSeconds").asDouble()).isEqualTo(2.5);
        assertThat(patched.json().path("labels")).hasToString("{\"a\":\"1\",\"c\":\"3\"}");
        assertThat(patched.json().path("location")).hasToString("{\"lat\":45.5,\"lon\":2.0}");
        assertThat(patched.json().path("firmware").asString()).isEqualTo("2.3");
        assertThat(patched.json().path("mayBackfill").asBoolean()).isTrue();
        Awaitility.await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
            DeviceRecord record = DeviceRecord.CODEC.decode(
                    String.valueOf(api.topics.of("patch/d").getLast().value()).getBytes(StandardCharsets.UTF_8));
            assertThat(record.site()).isEqualTo("lyon");
            assertThat(record.labels()).containsExactlyInAnyOrderEntriesOf(Map.of("a", "1", "c", "3"));
            assertThat(record.version()).isEqualTo(2);
            assertThat(record.mayBackfill()).isTrue();
        });
        assertThat(api.jdbc
                        .sql("SELECT detail::text FROM audit WHERE tenant = 'patch' AND action = 'device.patch'")
                        .query(String.class)
                        .single())
                .contains("firmware", "labels", "mayBackfill");

        Answer other = patch("patch", DEVICE, "{\"name\":\"M\"}", "\"2\"");
        Answer back = patch("patch", DEVICE, "{\"mayBackfill\":null}", "\"3\"");

        assertThat(other.json().path("mayBackfill").asBoolean()).as("kept").isTrue();
        assertThat(back.json().path("mayBackfill").asBoolean(true)).isFalse();
    }

    @Test
    void givenVersions_whenPatched_thenOnlyTheCurrentOneMay() {
        api.put(DEVICE, TestTokens.of("patch-version", "admin"), "{}");

        assertThat(patch("patch-version", DEVICE, "{}", null).status()).isEqualTo(428);
        assertThat(patch("patch-version", DEVICE, "{\"type\":\"a\"}", "\"1\"").status())
                .isEqualTo(200);
        assertThat(patch("patch-version", DEVICE, "{\"type\":\"b\"}", "\"1\"").status())
                .isEqualTo(412);
        assertThat(patch("patch-version", "/api/v1/devices/other", "{}", "\"1\"")
                        .status())
                .isEqualTo(404);
        assertThat(api.send(
                                "PATCH",
                                DEVICE,
                                TestTokens.of("patch-version", "operator"),
                                "{}",
                                Map.of("If-Match", "\"2\""))
                        .status())
                .isEqualTo(403);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    {"colour":"red"}            | /colour
                    {"colour":null}             | /colour
                    {"id":"e"}                  | /id
                    {"labels":"x"}              | /labels
                    {"location":{"lat":91,"lon":0}} | /location/lat
                    {"location":{"lat":1}}      | /location/lon
                    {"location":{"x":1}}        | /location/x
                    {"expectedIntervalSeconds":0} | /expectedIntervalSeconds
                    {"expectedIntervalSeconds":"2"} | /expectedIntervalSeconds
                    {"site":"Not A Slug"}       | /site
                    {"enabled":"yes"}           | /enabled
                    {"mayBackfill":"yes"}       | /mayBackfill
                    []                          | ``
                    """)
    void givenSenselessPatch_whenSent_then400NamesTheField(String body, String pointer) {
        api.put(DEVICE, TestTokens.of("patch-bad", "admin"), "{}");

        Answer refused = patch("patch-bad", DEVICE, body, "*");

        assertThat(refused.status()).as(refused.body()).isEqualTo(400);
        assertThat(refused.json().path("errors").path(0).path("pointer").asString())
                .isEqualTo(pointer);
    }

    @Test
    void givenSite_whenPatched_thenItsVersionCounts() {
        String admin = TestTokens.of("patch-site", "admin");
        Answer put = api.put(
                "/api/v1/sites/lyon",
                admin,
                "{\"name\":\"Lyon\",\"timezone\":\"Europe/Paris\",\"lat\":45.7,\"lon\":4.8}");
        assertThat(put.header("ETag")).isEqualTo("\"1\"");

        Answer patched = patch("patch-site", "/api/v1/sites/lyon", "{\"name\":\"Lyon 2\",\"lat\":45.8}", "\"1\"");

        assertThat(patched.status()).as(patched.body()).isEqualTo(200);
        assertThat(patched.json().path("timezone").asString()).isEqualTo("Europe/Paris");
        assertThat(patched.json().path("lat").asDouble()).isEqualTo(45.8);
        assertThat(patched.header("ETag")).isEqualTo("\"2\"");
        assertThat(patch("patch-site", "/api/v1/sites/lyon", "{}", "\"1\"").status())
                .isEqualTo(412);
        assertThat(patch("patch-site", "/api/v1/sites/lyon", "{}", null).status())
                .isEqualTo(428);
        assertThat(patch("patch-site", "/api/v1/sites/lyon", "{\"lat\":null}", "*")
                        .status())
                .isEqualTo(400);
        assertThat(patch("patch-site", "/api/v1/sites/oslo", "{}", "*").status())
                .isEqualTo(404);
        assertThat(api.send("PUT", "/api/v1/sites/lyon", admin, "{\"name\":\"x\"}", Map.of("If-Match", "\"1\""))
                        .status())
                .isEqualTo(412);
        assertThat(api.get("/api/v1/sites/lyon", admin).json().path("name").asString())
                .isEqualTo("Lyon 2");
    }

    private Answer patch(String tenant, String path, String body, @Nullable String ifMatch) {
        Map<String, String> headers = new HashMap<>(Map.of("Content-Type", "application/merge-patch+json"));
        if (ifMatch != null) {
            headers.put("If-Match", ifMatch);
        }
        return api.send("PATCH", path, TestTokens.of(tenant, "admin"), body, headers);
    }
}
