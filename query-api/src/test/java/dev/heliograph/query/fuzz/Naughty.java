package dev.heliograph.query.fuzz;

import java.util.List;
import java.util.Random;

/** Values that have broken other programs, and values that are well-formed here, chosen by a seeded generator. */
final class Naughty {
    private static final List<String> TEXTS = List.of(
            "",
            " ",
            "\u0000",
            "a\u0000b",
            "\n",
            "\r\nX-Injected: y",
            "\t",
            "\u0007",
            "\u001b[31m",
            "\u007f",
            "\u00ad",
            "\u200b",
            "\u202e",
            "\ufeff",
            "\uffff",
            "\ud83d\udca9",
            "i\u0307\u0131",
            "\u0130",
            "Z\u0351\u036b\u0343a\u0360l\u0340",
            "\u0661\u0660",
            "\u2160",
            "null",
            "undefined",
            "true",
            "NaN",
            "Infinity",
            "-Infinity",
            "-0",
            "0",
            "-1",
            "1e309",
            "1e-400",
            "0x7fffffff",
            "2147483648",
            "-2147483649",
            "9223372036854775808",
            "99999999999999999999999999",
            "1.7976931348623157e308",
            "0.1e1000000000",
            "1,000",
            "--",
            "'",
            "\"",
            "\\",
            "`",
            ";",
            "' OR '1'='1",
            "'; DROP TABLE device;--",
            "\") OR 1=1 --",
            "1; SELECT pg_sleep(10)",
            "%",
            "_",
            "%_%_%_%_%_%",
            "\\%",
            "(a+)+$",
            "[",
            "*",
            "?",
            "..",
            "../../etc/passwd",
            "..%2f",
            "%00",
            "%",
            "%zz",
            "%u0041",
            "file:///etc/passwd",
            "http://169.254.169.254/",
            "javascript:alert(1)",
            "<script>alert(1)</script>",
            "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>",
            "${jndi:ldap://x/y}",
            "#{7*7}",
            "{{7*7}}",
            "$(id)",
            "=1+1",
            "@SUM(A1)",
            "__proto__",
            "constructor",
            "java.lang.Runtime",
            "CON",
            "2026-02-30T00:00:00Z",
            "2026-01-01T00:00:60Z",
            "2026-01-01",
            "+999999999-12-31T23:59:59Z",
            "-999999999-01-01T00:00:00Z",
            "0000-00-00T00:00:00Z",
            "2199-12-31T23:59:59.999999999+18:00",
            "now",
            "now-",
            "now-0s",
            "now-999999w",
            "now-1h",
            "now+1h",
            "PT1H",
            "1h",
            "0s",
            "999999d",
            "1ms",
            "1mo",
            "999999mo",
            "raw",
            "Europe/Berlin",
            "Etc/GMT+14",
            "UTC+25",
            "SystemV/EST5",
            "../../UTC",
            "p0",
            "p101",
            "p99.999999999",
            "p-1",
            "time-in-state",
            "label:",
            "label:floor",
            "\"1\"",
            "W/\"1\"",
            "\"999999999999999999999\"",
            "*",
            "AAAA",
            "AAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            "W10");

    private static final List<String> FITTING = List.of(
            "fuzz-1",
            "fuzz-2",
            "t",
            "mode",
            "berlin",
            "boiler",
            "floor:1",
            "now-1h",
            "now-7d",
            "now",
            "1m",
            "1h",
            "1d",
            "avg",
            "p95",
            "min",
            "max",
            "last",
            "count",
            "10",
            "1",
            "true",
            "false",
            "open",
            "resolved",
            "critical",
            "info",
            "site",
            "type",
            "device",
            "json",
            "csv",
            "ndjson",
            "linear",
            "none",
            "previous",
            "lttb",
            "samples",
            "presence",
            "samples,windows",
            "alerts",
            "number",
            "state",
            "ge",
            "threshold",
            "absence",
            "JSON",
            "mqtt",
            "name",
            "-name",
            "id",
            "2026-01-01T00:00:00Z",
            "2026-01-02T00:00:00Z",
            "Europe/Berlin",
            "UTC",
            "auto",
            "0b0b0b0b-0000-4000-8000-00000000dead");

    private static final List<String> JSON = List.of(
            "null",
            "true",
            "false",
            "0",
            "-0",
            "-1",
            "1",
            "1.5",
            "1e308",
            "1e309",
            "-1e309",
            "1e-400",
            "2147483648",
            "9223372036854775808",
            "0.1e1000000000",
            "NaN",
            "Infinity",
            "\"\"",
            "\"\\u0000\"",
            "\"\\ud800\"",
            "\"\\udc00\\ud800\"",
            "\"NaN\"",
            "[]",
            "[null]",
            "[[]]",
            "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]",
            "{}",
            "{\"\":null}",
            "{\"a\":{\"b\":{}}}",
            "{\"__proto__\":{}}",
            "{\"type\":\"threshold\"}",
            "{\"type\":null}",
            "{\"type\":[]}",
            "'x'",
            "// x",
            "01",
            "+1",
            ".5",
            "0x1",
            "\"\\x\"");

    private final Random random;

    Naughty(Random random) {
        this.random = random;
    }

    String text() {
        return switch (random.nextInt(20)) {
            case 0 -> repeated();
            case 1 -> noise(1 + random.nextInt(40));
            case 2 -> pick(TEXTS) + pick(TEXTS);
            case 3, 4, 5, 6, 7 -> pick(FITTING);
            default -> pick(TEXTS);
        };
    }

    String fitting() {
        return pick(FITTING);
    }

    String json() {
        return random.nextInt(3) == 0 ? quoted(text()) : pick(JSON);
    }

    /** A text in JSON; sometimes escaped where it need not be. */
    String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            if (c < ' ' || c == '"' || c == '\\' || random.nextInt(50) == 0) {
                quoted.append("\\u%04x".formatted((int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }

    boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    private String repeated() {
        int times = 1 << random.nextInt(12);
        String one = pick(TEXTS);
        return one.repeat(Math.min(times, 3_000 / Math.max(1, one.length())));
    }

    private String noise(int length) {
        StringBuilder noise = new StringBuilder();
        for (int i = 0; i < length; i++) {
            noise.appendCodePoint(random.nextBoolean() ? random.nextInt(0x80) : random.nextInt(0xd800));
        }
        return noise.toString();
    }
}
