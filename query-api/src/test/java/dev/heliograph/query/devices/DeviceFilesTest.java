package dev.heliograph.query.devices;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.query.testing.TestApi;
import dev.heliograph.query.testing.TestApi.Answer;
import dev.heliograph.query.testing.TestTokens;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeviceFilesTest {
    private final TestApi api = TestApi.shared();

    @Test
    void givenDevices_whenExportedAndImportedElsewhere_thenTheyAreTheSame() {
        String from = TestTokens.of("csv-from", "admin");
        api.put(
                "/api/v1/devices/a",
                from,
                "{\"name\":\"=cmd|'/C calc'!A0\",\"type\":\"x,\\\"y\\\"\",\"site\":\"lyon\",\"labels\":{\"line\":\"-2\",\"o w\":\"'=q\"},"
                        + "\"expectedIntervalSeconds\":2.5,\"firmware\":\"2.30\",\"location\":{\"lat\":-1.5,\"lon\":2},"
                        + "\"mayBackfill\":true}");
        api.put("/api/v1/devices/b", from, "{\"enabled\":false}");
        String file = api.get("/api/v1/devices:export", from).body();
        String to = TestTokens.of("csv-to", "admin");

        Answer dry = importCsv(to, "?dryRun=true", file);
        assertThat(dry.json().path("created").asInt()).as(dry.body()).isEqualTo(2);
        assertThat(api.get("/api/v1/devices/a", to).status()).isEqualTo(404);
        Answer done = importCsv(to, "", file);

        assertThat(done.status()).as(done.body()).isEqualTo(200);
        assertThat(done.json().path("published").asBoolean()).isTrue();
        assertThat(file.lines().skip(1).toList().getFirst())
                .contains("\"'=cmd|")
                .doesNotContain(",=cmd", "\"=cmd");
        assertThat(api.get("/api/v1/devices:export", to).body()).isEqualTo(file);
        assertThat(api.topics.of("csv-to/a").getLast().value())
                .contains("\"expectedIntervalMs\":2500", "\"mayBackfill\":true");
        assertThat(api.topics.of("csv-to/b").getLast().value()).doesNotContain("mayBackfill");
        Answer again = importCsv(to, "", "\uFEFF" + file);
        assertThat(again.json().path("unchanged").asInt()).as(again.body()).isEqualTo(2);
        assertThat(api.get("/api/v1/devices/a", to).json().path("version").asInt())
                .isEqualTo(1);
    }

    @Test
    void givenFewColumns_whenImported_thenOthersStayAndEmptyCellsClear() {
        String admin = TestTokens.of("csv-few", "admin");
        api.put(
                "/api/v1/devices/a",
                admin,
                "{\"name\":\"A\",\"type\":\"pump\",\"labels\":{\"k\":\"1\",\"l\":\"2\"},\"mayBackfill\":true}");

        Answer done = importCsv(admin, "", "id,type,label.k,site\na,,3,oslo\nnew,meter,,\n");

        assertThat(done.json().path("updated").asInt()).as(done.body()).isEqualTo(1);
        assertThat(done.json().path("created").asInt()).isEqualTo(1);
        var a = api.get("/api/v1/devices/a", admin).json();
        assertThat(a.path("name").asString()).isEqualTo("A");
        assertThat(a.path("type").isNull()).isTrue();
        assertThat(a.path("site").asString()).isEqualTo("oslo");
        assertThat(a.path("labels")).hasToString("{\"k\":\"3\",\"l\":\"2\"}");
        assertThat(a.path("mayBackfill").asBoolean()).isTrue();
        assertThat(api.get("/api/v1/devices/new", admin).json().path("name").asString())
                .isEqualTo("new");
        importCsv(admin, "", "id,mayBackfill\na,\nnew,TRUE\n");
        assertThat(mayBackfill("a", admin)).as("an empty cell clears").isFalse();
        assertThat(mayBackfill("new", admin)).isTrue();
    }

    @Test
    void givenRowsThatAreWrong_whenImported_thenEachIsNamedAndNothingChanges() {
        String admin = TestTokens.of("csv-bad", "admin");
        String file = "id,site,enabled,expectedIntervalSeconds,lat,lon,mayBackfill\n"
                + "good,lyon,true,5,1,2,false\n"
                + "Bad Id,lyon,,,,,\n"
                + "c,No Slug,,,,,\n"
                + "d,,maybe,,,,\n"
                + "e,,,fast,,,\n"
                + "f,,,,1,,\n"
                + "g,,,,91,0,\n"
                + "h,\n"
                + "good,,,,,,\n"
                + "i,\"x,,,,,\n"
                + "j,,,,,,1\n";

        Answer dry = importCsv(admin, "?dryRun=true", file);
        Answer refused = importCsv(admin, "", file);

        assertThat(dry.status()).isEqualTo(200);
        assertThat(dry.json().path("failed").asInt()).isEqualTo(10);
        assertThat(dry.json().path("created").asInt()).isEqualTo(1);
        assertThat(dry.json()
                        .path("errors")
                        .valueStream()
                        .map(error -> error.path("line").asInt() + " "
                                + error.path("column").asString(""))
                        .toList())
                .containsExactly(
                        "3 id",
                        "4 site",
                        "5 enabled",
                        "6 expectedIntervalSeconds",
                        "7 lat",
                        "8 lat",
                        "9 ",
                        "10 id",
                        "11 ",
                        "12 mayBackfill");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.json().path("errors").path(1).path("pointer").asString())
                .isEqualTo("line 4, site");
        assertThat(api.get("/api/v1/devices/good", admin).status()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    ``              | line 1
                    name,site       | line 1
                    id,colour       | line 1
                    id,id           | line 1
                    id,lat          | line 1
                    id,label.       | line 1
                    """)
    void givenUnusableHeader_whenImported_then400(String file, String pointer) {
        Answer refused = importCsv(TestTokens.of("csv-header", "admin"), "", file);

        assertThat(refused.status()).as(refused.body()).isEqualTo(400);
        assertThat(refused.json().path("errors").path(0).path("pointer").asString())
                .isEqualTo(pointer);
    }

    @Test
    void givenSearch_whenExported_thenOnlyWhatItFindsAndItsLabels() {
        String admin = TestTokens.of("csv-some", "admin");
        api.put("/api/v1/devices/a", admin, "{\"type\":\"pump\",\"labels\":{\"mine\":\"1\"}}");
        api.put("/api/v1/devices/b", admin, "{\"type\":\"meter\",\"labels\":{\"other\":\"1\"}}");

        Answer file = api.get("/api/v1/devices:export?q=type:pump", TestTokens.of("csv-some", "viewer"));

        assertThat(file.header("Content-Type")).isEqualTo("text/csv;charset=UTF-8");
        assertThat(file.body().lines().toList()).hasSize(2);
        assertThat(file.body()).contains("label.mine").doesNotContain("label.other");
        assertThat(api.get("/api/v1/devices:export?q=type:", admin).status()).isEqualTo(400);
    }

    private boolean mayBackfill(String device, String token) {
        return api.get("/api/v1/devices/" + device, token)
                .json()
                .path("mayBackfill")
                .asBoolean();
    }

    private Answer importCsv(String token, String query, String file) {
        return api.send("POST", "/api/v1/devices:import" + query, token, file, Map.of("Content-Type", "text/csv"));
    }
}
