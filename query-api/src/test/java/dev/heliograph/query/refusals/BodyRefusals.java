package dev.heliograph.query.refusals;

import static dev.heliograph.query.refusals.Refusal.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.query.testing.TestApi;
import dev.heliograph.query.testing.TestApi.Answer;
import dev.heliograph.query.testing.TestTokens;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** R9, R19, R20, R33 to R35: what bodies say. */
final class BodyRefusals {
    private static final String TENANT = "refused-bodies";
    private static final String RULE =
            "{\"name\":\"%s\",\"severity\":\"info\",\"condition\":{\"type\":\"threshold\",\"metric\":\"t\","
                    + "\"operator\":\"ge\",\"value\":1}%s}";

    private final TestApi api;
    private final String admin = TestTokens.of(TENANT, "admin");
    private final List<Refusal> rows = new ArrayList<>();

    BodyRefusals(TestApi api) {
        this.api = api;
    }

    List<Refusal> rows() {
        fieldsOfOurs();
        mediaTypes();
        json();
        rules();
        versions();
        markup();
        return rows;
    }

    private void add(String number, String what, Refusal.Trial trial) {
        rows.add(new Refusal(number, what, trial));
    }

    private void body(String number, String method, String path, String body) {
        add(
                number,
                method + " " + path + " " + body.substring(0, Math.min(60, body.length())),
                () -> refused(api.send(method, "/api/v1" + path, admin, body, Map.of()), 400, "bad-body"));
    }

    private void fieldsOfOurs() {
        for (String field : List.of(
                "\"tenant_id\":\"victim\"",
                "\"tenant\":\"victim\"",
                "\"role\":\"admin\"",
                "\"created_at\":\"2026-01-01T00:00:00Z\"",
                "\"createdAt\":\"2026-01-01T00:00:00Z\"",
                "\"version\":7",
                "\"__proto__\":{}")) {
            String and = "," + field;
            body("R9", "PUT", "/devices/mass", "{\"name\":\"x\"" + and + "}");
            body("R9", "POST", "/devices:register", "{\"devices\":[{\"id\":\"mass\"" + and + "}]}");
            body("R9", "PUT", "/sites/mass", "{\"name\":\"x\"" + and + "}");
            body("R9", "PUT", "/metrics/mass", "{\"unit\":\"x\"" + and + "}");
            body("R9", "POST", "/rules", RULE.formatted("x", and));
            body("R9", "POST", "/data:query", "{\"from\":\"now-1h\"" + and + "}");
        }
        body("R9", "PUT", "/devices/mass", "{\"id\":\"other\"}");
        body("R9", "POST", "/rules", RULE.formatted("x", ",\"id\":\"0b0b0b0b-0000-4000-8000-00000000dead\""));
    }

    private void mediaTypes() {
        for (String type : List.of(
                "text/plain",
                "application/xml",
                "text/xml",
                "multipart/form-data; boundary=x",
                "application/x-www-form-urlencoded",
                "application/json; charset=UTF-7",
                "application/json; charset=nothing",
                "application/x-java-serialized-object",
                "application/*",
                "json")) {
            for (String[] operation : new String[][] {
                {"PUT", "/devices/typed"},
                {"POST", "/rules"},
                {"POST", "/data:query"},
                {"POST", "/data:backfill"}
            }) {
                add(
                        "R19",
                        operation[0] + " " + operation[1] + " " + type,
                        () -> refused(
                                api.send(
                                        operation[0],
                                        "/api/v1" + operation[1],
                                        admin,
                                        "<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><x>&e;</x>",
                                        Map.of("Content-Type", type)),
                                415,
                                "unsupported-media-type"));
            }
        }
    }

    private void json() {
        Map<String, String> bad = new LinkedHashMap<>();
        bad.put("nothing", "");
        bad.put("null", "null");
        bad.put("an array", "[]");
        bad.put("a number", "42");
        bad.put("text", "\"x\"");
        bad.put("cut off", "{\"name\":\"x");
        bad.put("two documents", "{} {}");
        bad.put("trailing text", "{\"name\":\"x\"} x");
        bad.put("single quotes", "{'name':'x'}");
        bad.put("a comment", "{\"name\":\"x\" /* y */}");
        bad.put("a trailing comma", "{\"name\":\"x\",}");
        bad.put("a byte order mark", "\ufeff\ufeff{}");
        bad.put("a lone surrogate", "{\"name\":\"\\ud800\"}");
        bad.put("NUL", "{\"name\":\"\\u0000\"}");
        bad.put("a control character", "{\"name\":\"a\\u0007\"}");
        bad.put("100,000 levels", "{\"labels\":" + "[".repeat(100_000));
        bad.put("100,000 levels of objects", "{\"a\":".repeat(100_000));
        bad.put("a number of 100,000 digits", "{\"expectedIntervalSeconds\":" + "1".repeat(100_000) + "}");
        bad.put("1e999", "{\"expectedIntervalSeconds\":1e999}");
        bad.put("0.1e1000000000", "{\"expectedIntervalSeconds\":0.1e1000000000}");
        bad.put("NaN", "{\"expectedIntervalSeconds\":NaN}");
        bad.put("NaN as text", "{\"expectedIntervalSeconds\":\"NaN\"}");
        bad.put("a number as text", "{\"expectedIntervalSeconds\":\"30\"}");
        bad.put("a truth as number", "{\"enabled\":1}");
        bad.put("a name twice", "{\"name\":\"x\",\"name\":\"y\"}");
        bad.put("a name of 50 KB", "{\"" + "k".repeat(50_000) + "\":1}");
        bad.put("a text of 200 KB", "{\"name\":\"" + "x".repeat(200_000) + "\"}");
        bad.put("10,000 labels", labels(10_000));
        bad.put("a label without value", "{\"labels\":{\"a\":null}}");
        bad.forEach((what, body) ->
                add("R20", what, () -> refused(api.put("/api/v1/devices/json", admin, body), 400, "bad-body")));
        for (String charset : List.of("UTF-16", "ISO-8859-1")) {
            add("R20", "JSON said to be " + charset, () -> {
                Answer answer = api.send(
                        "PUT",
                        "/api/v1/devices/charset",
                        admin,
                        "{\"name\":\"x\"}",
                        Map.of("Content-Type", "application/json; charset=" + charset));
                assertThat(answer.status()).as(answer.body()).isLessThan(500);
            });
        }
    }

    private static String labels(int count) {
        StringBuilder labels = new StringBuilder("{\"labels\":{\"first\":\"x\"");
        for (int i = 0; i < count; i++) {
            labels.append(",\"l").append(i).append("\":\"x\"");
        }
        return labels.append("}}").toString();
    }

    private void rules() {
        for (String value : List.of("NaN", "1e999", "\"NaN\"", "null", "\"1\"", "{}")) {
            body("R33", "POST", "/rules", RULE.formatted("x", "").replace("\"value\":1", "\"value\":" + value));
        }
        for (String window : List.of("0", "-1", "0.5", "604801", "1e300", "null")) {
            body(
                    "R33",
                    "POST",
                    "/rules",
                    "{\"name\":\"x\",\"severity\":\"info\",\"condition\":{\"type\":\"absence\",\"afterSeconds\":"
                            + window + "}}");
        }
        body("R33", "POST", "/rules", RULE.formatted("x", ",\"holdSeconds\":-1"));
        body("R33", "POST", "/rules", RULE.formatted("x", ",\"clearHoldSeconds\":1e9"));
        body("R33", "POST", "/rules", RULE.formatted("x", ",\"expression\":\"" + "(".repeat(1_000) + "\""));
        body("R33", "POST", "/rules", RULE.formatted("x", ",\"webhook\":\"http://169.254.169.254/\""));
        body("R33", "POST", "/rules", RULE.formatted("x", "").replace("threshold", "magic"));
        body(
                "R33",
                "POST",
                "/rules",
                RULE.formatted("x", "").replace("\"threshold\"", "\"javax.script.ScriptEngineManager\""));
    }

    private void versions() {
        add("R34", "a change without a version, with a stale one, with none of ours", () -> {
            String rule = RULE.formatted("versioned", "");
            String id = api.post("/api/v1/rules", admin, rule).json().path("id").asString();
            String path = "/api/v1/rules/" + id;
            refused(api.put(path, admin, rule), 428, "version-required");
            refused(api.send("PUT", path, admin, rule, Map.of("If-Match", "\"x\"")), 400, "bad-parameter");
            assertThat(api.send("PUT", path, admin, rule, Map.of("If-Match", "\"1\""))
                            .status())
                    .isEqualTo(200);
            refused(api.send("PUT", path, admin, rule, Map.of("If-Match", "\"1\"")), 412, "stale");
            refused(api.send("DELETE", path, admin, null, Map.of("If-Match", "\"1\"")), 412, "stale");
        });
        add("R34", "two at once with the same version: one wins", () -> {
            String rule = RULE.formatted("raced", "");
            String id = api.post("/api/v1/rules", admin, rule).json().path("id").asString();
            List<Integer> statuses = java.util.stream.IntStream.range(0, 8)
                    .parallel()
                    .mapToObj(i -> api.send("PUT", "/api/v1/rules/" + id, admin, rule, Map.of("If-Match", "\"1\""))
                            .status())
                    .toList();
            assertThat(statuses.stream().filter(status -> status == 200)).hasSize(1);
            assertThat(statuses).containsOnly(200, 412);
        });
    }

    private void markup() {
        for (String text : List.of(
                "<script>alert(1)</script>",
                "<img src=x onerror=alert(1)>",
                "{{7*7}}",
                "${jndi:ldap://x/y}",
                "'; DROP TABLE device;--",
                "\\u202egnp.exe")) {
            add("R35", "name " + text, () -> {
                Answer put = api.put(
                        "/api/v1/sites/markup-" + Math.abs(text.hashCode()), admin, "{\"name\":\"" + text + "\"}");
                assertThat(put.status()).as(put.body()).isIn(200, 201);
                Answer answer = api.get("/api/v1/sites", admin);
                assertThat(answer.header("Content-Type")).startsWith("application/json");
                assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
                assertThat(answer.header("Content-Security-Policy")).contains("default-src 'none'");
            });
        }
        for (String link : List.of(
                "javascript:alert(1)",
                "JaVaScRiPt:alert(1)",
                "data:text/html,x",
                "file:///etc/passwd",
                "//evil.example",
                " https://a",
                "https://",
                "vbscript:x")) {
            body("R35", "POST", "/rules", RULE.formatted("x", ",\"runbook\":\"" + link + "\""));
        }
    }
}
