package dev.heliograph.query.refusals;

import static dev.heliograph.query.refusals.Refusal.closedAfter;
import static dev.heliograph.query.refusals.Refusal.overLimit;
import static dev.heliograph.query.refusals.Refusal.refused;
import static dev.heliograph.query.refusals.Refusal.refusedParameter;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.query.testing.RawHttp;
import dev.heliograph.query.testing.TestApi;
import dev.heliograph.query.testing.TestApi.Answer;
import dev.heliograph.query.testing.TestRows;
import dev.heliograph.query.testing.TestTokens;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** R7, R10 to R17, R37 to R40: what is asked for. */
final class QueryRefusals {
    private static final String TENANT = "refused-queries";
    private static final String RANGE = "from=2026-03-01T10:00:00Z&to=2026-03-01T11:00:00Z";
    private static final String UNKNOWN = "0b0b0b0b-0000-4000-8000-00000000dead";

    private final TestApi api;
    private final String viewer = TestTokens.of(TENANT, "viewer");
    private final List<Refusal> rows = new ArrayList<>();

    QueryRefusals(TestApi api) {
        this.api = api;
    }

    List<Refusal> rows() {
        fill();
        ranges();
        buckets();
        pages();
        cursors();
        amounts();
        fragments();
        exports();
        identifiers();
        zones();
        return rows;
    }

    private void fill() {
        TestRows mine = new TestRows(api.jdbc, TENANT);
        for (int i = 0; i < 5; i++) {
            mine.device("r" + i);
            int series = mine.series("r" + i, "t", "number");
            mine.measurement(series, Instant.parse("2026-03-01T10:00:00Z"), i - 2);
        }
        int mode = mine.series("r0", "mode", "state");
        int second = 0;
        for (String text : List.of("=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "=cmd|' /C calc'!A0", "plain")) {
            mine.state(mode, Instant.parse("2026-03-01T10:00:00Z").plusSeconds(++second), text);
        }
        new TestRows(api.jdbc, TENANT + "-other").device("theirs");
    }

    private void add(String number, String what, Refusal.Trial trial) {
        rows.add(new Refusal(number, what, trial));
    }

    private void parameter(String number, String path, String parameter) {
        add(number, path, () -> refusedParameter(api.get("/api/v1" + path, viewer), parameter));
    }

    private void limit(String number, String path) {
        add(number, path, () -> overLimit(api.get("/api/v1" + path, viewer)));
    }

    private void ranges() {
        for (String path : List.of("/data", "/data/r0", "/ledger")) {
            parameter("R10", path + "?from=2026-03-01T11:00:00Z&to=2026-03-01T10:00:00Z", "from");
            parameter("R10", path + "?from=2026-03-01T11:00:00Z&to=2026-03-01T11:00:00Z", "from");
            limit("R10", path + "?from=1990-01-01T00:00:00Z&to=2090-01-01T00:00:00Z");
        }
        for (String path : List.of("/data", "/data/r0", "/ledger", "/quarantine")) {
            for (String text : List.of(
                    "", "2026-03-01T11:00:00", "1000000000000000000", "now-1y", "now-1h-1h", "2026-02-30T00:00:00Z")) {
                parameter("R10", path + "?from=" + text, "from");
            }
        }
    }

    private void buckets() {
        for (String text : List.of(
                "0", "-1", "1ns", "1000000000", "5%20minutes;%20drop", "P0D", "15s", "999999mo", "1e9", "%D9%A1m")) {
            parameter("R11", "/data?bucket=" + text, "bucket");
        }
        for (String text : List.of("0", "-1", "1ns", "P0D", "90s")) {
            parameter("R11", "/ledger?bucket=" + text, "bucket");
        }
        limit("R11", "/data?from=2026-01-01T00:00:00Z&to=2026-12-31T00:00:00Z&bucket=10s");
    }

    private void pages() {
        for (String list :
                List.of("/devices", "/alerts", "/quarantine", "/rules", "/data", "/ledger", "/ledger/gaps")) {
            for (String size : List.of("0", "-1", "1000000000", "abc", "%D9%A1%D9%A0", "1.5", "", "%2B5")) {
                parameter("R12", list + "?limit=" + size, "limit");
            }
            parameter("R12", list + "?offset=1000000000000", "offset");
            for (String cursor : List.of("AAAA", "%00", "..", "null", "AAAAAAAAAAAAAAAAAAAAAAAAW10", "%F0%9F%92%A9")) {
                parameter("R13", list + "?cursor=" + cursor, "cursor");
            }
        }
    }

    private void cursors() {
        add("R13", "changed, cut, of another filter, of another tenant", () -> {
            for (String list : List.of("/api/v1/devices?limit=2", "/api/v1/data?limit=2&metric=t&" + RANGE)) {
                String cursor = api.get(list, viewer).json().path("nextCursor").asString();
                String changed = (cursor.startsWith("A") ? "B" : "A") + cursor.substring(1);
                assertThat(api.get(list + "&cursor=" + cursor, viewer).status()).isEqualTo(200);
                refusedParameter(api.get(list + "&cursor=" + changed, viewer), "cursor");
                refusedParameter(api.get(list + "&cursor=" + cursor.substring(0, 25), viewer), "cursor");
                refusedParameter(api.get(list + "&type=x&cursor=" + cursor, viewer), "cursor");
                refusedParameter(
                        api.get(list + "&cursor=" + cursor, TestTokens.of(TENANT + "-other", "viewer")), "cursor");
            }
        });
    }

    private void amounts() {
        String metrics =
                IntStream.range(0, 1_000).mapToObj(i -> "\"m" + i + "\"").collect(Collectors.joining(","));
        String devices =
                IntStream.range(0, 10_000).mapToObj(i -> "\"d" + i + "\"").collect(Collectors.joining(","));
        add(
                "R14",
                "1,000 metrics",
                () -> overLimit(api.post("/api/v1/data:query", viewer, "{\"metric\":[" + metrics + "]}")));
        add(
                "R14",
                "10,000 devices",
                () -> overLimit(api.post("/api/v1/data:query", viewer, "{\"device\":[" + devices + "]}")));
        add(
                "R14",
                "1 MB of query",
                () -> closedAfter(
                        RawHttp.send(
                                api.port,
                                "GET /api/v1/data?metric=" + "m".repeat(1_000_000)
                                        + " HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + viewer
                                        + "\r\nConnection: close\r\n\r\n"),
                        400,
                        414));
        parameter("R14", "/data?from=now-1h&from=now-2h", "from");
        parameter("R14", "/devices?limit=1&limit=2", "limit");
        parameter("R14", "/data?metric=" + "m".repeat(3_000), "metric");
    }

    private void fragments() {
        for (String sql :
                List.of("sleep(10)", "pg_sleep(10)", "name;%20DROP%20TABLE%20device", "1%20OR%201=1", "%00")) {
            parameter("R15", "/data?aggregate=" + sql, "aggregate");
            parameter("R15", "/data?top=1&groupBy=site&aggregate=avg&orderBy=" + sql, "orderBy");
            parameter("R15", "/devices?sort=" + sql, "sort");
            parameter("R15", "/alerts?state=" + sql, "state");
            parameter("R15", "/alerts?severity=" + sql, "severity");
            parameter("R15", "/quarantine?transport=" + sql, "transport");
        }
        for (String sql : List.of("a'--", "a%27%20OR%20%271%27=%271", "%00", "t%22;SELECT%201")) {
            parameter("R15", "/data?metric=" + sql, "metric");
            parameter("R15", "/data?device=" + sql, "device");
            parameter("R15", "/data?groupBy=" + sql, "groupBy");
            parameter("R15", "/alerts?device=" + sql, "device");
        }
        // Found by the generator of broken requests: each was a fault of the service once.
        for (String name : List.of("", "%E2%B7%A7W%1C", "%EF%BF%BF", "%0A")) {
            add(
                    "R15",
                    "parameter of the name " + name,
                    () -> refused(api.get("/api/v1/devices?" + name + "=1", viewer), 400, "bad-request"));
        }
        add(
                "R14",
                "1,100 parameters",
                () -> refused(
                        api.get("/api/v1/data?" + "metric=t&".repeat(1_100) + "limit=1", viewer), 400, "bad-request"));
        for (String bomb : List.of("%25_".repeat(300), "(a%2B)%2B$", "%5C", "%5C%25", ".*".repeat(500), "%27")) {
            add("R16", "search for " + bomb.substring(0, Math.min(9, bomb.length())), () -> {
                Answer answer = api.get("/api/v1/devices?q=" + bomb, viewer);
                if (answer.status() != 200) {
                    refusedParameter(answer, "q");
                } else {
                    assertThat(answer.json().path("total").asInt(-1))
                            .as("taken as it is written")
                            .isZero();
                }
            });
        }
        parameter("R16", "/data?device=%25_%25_%25", "device");
        parameter("R16", "/data?metric=(a%2B)%2B$", "metric");
    }

    private void exports() {
        add("R17", "cells that a spreadsheet would run", () -> {
            Answer answer = api.get("/api/v1/data/r0?metric=mode&format=csv&bucket=raw&" + RANGE, viewer);
            assertThat(answer.status()).as(answer.body()).isEqualTo(200);
            assertThat(answer.body())
                    .contains(
                            "\"'=1+1\"",
                            "\"'+1\"",
                            "\"'-1\"",
                            "\"'@SUM(A1)\"",
                            "\"'\tx\"",
                            "\"'\rx\"",
                            "\"'=cmd|' /C calc'!A0\"",
                            ",plain");
            assertThat(answer.header("Content-Disposition"))
                    .matches("attachment; filename=\"?[a-z0-9-]+\\.csv\"?")
                    .doesNotContain("r0");
        });
        add(
                "R17",
                "numbers are left alone",
                () -> assertThat(api.get("/api/v1/data/r0?metric=t&format=csv&bucket=raw&" + RANGE, viewer)
                                .body())
                        .contains(",-2.0"));
    }

    private void identifiers() {
        add("R7", "another tenant's device is as absent as none", () -> {
            for (String path : List.of(
                    "/api/v1/devices/%s",
                    "/api/v1/devices/%s/latest",
                    "/api/v1/data/%s?" + RANGE,
                    "/api/v1/data?device=%s&" + RANGE,
                    "/api/v1/data?groupBy=site&device=%s&" + RANGE)) {
                Answer theirs = api.get(path.formatted("theirs"), viewer);
                Answer nobodys = api.get(path.formatted("nobodys"), viewer);
                refused(theirs, 404, "not-found");
                assertThat(withoutId(theirs)).isEqualTo(withoutId(nobodys));
            }
        });
        add("R37", "a name that is there and one that is not", () -> {
            String operator = TestTokens.of(TENANT, "operator");
            refused(api.post("/api/v1/alerts/" + UNKNOWN + ":acknowledge", operator, "{}"), 404, "not-found");
            refused(api.get("/api/v1/rules/" + UNKNOWN, viewer), 404, "not-found");
            refused(api.get("/api/v1/corrections/" + UNKNOWN, viewer), 404, "not-found");
        });
        for (String id : List.of(
                "%7B" + UNKNOWN + "%7D",
                "1-1-1-1-1",
                "99999999999999999999",
                "0x10",
                "%D9%A1%D9%A2",
                "%F0%9F%92%A9",
                "-1",
                "null",
                UNKNOWN + "0",
                "urn:uuid:" + UNKNOWN)) {
            for (String path : List.of("/alerts/", "/rules/", "/corrections/")) {
                add(
                        "R38",
                        path + id,
                        () -> assertThat(api.get("/api/v1" + path + id, viewer).status())
                                .isIn(400, 404));
            }
        }
        add(
                "R38",
                "UUID in capitals is the same id",
                () -> refused(
                        api.get("/api/v1/alerts/" + UNKNOWN.toUpperCase(java.util.Locale.ROOT), viewer),
                        404,
                        "not-found"));
        for (String id : List.of("%20", "R0", "r0%20", "%F0%9F%92%A9", "%D1%800", "r".repeat(65), "-r0", "r0%0A")) {
            add(
                    "R38",
                    "device " + id,
                    () -> assertThat(api.get("/api/v1/devices/" + id, viewer).status())
                            .isIn(400, 404));
        }
        add("R39", "pages while devices come and go", () -> {
            String tenant = TENANT + "-pages";
            TestRows rows = new TestRows(api.jdbc, tenant);
            Set<String> first = new HashSet<>();
            for (int i = 0; i < 40; i++) {
                rows.device("p%02d".formatted(i));
                first.add("p%02d".formatted(i));
            }
            String token = TestTokens.of(tenant, "viewer");
            List<String> seen = new ArrayList<>();
            String cursor = "";
            int page = 0;
            do {
                Answer answer =
                        api.get("/api/v1/devices?limit=7" + (cursor.isEmpty() ? "" : "&cursor=" + cursor), token);
                answer.json()
                        .path("items")
                        .forEach(item -> seen.add(item.path("id").asString()));
                cursor = answer.json().path("nextCursor").asString("");
                rows.device("a%02d".formatted(page));
                rows.device("z%02d".formatted(page++));
            } while (!cursor.isEmpty());
            assertThat(seen).doesNotHaveDuplicates().containsAll(first);
        });
    }

    private void zones() {
        for (String zone : List.of(
                "../../etc/passwd", "CET", "%2B25:00", "europe/berlin", "SystemV/EST5", "Europe/Berlin%00", "")) {
            parameter("R40", "/data?timezone=" + zone, "timezone");
        }
        for (String zone : List.of("../../etc", "CET", "Nowhere/Land", " UTC")) {
            add("R40", "site in the zone " + zone, () -> {
                Answer answer = api.put(
                        "/api/v1/sites/zoned",
                        TestTokens.of(TENANT, "admin"),
                        "{\"name\":\"Zoned\",\"timezone\":\"" + zone + "\"}");
                refused(answer, 400, "bad-body");
            });
        }
        for (String language : List.of("xx'--", "ar-EG", "tr", "th-TH-u-nu-thai", "*;q=2")) {
            add("R40", "language " + language, () -> {
                String path = "/api/v1/data?metric=t&bucket=1m&format=csv&" + RANGE;
                assertThat(api.send("GET", path, viewer, null, Map.of("Accept-Language", language))
                                .body())
                        .isEqualTo(api.get(path, viewer).body());
            });
        }
    }

    private static String withoutId(Answer answer) {
        return answer.body().replaceAll("\"requestId\":\"[^\"]*\"", "");
    }
}
