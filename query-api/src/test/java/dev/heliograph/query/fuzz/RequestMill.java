package dev.heliograph.query.fuzz;

import dev.heliograph.query.testing.Described;
import dev.heliograph.query.testing.Described.Operation;
import dev.heliograph.query.testing.Described.Parameter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Makes requests of an operation from its description, and breaks them. What it makes is HTTP always, and sense sometimes. */
final class RequestMill {
    private static final int DEEPEST = 6;
    private static final List<String> TYPES = List.of(
            "application/json",
            "application/json;charset=utf-8",
            "application/json; charset=utf-16",
            "application/json; charset=\"",
            "text/csv",
            "text/plain",
            "application/xml",
            "multipart/form-data; boundary=x",
            "application/problem+json",
            "*/*",
            "json",
            "");
    private static final List<String> HEADERS = List.of(
            "Accept",
            "Accept-Language",
            "Accept-Encoding",
            "Accept-Charset",
            "Cookie",
            "Range",
            "If-None-Match",
            "If-Modified-Since",
            "If-Match",
            "Last-Event-ID",
            "Expect",
            "Origin",
            "Idempotency-Key",
            "Content-Encoding",
            "Upgrade",
            "X-Forwarded-For",
            "Forwarded",
            "Prefer",
            "traceparent");
    private static final List<String> CSV = List.of(
            "device,time,t\nfuzz-1,2026-01-01T00:00:00Z,1\n",
            "device,time\n",
            "device,time,t\n,,\n",
            "device,time,t,t\nfuzz-1,now,1,2\n",
            "device,time,t\n\"fuzz-1,2026",
            "time,device,t\r\n2026-01-01T00:00:00Z,fuzz-1,NaN\r\n",
            ";;;\n",
            "\"\"\"\"\"\n",
            "device,time,t\nfuzz-1,2026-01-01T00:00:00Z,1e999\nfuzz-1,x,x,x,x,x");

    private final Described described;
    private final Naughty naughty;

    RequestMill(Described described, Naughty naughty) {
        this.described = described;
        this.naughty = naughty;
    }

    /** A request as bytes, closed behind its answer. */
    byte[] request(Operation operation, String token) {
        StringBuilder head = new StringBuilder();
        boolean gentle = naughty.chance(0.25);
        head.append(operation.method()).append(' ').append(path(operation, gentle));
        String query = query(operation, gentle);
        if (!query.isEmpty()) {
            head.append('?').append(query);
        }
        head.append(" HTTP/1.1\r\nHost: fuzz\r\nConnection: close\r\nAuthorization: Bearer ")
                .append(token)
                .append("\r\n");
        byte[] body = new byte[0];
        if (!operation.bodyTypes().isEmpty() || naughty.chance(0.02)) {
            String type = gentle || naughty.chance(0.8)
                    ? naughty.pick(operation.bodyTypes().isEmpty() ? TYPES : operation.bodyTypes())
                    : naughty.pick(TYPES);
            body = body(operation, type, gentle);
            head.append("Content-Type: ")
                    .append(type)
                    .append("\r\nContent-Length: ")
                    .append(body.length)
                    .append("\r\n");
        }
        if (operation.parameters().stream().anyMatch(one -> one.name().equals("If-Match")) && naughty.chance(0.7)) {
            head.append("If-Match: \"").append(1 + naughty.below(4)).append("\"\r\n");
        } else if (!gentle && naughty.chance(0.4)) {
            head.append(naughty.pick(HEADERS))
                    .append(": ")
                    .append(printable(naughty.text()))
                    .append("\r\n");
        }
        byte[] start = head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
        byte[] whole = java.util.Arrays.copyOf(start, start.length + body.length);
        System.arraycopy(body, 0, whole, start.length, body.length);
        return whole;
    }

    private String path(Operation operation, boolean gentle) {
        String path = operation.path();
        for (Parameter parameter : operation.parameters()) {
            if (parameter.in().equals("path")) {
                String value = gentle || naughty.chance(0.5) ? "fuzz-" + (1 + naughty.below(3)) : naughty.text();
                if (parameter.schema().path("format").asString("").equals("uuid") && naughty.chance(0.5)) {
                    value = "0b0b0b0b-0000-4000-8000-00000000dead";
                }
                path = path.replace("{" + parameter.name() + "}", encoded(value.isEmpty() ? "x" : value));
            }
        }
        return path;
    }

    private String query(Operation operation, boolean gentle) {
        List<String> parts = new ArrayList<>();
        for (Parameter parameter : operation.parameters()) {
            boolean wanted = parameter.required() || naughty.chance(gentle ? 0.15 : 0.3);
            if (parameter.in().equals("query") && wanted) {
                int times = naughty.chance(0.05) ? 2 : 1;
                for (int i = 0; i < times; i++) {
                    parts.add(parameter.name() + "=" + encoded(value(parameter, gentle)));
                }
            }
        }
        if (!gentle && naughty.chance(0.05)) {
            parts.add(encoded(naughty.text()) + "=" + encoded(naughty.text()));
        }
        return String.join("&", parts);
    }

    private String value(Parameter parameter, boolean gentle) {
        if (gentle || naughty.chance(0.4)) {
            JsonNode words = parameter.schema().path("enum");
            if (!words.isEmpty()) {
                return words.path(naughty.below(words.size())).asString();
            }
            return switch (parameter.name()) {
                case "from" -> naughty.pick(List.of("now-1h", "now-7d", "2026-01-01T00:00:00Z"));
                case "to" -> naughty.pick(List.of("now", "2026-01-02T00:00:00Z"));
                case "bucket" -> naughty.pick(List.of("1m", "1h", "1d", "raw"));
                case "limit", "top", "maxPoints" -> naughty.pick(List.of("1", "10", "100"));
                case "topics" -> naughty.pick(List.of("presence", "alerts", "samples", "system,presence"));
                case "device" -> "fuzz-1";
                case "metric" -> "t";
                case "dryRun" -> "true";
                default -> naughty.fitting();
            };
        }
        return naughty.text();
    }

    private byte[] body(Operation operation, String type, boolean gentle) {
        String text;
        if (type.startsWith("text/csv")) {
            text = naughty.pick(CSV);
        } else {
            text = json(operation.body(), 0, gentle);
            if (operation.id().equals("backfill")) {
                text = naughty.pick(List.of("[%s]", "%s"))
                        .formatted("{\"device\":" + naughty.quoted(gentle ? "fuzz-1" : naughty.text()) + ",\"ts\":"
                                + naughty.pick(List.of("1767225600000", naughty.json())) + ",\"metrics\":{\"t\":"
                                + naughty.pick(List.of("1", "2.5", naughty.json())) + "}}");
            }
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (!gentle && bytes.length > 2 && naughty.chance(0.2)) {
            bytes[naughty.below(bytes.length)] = (byte) naughty.below(256);
        }
        if (!gentle && bytes.length > 2 && naughty.chance(0.1)) {
            bytes = java.util.Arrays.copyOf(bytes, naughty.below(bytes.length));
        }
        return bytes;
    }

    private String json(JsonNode given, int depth, boolean gentle) {
        JsonNode schema = described.resolved(given);
        if (depth > DEEPEST || !gentle && naughty.chance(0.08)) {
            return naughty.json();
        }
        for (String one : List.of("oneOf", "anyOf")) {
            if (schema.has(one)) {
                return json(schema.path(one).path(naughty.below(schema.path(one).size())), depth + 1, gentle);
            }
        }
        if (schema.has("properties") || schema.has("allOf")) {
            return object(schema, depth, gentle);
        }
        if (schema.has("items")) {
            List<String> items = new ArrayList<>();
            for (int i = naughty.below(3); i >= 0; i--) {
                items.add(json(schema.path("items"), depth + 1, gentle));
            }
            return "[" + String.join(",", items) + "]";
        }
        if (schema.has("enum") && (gentle || naughty.chance(0.5))) {
            JsonNode words = schema.path("enum");
            return words.path(naughty.below(words.size())).toString();
        }
        return switch (type(schema)) {
            case "integer" -> String.valueOf(naughty.below(100));
            case "number" -> naughty.pick(List.of("1", "0.5", "60", "1e3"));
            case "boolean" -> String.valueOf(naughty.chance(0.5));
            case "object" -> "{" + naughty.quoted(gentle ? "floor" : naughty.text()) + ":" + naughty.quoted("1") + "}";
            default -> naughty.quoted(gentle ? naughty.fitting() : naughty.text());
        };
    }

    /** The type of a value; the first of several. */
    private static String type(JsonNode schema) {
        JsonNode type = schema.path("type");
        return type.isArray() ? type.path(0).asString("") : type.asString("");
    }

    private String object(JsonNode schema, int depth, boolean gentle) {
        List<String> fields = new ArrayList<>();
        fields(schema, depth, gentle, fields);
        if (!gentle && naughty.chance(0.05)) {
            fields.add(naughty.quoted(naughty.text()) + ":" + naughty.json());
        }
        if (!gentle && !fields.isEmpty() && naughty.chance(0.05)) {
            fields.add(fields.getFirst());
        }
        return "{" + String.join(",", fields) + "}";
    }

    private void fields(JsonNode given, int depth, boolean gentle, List<String> fields) {
        JsonNode schema = described.resolved(given);
        for (JsonNode part : schema.path("allOf")) {
            fields(part, depth, gentle, fields);
        }
        schema.path("properties").propertyStream().forEach(property -> {
            boolean needed = schema.path("required")
                    .valueStream()
                    .anyMatch(one -> one.asString().equals(property.getKey()));
            if (gentle && needed || naughty.chance(0.7)) {
                fields.add(naughty.quoted(property.getKey()) + ":" + json(property.getValue(), depth + 1, gentle));
            }
        });
    }

    /** Percent-encoded for a path or a query; sometimes more than is needed. */
    private String encoded(String text) {
        StringBuilder encoded = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            boolean plain = b >= '0' && b <= '9'
                    || b >= 'a' && b <= 'z'
                    || b >= 'A' && b <= 'Z'
                    || b == '-'
                    || b == '_'
                    || b == '.'
                    || b == ':'
                    || b == ',';
            if (plain && !naughty.chance(0.02)) {
                encoded.append((char) b);
            } else {
                encoded.append("%%%02X".formatted(b & 0xff));
            }
        }
        return encoded.toString();
    }

    private static String printable(String text) {
        return text.replaceAll("[^ -~]", "?");
    }
}
