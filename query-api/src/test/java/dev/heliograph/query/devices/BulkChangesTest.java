package dev.heliograph.query.devices;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.query.testing.TestApi;
import dev.heliograph.query.testing.TestApi.Answer;
import dev.heliograph.query.testing.TestTokens;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class BulkChangesTest {
    private final TestApi api = TestApi.shared();

    @Test
    void givenSearch_whenPreviewedAndApplied_thenExactlyTheShownDevicesChange() {
        String admin = fill("bulk");
        String draft =
                "{\"q\":\"type:pump\",\"change\":{\"site\":\"lyon\",\"firmware\":null,\"labels\":{\"line\":\"2\",\"old\":null},"
                        + "\"expectedIntervalSeconds\":5,\"location\":{\"lat\":1,\"lon\":2},\"mayBackfill\":true}}";

        JsonNode preview = api.post("/api/v1/devices:preview", admin, draft).json();

        assertThat(preview.path("found").asInt()).isEqualTo(3);
        assertThat(preview.path("changed").asInt()).isEqualTo(3);
        assertThat(preview.path("sample").path(0).path("before").path("labels")).hasToString("{\"old\":\"1\"}");
        assertThat(site("bulk", "p1")).as("nothing is changed by a preview").isEqualTo("oslo");

        // A device that fulfils the search only now was not shown, and is left alone.
        api.send("PUT", "/api/v1/devices/p9", admin, "{\"type\":\"pump\"}", Map.of());
        Answer applied = apply(admin, preview);

        assertThat(applied.status()).as(applied.body()).isEqualTo(200);
        assertThat(applied.json().path("changed").asInt()).isEqualTo(3);
        assertThat(applied.json().path("published").asBoolean()).isTrue();
        assertThat(site("bulk", "p9")).isNull();
        JsonNode sample = preview.path("sample").path(0);
        JsonNode now = api.get("/api/v1/devices/" + sample.path("device").asString(), admin)
                .json();
        sample.path("after")
                .propertyStream()
                .forEach(field ->
                        assertThat(now.path(field.getKey())).as(field.getKey()).isEqualTo(field.getValue()));
        assertThat(now.path("version").asInt()).isEqualTo(2);
        assertThat(api.topics.of("bulk/p1").getLast().value()).contains("\"site\":\"lyon\"", "\"mayBackfill\":true");
        assertThat(apply(admin, preview).status()).as("it is done once").isEqualTo(404);
        JsonNode again = api.post("/api/v1/devices:preview", admin, draft.replace("type:pump", "id:p1,p2,p3"))
                .json();
        assertThat(again.path("unchanged").asInt()).isEqualTo(3);
        assertThat(again.path("token").isNull()).isTrue();
        assertThat(api.jdbc
                        .sql("SELECT detail -> 'devices' FROM audit WHERE tenant = 'bulk' AND action = 'device.bulk'")
                        .query(String.class)
                        .single())
                .isEqualTo("[\"p1\", \"p2\", \"p3\"]");
    }

    @Test
    void givenDeviceChangedMeanwhile_whenApplied_then409NamesItAndNothingChanges() {
        String admin = fill("bulk-race");
        JsonNode preview = api.post(
                        "/api/v1/devices:preview", admin, "{\"q\":\"type:pump\",\"change\":{\"enabled\":false}}")
                .json();
        api.send("PUT", "/api/v1/devices/p2", admin, "{\"type\":\"pump\"}", Map.of("If-Match", "\"1\""));

        Answer refused = apply(admin, preview);

        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.json().path("errors").path(0).path("pointer").asString())
                .isEqualTo("p2");
        assertThat(api.get("/api/v1/devices/p1", admin).json().path("enabled").asBoolean())
                .isTrue();
    }

    @Test
    void givenDevicesFullOfLabels_whenPreviewed_thenTheyAreConflictsAndLeftOut() {
        String admin = fill("bulk-labels");
        api.jdbc
                .sql(
                        "UPDATE device SET labels = (SELECT jsonb_object_agg('k' || n, 'v') FROM generate_series(1, 32) AS n) "
                                + "WHERE tenant = 'bulk-labels' AND id = 'p1'")
                .update();

        JsonNode preview = api.post(
                        "/api/v1/devices:preview",
                        admin,
                        "{\"q\":\"type:pump\",\"change\":{\"labels\":{\"one\":\"more\"}}}")
                .json();

        assertThat(preview.path("changed").asInt()).isEqualTo(2);
        assertThat(preview.path("conflicts").path("count").asInt()).isEqualTo(1);
        assertThat(preview.path("conflicts")
                        .path("items")
                        .path(0)
                        .path("device")
                        .asString())
                .isEqualTo("p1");
        assertThat(apply(admin, preview).json().path("changed").asInt()).isEqualTo(2);
    }

    @Test
    void givenTokenOfAnotherTenant_whenApplied_then404() {
        JsonNode preview = api.post(
                        "/api/v1/devices:preview", fill("bulk-mine"), "{\"q\":\"\",\"change\":{\"enabled\":false}}")
                .json();

        assertThat(apply(TestTokens.of("bulk-thief", "admin"), preview).status())
                .isEqualTo(404);
        assertThat(apply(TestTokens.of("bulk-mine", "operator"), preview).status())
                .isEqualTo(403);
        assertThat(apply(TestTokens.of("bulk-mine", "admin"), preview).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"q\":\"\",\"change\":{}}",
                "{\"q\":\"site:\",\"change\":{\"type\":\"a\"}}",
                "{\"q\":\"\",\"change\":{\"name\":\"all\"}}",
                "{\"q\":\"\",\"change\":{\"colour\":\"red\"}}",
                "{\"q\":\"\",\"change\":{\"enabled\":null}}",
                "{\"q\":\"\",\"change\":{\"mayBackfill\":null}}",
                "{\"q\":\"\",\"change\":{\"location\":{\"lat\":1}}}",
                "{\"q\":\"\",\"change\":{\"site\":\"No Slug\"}}",
                "{\"q\":\"\",\"change\":[]}"
            })
    void givenSenselessDraft_whenPreviewed_then400(String body) {
        Answer refused = api.post("/api/v1/devices:preview", TestTokens.of("bulk-bad", "admin"), body);

        assertThat(refused.status()).as(refused.body()).isEqualTo(400);
    }

    private String fill(String tenant) {
        String admin = TestTokens.of(tenant, "admin");
        for (String id : List.of("p1", "p2", "p3")) {
            api.put(
                    "/api/v1/devices/" + id,
                    admin,
                    "{\"type\":\"pump\",\"site\":\"oslo\",\"firmware\":\"1\",\"labels\":{\"old\":\"1\"}}");
        }
        api.put("/api/v1/devices/m1", admin, "{\"type\":\"meter\"}");
        return admin;
    }

    private Answer apply(String token, JsonNode preview) {
        return api.post(
                "/api/v1/devices:apply",
                token,
                "{\"token\":\"" + preview.path("token").asString() + "\"}");
    }

    private @org.jspecify.annotations.Nullable String site(String tenant, String id) {
        return api.jdbc
                .sql("SELECT site FROM device WHERE tenant = :t AND id = :id")
                .param("t", tenant)
                .param("id", id)
                .query((row, number) -> java.util.Optional.ofNullable(row.getString(1)))
                .single()
                .orElse(null);
    }
}
