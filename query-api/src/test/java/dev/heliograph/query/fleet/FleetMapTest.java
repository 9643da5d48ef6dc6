package dev.heliograph.query.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.heliograph.query.problem.ProblemException;
import dev.heliograph.query.testing.TestApi;
import dev.heliograph.query.testing.TestApi.Answer;
import dev.heliograph.query.testing.TestRows;
import dev.heliograph.query.testing.TestTokens;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class FleetMapTest {
    private static final List<String> STATES = List.of("reporting", "late", "silent", "offline", "unknown");

    private final TestApi api = TestApi.shared();

    private record Placed(double lat, double lon, String state, String type) {}

    @Test
    void givenDevicesAtRandomPlaces_whenCountedBySquares_thenEachIsWhereItStands() {
        Random random = new Random(9);
        List<Placed> fleet = fill("cells", random);
        for (int i = 0; i < 60; i++) {
            int zoom = random.nextInt(5);
            double west = random.nextInt(360) - 180;
            double east = random.nextInt(360) - 180;
            double south = random.nextInt(170) - 90;
            double north = south + 1 + random.nextInt((int) (90 - south));
            String q = random.nextBoolean() ? "" : "type:a";
            MapGrid grid = MapGrid.of(west + "," + south + "," + east + "," + north, "" + zoom, 1_000_000);
            TreeMap<String, Long> expected = new TreeMap<>();
            for (Placed device : fleet) {
                boolean inside = device.lat() >= south
                        && device.lat() <= north
                        && (west > east
                                ? device.lon() >= west || device.lon() <= east
                                : device.lon() >= west && device.lon() <= east);
                if (inside && (q.isEmpty() || device.type().equals("a"))) {
                    String square = grid.x(device.lon()) + "/" + grid.y(device.lat());
                    expected.merge(square + " devices", 1L, Long::sum);
                    expected.merge(square + " " + device.state(), 1L, Long::sum);
                }
            }

            Answer answer = api.get(
                    "/api/v1/fleet/cells?bbox=" + west + "," + south + "," + east + "," + north + "&zoom=" + zoom
                            + "&q=" + q,
                    TestTokens.of("cells", "viewer"));

            assertThat(counts(answer.json().path("cells"))).as(answer.body()).isEqualTo(expected);
        }
    }

    private static Map<String, Long> counts(JsonNode cells) {
        Map<String, Long> counts = new TreeMap<>();
        cells.forEach(cell -> {
            String square = cell.path("x").asInt() + "/" + cell.path("y").asInt();
            counts.put(square + " devices", cell.path("devices").asLong());
            for (String state : STATES) {
                if (cell.path(state).asLong() > 0) {
                    counts.put(square + " " + state, cell.path(state).asLong());
                }
            }
        });
        return counts;
    }

    private List<Placed> fill(String tenant, Random random) {
        new TestRows(api.jdbc, tenant);
        List<Placed> fleet = new ArrayList<>();
        for (int site = 0; site < 10; site++) {
            api.jdbc
                    .sql("INSERT INTO site (tenant, id, name, latitude, longitude) VALUES (?, ?, 'S', ?, ?)")
                    .params(tenant, "s" + site, site * 17.3 - 80.1, site * 35.7 - 170.2)
                    .update();
        }
        for (int i = 0; i < 400; i++) {
            boolean own = random.nextBoolean();
            boolean reported = random.nextInt(3) == 0;
            double reportedLat = random.nextDouble() * 180 - 90;
            double reportedLon = random.nextDouble() * 360 - 180;
            int site = random.nextInt(12);
            double lat = random.nextDouble() * 180 - 90;
            double lon = random.nextDouble() * 360 - 180;
            boolean enabled = random.nextInt(10) > 0;
            String type = random.nextBoolean() ? "a" : "b";
            String state = STATES.get(random.nextInt(5));
            api.jdbc
                    .sql("INSERT INTO device (tenant, id, name, site, type, enabled, latitude, longitude) "
                            + "VALUES (?, ?, 'N', ?, ?, ?, CAST(? AS float8), CAST(? AS float8))")
                    .params(tenant, "d" + i, "s" + site, type, enabled, maybe(own, lat), maybe(own, lon))
                    .update();
            if (!state.equals("unknown")) {
                api.jdbc
                        .sql("INSERT INTO presence (tenant, device, state, since) VALUES (?, ?, ?, now())")
                        .params(tenant, "d" + i, state)
                        .update();
            }
            if (reported) {
                api.jdbc
                        .sql(
                                "INSERT INTO device_position (tenant, device, ts, latitude, longitude) VALUES (?, ?, now(), ?, ?)")
                        .params(tenant, "d" + i, reportedLat, reportedLon)
                        .update();
            }
            if (enabled && own) {
                fleet.add(new Placed(lat, lon, state, type));
            } else if (enabled && reported) {
                fleet.add(new Placed(reportedLat, reportedLon, state, type));
            } else if (enabled && site < 10) {
                fleet.add(new Placed(site * 17.3 - 80.1, site * 35.7 - 170.2, state, type));
            }
        }
        return fleet;
    }

    @Test
    void givenDeviceThatReportedWhereItIs_whenShown_thenItsPositionIsBesideWhatWasEntered() {
        new TestRows(api.jdbc, "moving").device("truck").device("boiler");
        api.jdbc
                .sql(
                        "INSERT INTO device_position VALUES ('moving', 'truck', '2026-03-01T12:00:00.000001Z', 48.2, 16.4, NULL)")
                .update();

        JsonNode truck = api.get("/api/v1/devices/truck", TestTokens.of("moving", "viewer"))
                .json();
        JsonNode boiler = api.get("/api/v1/devices?q=boiler", TestTokens.of("moving", "viewer"))
                .json()
                .path("items")
                .path(0);

        JsonNode position = truck.path("position");
        assertThat(position.path("lat").asDouble()).isEqualTo(48.2);
        assertThat(position.path("lon").asDouble()).isEqualTo(16.4);
        assertThat(position.path("altitude").isNull()).isTrue();
        assertThat(position.path("time").asString()).isEqualTo("2026-03-01T12:00:00.000001Z");
        assertThat(truck.path("location").isNull()).isTrue();
        assertThat(boiler.path("position").isNull()).isTrue();
    }

    private static @Nullable Double maybe(boolean given, double value) {
        return given ? value : null;
    }

    @Test
    void givenTheEarth_whenCut_thenItsCornersAreInTheFirstAndLastSquares() {
        MapGrid grid = new MapGrid(-180, -90, 180, 90, 16);

        assertThat(List.of(grid.x(-180), grid.x(-0.001), grid.x(0), grid.x(180)))
                .containsExactly(0, 7, 8, 15);
        assertThat(List.of(grid.y(90), grid.y(0.001), grid.y(0), grid.y(-90))).containsExactly(0, 7, 8, 15);
        assertThat(grid.squares()).isEqualTo(256);
        assertThat(new MapGrid(170, -1, -170, 1, 16).squares()).isEqualTo(4);
        assertThat(MapGrid.MOST_LATITUDE).isEqualTo(Math.toDegrees(Math.atan(Math.sinh(Math.PI))), within(1e-9));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1,2,3", "0,0,1,x", "0,1,1,1", "0,2,1,1", "-181,0,1,1", "0,0,1,91", "NaN,0,1,1"})
    void givenNoBox_whenRead_then400(String bbox) {
        assertThatThrownBy(() -> MapGrid.of(bbox, "3", 10_000))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        problem -> assertThat(problem.slug()).isEqualTo("bad-parameter"));
    }

    @Test
    void givenTooManySquares_whenRead_then422() {
        assertThatThrownBy(() -> MapGrid.of("-180,-90,180,90", "22", 10_000))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        problem -> assertThat(problem.slug()).isEqualTo("over-limit"));
    }

    @Test
    void givenDevices_whenGrouped_thenLargestFirstAndThoseWithoutAsNull() {
        String admin = TestTokens.of("groups", "admin");
        api.post(
                "/api/v1/devices:register",
                admin,
                "{\"devices\":[{\"id\":\"a\",\"firmware\":\"2\",\"labels\":{\"l\":\"x\"}},{\"id\":\"b\",\"firmware\":\"2\"},"
                        + "{\"id\":\"c\",\"firmware\":\"1\"},{\"id\":\"d\"}]}");
        api.jdbc
                .sql("INSERT INTO presence (tenant, device, state, since) VALUES ('groups', 'a', 'late', now())")
                .update();

        JsonNode byFirmware =
                api.get("/api/v1/fleet/groups?groupBy=firmware&limit=2", admin).json();
        JsonNode byLabel =
                api.get("/api/v1/fleet/groups?groupBy=label:l&q=fw:2", admin).json();

        assertThat(byFirmware.path("groups").path(0).path("value").asString()).isEqualTo("2");
        assertThat(byFirmware.path("groups").path(0).path("devices").asInt()).isEqualTo(2);
        assertThat(byFirmware.path("groups").path(0).path("late").asInt()).isEqualTo(1);
        assertThat(byFirmware.path("groups").path(0).path("unknown").asInt()).isEqualTo(1);
        assertThat(byFirmware.path("truncated").asBoolean()).isTrue();
        assertThat(byLabel.path("groups").size()).isEqualTo(2);
        assertThat(byLabel.path("groups").path(1).path("value").isNull()).isTrue();
        assertThat(api.get("/api/v1/fleet/groups?groupBy=colour", admin).status())
                .isEqualTo(400);
    }
}
