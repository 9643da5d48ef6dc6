package dev.heliograph.query.devices;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.query.testing.TestApi;
import dev.heliograph.query.testing.TestApi.Answer;
import dev.heliograph.query.testing.TestRows;
import dev.heliograph.query.testing.TestTokens;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Pages of a fleet that changes while somebody turns them. */
class DevicePagesTest {
    private static final int DEVICES = 120;

    private final TestApi api = TestApi.shared();

    @ParameterizedTest
    @ValueSource(strings = {"id", "-id", "name", "-name", "lastSeen", "-lastSeen", "status"})
    void givenFleetThatChanges_whenPaged_thenNoDeviceComesTwiceAndNoneThatStaysIsSkipped(String sort) {
        Random random = new Random(sort.hashCode());
        for (int round = 0; round < 3; round++) {
            String tenant = "turning-"
                    + (sort.startsWith("-") ? "down" + sort : sort).toLowerCase(java.util.Locale.ROOT) + "-" + round;
            fill(tenant, random);
            Set<String> stay = new HashSet<>(ids("/api/v1/devices?limit=500&q=site:here", viewer(tenant)));
            Set<String> born = new HashSet<>();
            List<String> seen = new ArrayList<>();
            String cursor = "";
            do {
                Answer page = api.get(
                        "/api/v1/devices?q=site:here&limit=" + (1 + random.nextInt(12)) + "&sort=" + sort + cursor,
                        viewer(tenant));
                assertThat(page.status()).as(page.body()).isEqualTo(200);
                page.json()
                        .path("items")
                        .forEach(item -> seen.add(item.path("id").asString()));
                JsonNode next = page.json().path("nextCursor");
                cursor = next.isNull() ? "" : "&cursor=" + next.asString();
                change(tenant, random, stay, born);
            } while (!cursor.isEmpty());

            assertThat(seen).doesNotHaveDuplicates().containsAll(stay);
        }
    }

    @Test
    void givenWholeFleet_whenPagedByStatus_thenTheOrderIsThatOfASortOfAll() {
        String tenant = "by-status";
        Random random = new Random(34);
        for (int round = 0; round < 6; round++) {
            insert(tenant, fresh(round), random);
            // Counted or only noted, disabled or forgotten: what a device is counted as may be behind what it is.
            if (round % 2 == 0) {
                api.jdbc.sql("SELECT fold_fleet(1000000)").query(Integer.class).single();
            }
            api.jdbc
                    .sql("UPDATE device SET enabled = NOT enabled WHERE tenant = :t AND abs(hashtext(id)) % 7 = :r")
                    .param("t", tenant)
                    .param("r", round)
                    .update();
            api.jdbc
                    .sql("UPDATE presence SET state = 'unknown' WHERE tenant = :t AND abs(hashtext(device)) % 11 = :r")
                    .param("t", tenant)
                    .param("r", round)
                    .update();
            api.jdbc
                    .sql(
                            "INSERT INTO presence (tenant, device, state, since) VALUES (:t, 'gone-' || :r, 'late', now())")
                    .param("t", tenant)
                    .param("r", round)
                    .update();
            List<String> expected =
                    api.jdbc.sql("""
                            SELECT d.id FROM device d LEFT JOIN presence p ON p.tenant = d.tenant AND p.device = d.id
                             WHERE d.tenant = :t
                             ORDER BY array_position(ARRAY['offline', 'silent', 'late', 'unknown', 'reporting'],
                                                     COALESCE(p.state, 'unknown')), d.id
                            """).param("t", tenant).query(String.class).list();

            List<String> seen = new ArrayList<>();
            String cursor = "";
            do {
                JsonNode page = api.get(
                                "/api/v1/devices?sort=status&limit=" + (1 + random.nextInt(15)) + cursor,
                                viewer(tenant))
                        .json();
                page.path("items").forEach(item -> seen.add(item.path("id").asString()));
                JsonNode next = page.path("nextCursor");
                cursor = next.isNull() ? "" : "&cursor=" + next.asString();
            } while (!cursor.isEmpty());

            assertThat(seen).containsExactlyElementsOf(expected);
        }
    }

    private static List<String> fresh(int round) {
        return IntStream.range(0, 25)
                .mapToObj(i -> "d" + (100 + i * 31 + round))
                .toList();
    }

    /** New devices, devices that go, that leave the search, and other columns of all: before and behind the page. */
    private void change(String tenant, Random random, Set<String> stay, Set<String> born) {
        List<String> fresh = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            String id = "d" + (100 + random.nextInt(900)) + "-new" + born.size();
            born.add(id);
            fresh.add(id);
        }
        insert(tenant, fresh, random);
        List<String> left = new ArrayList<>(stay);
        String gone = left.get(random.nextInt(left.size()));
        stay.remove(gone);
        api.jdbc
                .sql(
                        random.nextBoolean()
                                ? "DELETE FROM device WHERE tenant = :t AND id = :id"
                                : "UPDATE device SET site = 'there' WHERE tenant = :t AND id = :id")
                .param("t", tenant)
                .param("id", gone)
                .update();
        api.jdbc
                .sql("UPDATE device SET type = :type, version = version + 1 WHERE tenant = :t")
                .param("type", "type-" + random.nextInt(5))
                .param("t", tenant)
                .update();
    }

    private void fill(String tenant, Random random) {
        new TestRows(api.jdbc, tenant);
        insert(
                tenant,
                IntStream.range(0, DEVICES).mapToObj(i -> "d" + (100 + i * 7)).toList(),
                random);
    }

    /** Names, states and last-seen times of which several have the same, and a fourth that was never seen. */
    private void insert(String tenant, List<String> ids, Random random) {
        api.jdbc
                .sql("INSERT INTO device (tenant, id, name, site) SELECT :t, new.id, 'name ' || new.n, 'here' "
                        + "FROM unnest(:ids::text[], :numbers::int[]) AS new (id, n)")
                .param("t", tenant)
                .param("ids", ids.toArray(String[]::new))
                .param("numbers", numbers(ids.size(), 8, random))
                .update();
        api.jdbc
                .sql("INSERT INTO presence (tenant, device, state, since, last_seen) SELECT :t, new.id, "
                        + "(ARRAY['reporting', 'late', 'silent', 'offline'])[1 + new.state], now(), "
                        + "timestamptz '2026-03-01T00:00:00.123456Z' + new.later * interval '1 microsecond' "
                        + "FROM unnest(:ids::text[], :states::int[], :laters::int[]) AS new (id, state, later) "
                        + "WHERE new.state < 4")
                .param("t", tenant)
                .param("ids", ids.toArray(String[]::new))
                .param("states", numbers(ids.size(), 5, random))
                .param("laters", numbers(ids.size(), 6, random))
                .update();
    }

    private static Integer[] numbers(int size, int below, Random random) {
        return random.ints(size, 0, below).boxed().toArray(Integer[]::new);
    }

    private List<String> ids(String path, String token) {
        List<String> ids = new ArrayList<>();
        api.get(path, token)
                .json()
                .path("items")
                .forEach(item -> ids.add(item.path("id").asString()));
        return ids;
    }

    @Test
    void givenSearch_whenAsked_thenItIsFoundCountedAndPagedByOneCursor() {
        String tenant = "searching";
        TestRows rows = new TestRows(api.jdbc, tenant);
        for (int i = 0; i < 9; i++) {
            api.jdbc
                    .sql("INSERT INTO device (tenant, id, name, site, firmware, labels) "
                            + "VALUES (:t, :id, :id, 'lyon', :fw, '{\"line\":\"2\"}')")
                    .param("t", tenant)
                    .param("id", "boiler-" + i)
                    .param("fw", i % 3 == 0 ? "2.3" : "2.4")
                    .update();
            api.jdbc
                    .sql("INSERT INTO latest (series_id, ts, value, received_at) VALUES (:s, now(), :v, now())")
                    .param("s", rows.series("boiler-" + i, "temp", "number"))
                    .param("v", 28 + i)
                    .update();
        }

        String path = "/api/v1/devices?limit=2&q=" + encoded("site:lyon temp>30 -fw:2.3 label.line:2 boil*");
        JsonNode first = api.get(path, viewer(tenant)).json();

        assertThat(first.path("total").asInt()).isEqualTo(4);
        assertThat(first.path("totalIsExact").asBoolean()).isTrue();
        assertThat(first.path("items").path(0).path("id").asString()).isEqualTo("boiler-4");
        String cursor = first.path("nextCursor").asString();
        JsonNode second = api.get(path + "&cursor=" + cursor, viewer(tenant)).json();
        assertThat(second.path("items").path(0).path("id").asString()).isEqualTo("boiler-7");
        assertThat(second.path("total").asInt())
                .as("counted for the first page")
                .isEqualTo(4);
        assertThat(api.get("/api/v1/devices?limit=2&q=temp%3E31&cursor=" + cursor, viewer(tenant))
                        .status())
                .as("another search")
                .isEqualTo(400);
    }

    @Test
    void givenSearchThatMakesNoSense_whenAsked_then400SaysWhere() {
        Answer refused = api.get("/api/v1/devices?q=" + encoded("boiler colour:red"), viewer("nonsense"));

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.json().path("type").asString()).endsWith("/bad-parameter");
        JsonNode fault = refused.json().path("errors").path(0);
        assertThat(fault.path("pointer").asString()).isEqualTo("q");
        assertThat(fault.path("position").asInt()).isEqualTo(7);
        assertThat(fault.path("detail").asString()).startsWith("at character 8: 'colour' is not a field");
    }

    private static String viewer(String tenant) {
        return TestTokens.of(tenant, "viewer");
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
