package dev.heliograph.query.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.query.testing.TestApi;
import dev.heliograph.query.testing.TestApi.Answer;
import dev.heliograph.query.testing.TestTokens;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class LedgerApiTest {
    private static final TestApi API = TestApi.shared();
    private static final String RANGE = "from=2026-03-01T12:00:00Z&to=2026-03-01T13:00:00Z";

    @Test
    void givenBalancedMinutes_whenAskedByFiveMinutes_thenSumsAndStateAreTold() {
        String viewer = TestTokens.of("led-a", "viewer");
        line("led-a", "12:00", 10, 7, 2, 1);
        line("led-a", "12:04", 5, 5, 0, 0);
        line("led-a", "12:07", 1, 1, 0, 0);
        line("led-a", "13:00", 99, 99, 0, 0);
        line("led-b", "12:00", 77, 77, 0, 0);

        JsonNode answer =
                API.get("/api/v1/ledger?" + RANGE + "&bucket=5m", viewer).json();

        assertThat(answer.path("items").size()).isEqualTo(2);
        assertThat(answer.path("items").path(0).path("start").asString()).isEqualTo("2026-03-01T12:05:00Z");
        assertThat(answer.path("items").path(1).path("counts").toString())
                .isEqualTo(
                        "{\"received\":15,\"stored\":12,\"duplicate\":2,\"quarantined\":1,\"inFlight\":0,\"missing\":0,"
                                + "\"unsure\":0,\"state\":\"balanced\"}");
        assertThat(answer.path("totals").path("received").asInt()).isEqualTo(16);
        assertThat(answer.path("bucket").asString()).isEqualTo("5m");
        assertThat(answer.path("imbalances").size()).isZero();
    }

    @Test
    void givenClaimsThatWriterHasPassedOrNot_whenAsked_thenMissingIsToldFromInFlight() {
        String viewer = TestTokens.of("led-c", "viewer");
        API.jdbc
                .sql("INSERT INTO consumer_offset VALUES ('led', 'readings', 90, 11), ('led', 'quarantine', 90, 5)")
                .update();
        line("led-c", "12:10", 8, 8, 0, 0);
        source("led-c", "12:10", 1, "gw-0", 8, 10, 0, 0, "{\"readings-90\":10,\"quarantine-90\":4}");
        source("led-c", "12:11", 1, "gw-0", 0, 4, 0, 1, "{\"readings-90\":11}");
        source("led-c", "12:12", 2, null, 3, 0, 5, 0, "{}");

        JsonNode answer = API.get("/api/v1/ledger?" + RANGE, viewer).json();

        JsonNode items = answer.path("items");
        assertThat(states(items)).containsExactly("in-flight", "in-flight", "imbalance");
        assertThat(items.path(2).path("counts").path("received").asInt()).isEqualTo(10);
        assertThat(items.path(2).path("counts").path("missing").asInt()).isEqualTo(2);
        assertThat(items.path(1).path("counts").path("unsure").asInt()).isEqualTo(1);
        assertThat(answer.path("totals").path("inFlight").asInt()).isEqualTo(6);
        assertThat(answer.path("totals").path("state").asString()).isEqualTo("imbalance");
        assertThat(answer.path("imbalances").toString())
                .isEqualTo(
                        "[{\"minute\":\"2026-03-01T12:10:00Z\",\"source\":\"0000000000000001\",\"instance\":\"gw-0\","
                                + "\"acknowledged\":10,\"found\":8,\"missing\":2,\"partitions\":[\"quarantine-90\","
                                + "\"readings-90\"]}]");
    }

    @Test
    void givenOwedForLongerThanTheBound_whenAsked_thenItIsMissing() {
        source("led-d", "12:20", 3, null, 3, 0, 5, 0, "{}");
        source("led-d", "12:21", 3, null, 0, 4, 0, 0, "{\"readings-91\":7}");
        API.jdbc
                .sql("UPDATE ledger_source SET changed_at = now() - INTERVAL '61 minutes' WHERE tenant = 'led-d'")
                .update();

        JsonNode answer = API.get("/api/v1/ledger?" + RANGE, TestTokens.of("led-d", "viewer"))
                .json();

        assertThat(answer.path("totals").path("missing").asInt()).isEqualTo(6);
        assertThat(answer.path("imbalances").size()).isEqualTo(2);
    }

    @Test
    void givenManyMinutes_whenPaged_thenEachComesOnce() {
        String viewer = TestTokens.of("led-e", "viewer");
        for (int minute = 10; minute < 40; minute++) {
            line("led-e", "12:" + minute, 1, 1, 0, 0);
        }
        List<String> starts = new ArrayList<>();
        String cursor = "";
        do {
            Answer page = API.get("/api/v1/ledger?" + RANGE + "&limit=7" + cursor, viewer);
            page.json()
                    .path("items")
                    .forEach(item -> starts.add(item.path("start").asString()));
            assertThat(page.json().path("totals").path("received").asInt()).isEqualTo(30);
            String next = page.json().path("nextCursor").asString("");
            cursor = next.isEmpty() ? "" : "&cursor=" + next;
        } while (!cursor.isEmpty());

        assertThat(starts).hasSize(30).doesNotHaveDuplicates().isSortedAccordingTo((a, b) -> b.compareTo(a));
    }

    @Test
    void givenOddParameters_whenAsked_thenRefusedWithTheName() {
        String viewer = TestTokens.of("led-f", "viewer");

        assertThat(API.get("/api/v1/ledger?bucket=90s", viewer).status()).isEqualTo(400);
        assertThat(API.get("/api/v1/ledger?from=now&to=now-1h", viewer).status())
                .isEqualTo(400);
        assertThat(API.get("/api/v1/ledger?from=now-32d", viewer).status()).isEqualTo(422);
        assertThat(API.get("/api/v1/ledger?limit=0", viewer).status()).isEqualTo(400);
        assertThat(API.get("/api/v1/ledger?cursor=abc", viewer).status()).isEqualTo(400);
        assertThat(API.get("/api/v1/ledger", viewer)
                        .json()
                        .path("totals")
                        .path("state")
                        .asString())
                .isEqualTo("balanced");
    }

    @Test
    void givenGapsOfDevices_whenListed_thenMissingRangesAreToldOfTheTenantOnly() {
        String viewer = TestTokens.of("led-g", "viewer");
        sequence("led-g", "boiler-1", 3, "{0,5,6,1000000,2000000,0,9,9,2000000,3000000}");
        sequence("led-g", "boiler-2", 0, "{}");
        sequence("led-g", "boiler-3", 1, "{1,4,4,0,1}");
        sequence("led-h", "boiler-9", 1, "{1,4,4,0,1}");

        JsonNode first = API.get("/api/v1/ledger/gaps?limit=1", viewer).json();
        JsonNode second = API.get(
                        "/api/v1/ledger/gaps?limit=1&cursor="
                                + first.path("nextCursor").asString(),
                        viewer)
                .json();

        assertThat(first.path("items").path(0).path("gaps").toString())
                .isEqualTo("[{\"from\":9,\"to\":9,\"missing\":1,\"after\":\"1970-01-01T00:00:02Z\",\"before\":"
                        + "\"1970-01-01T00:00:03Z\"},{\"from\":5,\"to\":6,\"missing\":2,\"after\":"
                        + "\"1970-01-01T00:00:01Z\",\"before\":\"1970-01-01T00:00:02Z\"}]");
        assertThat(second.path("items").path(0).path("device").asString()).isEqualTo("boiler-3");
        assertThat(second.path("nextCursor").asString("")).isEmpty();
        assertThat(API.get("/api/v1/ledger/gaps?device=boiler-2", viewer)
                        .json()
                        .path("items")
                        .size())
                .isEqualTo(1);
        assertThat(API.get("/api/v1/ledger/gaps?device=boiler-9", viewer)
                        .json()
                        .path("items")
                        .size())
                .isZero();
    }

    private static List<String> states(JsonNode items) {
        List<String> states = new ArrayList<>();
        items.forEach(item -> states.add(item.path("counts").path("state").asString()));
        return states;
    }

    private static void line(String tenant, String time, long received, long stored, long duplicate, long quarantined) {
        API.jdbc
                .sql("INSERT INTO ledger VALUES (:t, ('2026-03-01T' || :m || ':00Z')::timestamptz, :r, :s, :d, :q)")
                .param("t", tenant)
                .param("m", time)
                .param("r", received)
                .param("s", stored)
                .param("d", duplicate)
                .param("q", quarantined)
                .update();
    }

    private static void source(
            String tenant,
            String time,
            long source,
            @org.jspecify.annotations.Nullable String instance,
            long seen,
            long claimed,
            long hinted,
            long unsure,
            String positions) {
        API.jdbc
                .sql(
                        "INSERT INTO ledger_source (tenant, minute, source, instance, seen, claimed, hinted, unsure, positions) "
                                + "VALUES (:t, ('2026-03-01T' || :m || ':00Z')::timestamptz, :s, :i, :seen, :c, :h, :u, :p::jsonb)")
                .param("t", tenant)
                .param("m", time)
                .param("s", source)
                .param("i", instance)
                .param("seen", seen)
                .param("c", claimed)
                .param("h", hinted)
                .param("u", unsure)
                .param("p", positions)
                .update();
    }

    private static void sequence(String tenant, String device, long missing, String gaps) {
        API.jdbc
                .sql("INSERT INTO device_sequence VALUES (:t, :d, 0, 20, now(), now(), :m, 0, 0, 0, :g::bigint[])")
                .param("t", tenant)
                .param("d", device)
                .param("m", missing)
                .param("g", gaps)
                .update();
    }
}
