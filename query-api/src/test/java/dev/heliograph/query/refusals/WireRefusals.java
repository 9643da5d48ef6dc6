package dev.heliograph.query.refusals;

import static dev.heliograph.query.refusals.Refusal.closedAfter;
import static dev.heliograph.query.refusals.Refusal.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.query.testing.RawHttp;
import dev.heliograph.query.testing.RawHttp.Exchange;
import dev.heliograph.query.testing.TestApi;
import dev.heliograph.query.testing.TestApi.Answer;
import dev.heliograph.query.testing.TestTokens;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/** R18, R21 to R25: bytes, methods, paths and headers, written to the socket as no client would write them. */
final class WireRefusals {
    private static final String TENANT = "refused-wires";
    private static final int MEGABYTE = 1_048_576;

    private final TestApi api;
    private final String admin = TestTokens.of(TENANT, "admin");
    private final String viewer = TestTokens.of(TENANT, "viewer");
    private final List<Refusal> rows = new ArrayList<>();

    WireRefusals(TestApi api) {
        this.api = api;
    }

    List<Refusal> rows() {
        sizes();
        methods();
        paths();
        smuggling();
        headers();
        slowness();
        return rows;
    }

    private void add(String number, String what, Refusal.Trial trial) {
        rows.add(new Refusal(number, what, trial));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private String put(String headers) {
        return "PUT /api/v1/devices/wire HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + admin
                + "\r\nContent-Type: application/json\r\n" + headers + "\r\n";
    }

    private void sizes() {
        add("R18", "100 MB announced", () -> {
            Exchange answer = RawHttp.send(api.port, put("Content-Length: 104857600\r\n"));
            closedAfter(answer, 413);
            assertThat(answer.text()).contains("too-large");
        });
        add(
                "R18",
                "a body that is just too long",
                () -> refused(
                        api.put("/api/v1/devices/wire", admin, "{\"name\":\"" + "x".repeat(MEGABYTE) + "\"}"),
                        413,
                        "too-large"));
        add("R18", "endless chunks of one text", () -> {
            Exchange answer = RawHttp.send(api.port, out -> {
                out.write(bytes(put("Transfer-Encoding: chunked\r\n")));
                out.write(bytes("9\r\n{\"name\":\"\r\n"));
                endless(out, "10000\r\n" + "x".repeat(65_536) + "\r\n");
            });
            // The text itself is too long before the body is.
            assertThat(answer.status()).as(answer.text()).isIn(400, 413);
        });
        add("R18", "endless chunks of blanks", () -> {
            Exchange answer = RawHttp.send(api.port, out -> {
                out.write(bytes(put("Transfer-Encoding: chunked\r\n")));
                endless(out, "10000\r\n" + " ".repeat(65_536) + "\r\n");
            });
            assertThat(answer.status()).as(answer.text()).isEqualTo(413);
        });
        add("R18", "gzip bomb: no coding is read at all", () -> {
            byte[] bomb = bomb();
            Exchange answer = RawHttp.send(api.port, out -> {
                out.write(bytes(
                        put("Content-Encoding: gzip\r\nConnection: close\r\nContent-Length: " + bomb.length + "\r\n")));
                out.write(bomb);
            });
            closedAfter(answer, 415);
        });
        add("R18", "shorter than announced", () -> {
            closedInSilence(RawHttp.send(api.port, put("Content-Length: 500\r\n") + "{\"name\":\"x\"}"));
        });
        add("R18", "longer than announced: the rest is no second request", () -> {
            Exchange answer = RawHttp.send(api.port, put("Content-Length: 2\r\n") + "{}GARBAGE\r\n\r\n");
            assertThat(answer.statuses()).as(answer.text()).hasSizeBetween(1, 2);
            assertThat(answer.statuses().getLast()).isIn(201, 200, 428, 400);
            Refusal.tellsNoInside(answer.text());
        });
        for (String length : List.of("-1", "1e3", "0x10", "+5", "99999999999999999999", "5, 6", " ", "٥")) {
            add("R18", "Content-Length: " + length, () -> {
                Exchange answer = RawHttp.send(
                        api.port,
                        out -> out.write(
                                put("Content-Length: " + length + "\r\n").getBytes(StandardCharsets.UTF_8)));
                closedAfter(answer, 400, 413);
            });
        }
    }

    /** Writes until the service has enough; it is a fault of the service if that takes more than 64 MB. */
    private static void endless(OutputStream out, String piece) throws IOException {
        byte[] bytes = bytes(piece);
        for (int sent = 0; sent < 64 * MEGABYTE; sent += bytes.length) {
            out.write(bytes);
        }
        throw new IOException("the service takes everything");
    }

    private static byte[] bomb() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(new byte[10 * MEGABYTE]);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    private void methods() {
        for (String type : List.of("image/png", "text/html", "application/xml", "text/event-stream")) {
            add("R21", "Accept: " + type, () -> {
                for (String path : List.of("/api/v1/me", "/api/v1/devices", "/api/v1/data?from=now-1h")) {
                    refused(api.send("GET", path, viewer, null, Map.of("Accept", type)), 406, "not-acceptable");
                }
            });
        }
        for (String method : List.of("TRACE", "TRACK", "FOO", "PROPFIND", "COPY", "get", "CONNECT")) {
            add("R21", "method " + method, () -> {
                Exchange answer = RawHttp.send(
                        api.port,
                        method + " /api/v1/me HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + admin
                                + "\r\nConnection: close\r\n\r\n");
                // A tunnel is what the container itself has no method for.
                closedAfter(answer, method.equals("CONNECT") ? 501 : 405);
            });
        }
        add("R21", "a method that is known elsewhere", () -> {
            Answer answer = api.send("PATCH", "/api/v1/devices", admin, null, Map.of());
            refused(answer, 405, "method-not-allowed");
            assertThat(answer.header("Allow")).contains("GET");
            refused(api.delete("/api/v1/me", admin), 405, "method-not-allowed");
        });
        add("R21", "HEAD is GET without a body, and nothing else", () -> {
            Answer answer = api.send("HEAD", "/api/v1/me", viewer, null, Map.of());
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body()).isEmpty();
            assertThat(api.send("HEAD", "/api/v1/devices:register", admin, null, Map.of())
                            .status())
                    .isEqualTo(405);
        });
        add("R21", "OPTIONS tells the methods to members only", () -> {
            refused(api.send("OPTIONS", "/api/v1/me", null, null, Map.of()), 401, "unauthorized");
            Answer answer = api.send("OPTIONS", "/api/v1/me", viewer, null, Map.of());
            assertThat(answer.status()).isIn(200, 405);
            assertThat(answer.header("Allow")).contains("GET");
        });
    }

    private void paths() {
        for (String path : List.of(
                "/api/v1/devices:register",
                "/api/v1/..;/v1/devices:register",
                "/api/v1/x/..;/devices:register",
                "/api/v1/%2e%2e/v1/devices:register",
                "/api/v1/./devices:register",
                "/api/v1/%2e/devices:register",
                "/api/v1/../v1/devices:register",
                "/api//v1/devices:register",
                "//api/v1/devices:register",
                "/api/v1/devices:register;jsessionid=1",
                "/api/v1;a=b/devices:register",
                "/api/v1/devices:register%00",
                "/api/v1/devices%00:register",
                "/api/v1/devices%3Aregister",
                "/api/v1/devices%3aregister",
                "/api/v1/%64evices:register",
                "/api/v1/%2564evices:register",
                "/api/v1\\devices:register",
                "/api/v1%5Cdevices:register",
                "/api%2fv1/devices:register",
                "/api/v1%2Fdevices:register",
                "/api/v1%252Fdevices:register",
                "/api/v1/devices:register/",
                "/api/v1/devices:register.",
                "/api/v1/devices:register.json",
                "/api/v1/devices:register%20",
                "/api/v1/devices:register%0d%0a",
                "/api/v1/devices:register?x=y",
                "/api/v1/devices:register#x",
                "/API/v1/devices:register",
                "/api/v1/Devices:register",
                "/api/v1/devices:REGISTER",
                "http://a/api/v1/devices:register",
                "http://evil.example/api/v1/devices:register")) {
            add("R22", path, () -> {
                Exchange asViewer = post(path, viewer);
                Exchange asAdmin = post(path, admin);
                closedAfter(asViewer, 400, 403, 404, 405);
                assertThat(asAdmin.statuses()).hasSize(1);
                // Where an administrator gets through, this is the operation, and the viewer must be refused by its
                // role.
                if (asAdmin.status() < 300) {
                    assertThat(asViewer.status()).isEqualTo(403);
                } else {
                    assertThat(asAdmin.status()).as(asAdmin.text()).isIn(400, 404, 405);
                }
                assertThat(post(path, "x").status()).isIn(400, 401);
            });
        }
    }

    private Exchange post(String path, String token) {
        String body = "{\"devices\":[{\"id\":\"spelling\"}]}";
        return RawHttp.send(
                api.port,
                "POST " + path + " HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + token
                        + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length()
                        + "\r\nConnection: close\r\n\r\n" + body);
    }

    private void smuggling() {
        String hidden = "GET /api/v1/devices HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + viewer + "\r\n\r\n";
        String chunks = "2\r\n{}\r\n0\r\n\r\n";
        // The standard lets the chunks count; what stands behind them is never read.
        closing("length and chunks", "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n", chunks + hidden);
        closing("chunks and length", "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n", chunks + hidden);
        smuggle("two lengths", "Content-Length: 2\r\nContent-Length: 40\r\n", "{}" + hidden);
        smuggle("one length twice", "Content-Length: 2\r\nContent-Length: 2\r\n", "{}" + hidden);
        smuggle("chunked, identity", "Transfer-Encoding: chunked, identity\r\n", chunks + hidden);
        smuggle("identity, chunked", "Transfer-Encoding: identity, chunked\r\n", chunks + hidden);
        smuggle("chunked twice", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", chunks + hidden);
        smuggle("xchunked", "Transfer-Encoding: xchunked\r\n", chunks + hidden);
        smuggle("blank before the colon", "Transfer-Encoding : chunked\r\n", chunks + hidden);
        smuggle("vertical tab", "Transfer-Encoding: \u000bchunked\r\n", chunks + hidden);
        // Allowed by the standard, and here without effect on where a request ends.
        closing("folded header", "X-Folded: a\r\n b\r\nContent-Length: 2\r\nConnection: close\r\n", "{}" + hidden);
        closing("bare line feed", "X-Bare: a\nContent-Length: 2\r\nConnection: close\r\n", "{}" + hidden);
        smuggle("bare carriage return", "X-Bare: a\rContent-Length: 2\r\n", "{}" + hidden);
        smuggle("NUL in a value", "X-Nul: a\u0000b\r\nContent-Length: 2\r\n", "{}" + hidden);
        smuggle("size of a chunk that is none", "Transfer-Encoding: chunked\r\n", "-2\r\n{}\r\n0\r\n\r\n" + hidden);
        smuggle("size of a chunk in 0x", "Transfer-Encoding: chunked\r\n", "0x2\r\n{}\r\n0\r\n\r\n" + hidden);
        smuggle("chunk without its end", "Transfer-Encoding: chunked\r\n", "2\r\n{}0\r\n\r\n" + hidden);
        add(
                "R23",
                "HTTP/2 without TLS is not spoken",
                () -> assertThat(RawHttp.send(api.port, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
                                .status())
                        .isIn(0, 400, 505));
    }

    /** 400, or 501 where the coding is unknown, and closed. */
    private void smuggle(String what, String headers, String body) {
        add("R23", what, () -> {
            Exchange answer = RawHttp.send(api.port, put(headers) + body);
            closedAfter(answer, 400, 501);
        });
    }

    /** Answered once, refused or not, and closed: what hides behind the body is never answered. */
    private void closing(String what, String headers, String body) {
        add("R23", what, () -> closedAfter(RawHttp.send(api.port, put(headers) + body), 200, 201, 400, 428));
    }

    private void headers() {
        add("R24", "a header of 64 KB", () -> closedAfter(get("X-Large: " + "x".repeat(65_536) + "\r\n"), 400, 431));
        add("R24", "1,000 headers", () -> closedAfter(get("X-Many: x\r\n".repeat(1_000)), 400, 431));
        add(
                "R24",
                "a token of 64 KB",
                () -> closedAfter(
                        RawHttp.send(
                                api.port,
                                "GET /api/v1/me HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + "x".repeat(65_536)
                                        + "\r\n\r\n"),
                        400,
                        431));
        for (String line : List.of("X Y: a", ": a", "X\u0001: a", "(X): a", "X-Y: a\u0000", "X-Y")) {
            add(
                    "R24",
                    "line " + line.replace('\u0000', '0').replace('\u0001', '1'),
                    () -> closedAfter(get(line + "\r\n"), 400));
        }
        for (String host : List.of(
                "",
                "Host: \r\n",
                "Host: a b\r\n",
                "Host: a\r\nHost: b\r\n",
                "Host: a/b\r\n",
                "Host: [::1\r\n",
                "Host: <script>\r\n")) {
            add("R24", host.isEmpty() ? "no Host" : host.strip().replace("\r\n", ", "), () -> {
                Exchange answer = RawHttp.send(
                        api.port,
                        "GET /api/v1/me HTTP/1.1\r\n" + host + "Authorization: Bearer " + viewer
                                + "\r\nConnection: close\r\n\r\n");
                // An empty Host is allowed by the standard; what it says is used for nothing.
                assertThat(answer.status())
                        .as(answer.text())
                        .isIn(host.strip().equals("Host:") ? List.of(200, 400) : List.of(400));
            });
        }
        add("R24", "line break in a value is no second header of the answer", () -> {
            Exchange answer = RawHttp.send(
                    api.port,
                    "GET /api/v1/devices/a%0d%0aSet-Cookie:%20x=y HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer "
                            + viewer + "\r\nConnection: close\r\n\r\n");
            closedAfter(answer, 400, 404);
            assertThat(answer.text()).doesNotContain("\nSet-Cookie");
        });
    }

    private Exchange get(String headers) {
        return RawHttp.send(
                api.port,
                "GET /api/v1/me HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + viewer + "\r\n" + headers
                        + "Connection: close\r\n\r\n");
    }

    private void slowness() {
        add("R25", "headers that never end", () -> {
            Exchange answer = RawHttp.send(api.port, "GET /api/v1/me HTTP/1.1\r\nHost: a\r\nX-Slow: ");
            assertThat(answer.status()).as(answer.text()).isIn(0, 400, 408);
        });
        add(
                "R25",
                "nothing at all",
                () -> assertThat(RawHttp.send(api.port, "").statuses()).isEmpty());
        add(
                "R25",
                "a body that never comes",
                () -> closedInSilence(RawHttp.send(api.port, put("Content-Length: 12\r\n"))));
        add("R25", "a body that drips", () -> {
            Exchange answer = RawHttp.send(api.port, out -> {
                out.write(bytes(put("Content-Length: 100000\r\n")));
                drip(out);
            });
            closedInSilence(answer);
        });
        add("R25", "a backfill that drips", () -> {
            Exchange answer = RawHttp.send(api.port, out -> {
                out.write(bytes("POST /api/v1/data:backfill HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + admin
                        + "\r\nContent-Type: text/csv\r\nContent-Length: 100000\r\n\r\ndevice,time,t\n"));
                drip(out);
            });
            closedInSilence(answer);
        });
    }

    /** Behind a read that took too long the container closes, with or without a word. */
    private static void closedInSilence(Exchange exchange) {
        assertThat(exchange.status()).as(exchange.text()).isIn(0, 400, 408);
        Refusal.tellsNoInside(exchange.text());
    }

    /** A byte every quarter of a second: never silent for as long as a read may take. Ends when the service has enough. */
    private static void drip(OutputStream out) throws IOException {
        try {
            for (int i = 0; i < 120; i++) {
                out.write(' ');
                out.flush();
                Thread.sleep(250);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
