package dev.heliograph.local.frontdoor;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FrontDoorTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    private final CountDownLatch streamMayEnd = new CountDownLatch(1);
    private HttpServer service;
    private FrontDoor door;
    private URI base;

    @BeforeEach
    void open() throws Exception {
        service = HttpServer.create(new InetSocketAddress(LOOPBACK, 0), 0);
        service.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        service.createContext("/", exchange -> answer(exchange, describe(exchange)));
        service.createContext("/api/v1/stream", this::stream);
        service.createContext("/auth/session", this::session);
        service.createContext("/api/v1/big", exchange -> answer(exchange, "x".repeat(100_000)));
        service.start();
        URI url = URI.create("http://localhost:8080");
        door = FrontDoor.open(FrontDoorSettings.of(LOOPBACK, 0, url, url.resolve("/auth")));
        base = URI.create("http://localhost:" + door.port());
    }

    @AfterEach
    void close() throws Exception {
        streamMayEnd.countDown();
        door.close();
        service.stop(0);
    }

    @Test
    void givenNoServiceYet_whenAsked_thenProblemWithRetry() throws Exception {
        HttpResponse<String> answer = get("/api/v1/me");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("retry-after")).contains("2");
        assertThat(answer.headers().firstValue("content-type")).contains("application/problem+json");
    }

    @Test
    void givenServiceThatDied_whenAsked_thenProblemRatherThanAnEmptyAnswer() throws Exception {
        connectAll();
        service.stop(0);

        HttpResponse<String> answer = get("/api/v1/me");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).contains("service-unavailable");
    }

    @Test
    void givenServices_whenAsked_thenPathsGoWhereTheyBelongAndTheHostIsKept() throws Exception {
        door.connect(Route.TELEMETRY, URI.create("http://127.0.0.1:1"));
        door.connect(Route.API, serviceUrl());

        assertThat(get("/api/v1/me?x=%C3%A4").body())
                .isEqualTo("GET /api/v1/me?x=%C3%A4 host=localhost:" + door.port() + " proto=http for=127.0.0.1");
        assertThat(get("/api/v1/telemetry").statusCode()).isEqualTo(503);
        assertThat(get("/auth/login").statusCode()).isEqualTo(503);
    }

    @Test
    void givenForgedForwardingHeaders_whenAsked_thenTheServiceSeesOurs() throws Exception {
        connectAll();
        HttpRequest request = HttpRequest.newBuilder(base.resolve("/api/v1/me"))
                .header("X-Forwarded-Proto", "https")
                .header("X-Forwarded-For", "10.9.9.9")
                .build();

        String seen = http.send(request, BodyHandlers.ofString()).body();

        assertThat(seen).endsWith("proto=http for=127.0.0.1");
    }

    @Test
    void givenSessionOfOneVisitor_whenAnotherAsks_thenItIsNotTheirs() throws Exception {
        connectAll();

        HttpResponse<String> first = get("/auth/session");
        HttpResponse<String> second = get("/auth/session");

        assertThat(first.headers().firstValue("set-cookie")).contains("SESSION=secret");
        assertThat(second.body()).isEqualTo("cookie=null");
    }

    @Test
    void givenRedirect_whenAsked_thenTheVisitorIsSentAndNotTheDoor() throws Exception {
        connectAll();

        HttpResponse<String> answer = get("/auth/session?redirect");

        assertThat(answer.statusCode()).isEqualTo(302);
        assertThat(answer.headers().firstValue("location")).contains("/auth/login");
    }

    @Test
    void givenLiveEvents_whenOneIsSent_thenItArrivesBeforeTheStreamEnds() throws Exception {
        connectAll();
        HttpRequest request = HttpRequest.newBuilder(base.resolve("/api/v1/stream"))
                .header("Accept-Encoding", "gzip")
                .build();

        HttpResponse<InputStream> answer = http.send(request, BodyHandlers.ofInputStream());

        assertThat(answer.headers().firstValue("content-encoding")).isEmpty();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
            assertThat(lines.readLine()).isEqualTo("data: 1");
        }
    }

    @Test
    void givenLargeJson_whenGzipIsAccepted_thenCompressed() throws Exception {
        connectAll();
        HttpRequest request = HttpRequest.newBuilder(base.resolve("/api/v1/big"))
                .header("Accept-Encoding", "gzip")
                .build();

        HttpResponse<byte[]> answer = http.send(request, BodyHandlers.ofByteArray());

        assertThat(answer.headers().firstValue("content-encoding")).contains("gzip");
        assertThat(answer.body().length).isLessThan(2_000);
        try (InputStream plain = new GZIPInputStream(new ByteArrayInputStream(answer.body()))) {
            assertThat(plain.readAllBytes()).hasSize(100_000);
        }
    }

    @Test
    void givenDashboard_whenAPageOfItIsAsked_thenIndexIsServedAndNeverKept() throws Exception {
        for (String path : new String[] {"/", "/index.html", "/devices/boiler-7"}) {
            HttpResponse<String> page = get(path);

            assertThat(page.body()).as(path).contains("<title>dashboard</title>");
            assertThat(page.headers().firstValue("cache-control")).contains("no-cache");
            assertThat(page.headers().firstValue("content-security-policy").orElseThrow())
                    .contains("script-src 'self';")
                    .doesNotContain("unsafe");
        }
    }

    @Test
    void givenHashedFile_whenAsked_thenItMayBeKeptForEver() throws Exception {
        assertThat(get("/assets/app-abc123.js").headers().firstValue("cache-control"))
                .contains("public, max-age=31536000, immutable");
        assertThat(get("/assets/gone-000000.js").statusCode()).isEqualTo(404);
    }

    @Test
    void givenPathsThatClimb_whenAsked_thenNothingOutsideIsServed() throws Exception {
        for (String path :
                new String[] {"/../logback-test.xml", "/%2e%2e/logback-test.xml", "/assets/..%2f..%2flogback-test.xml"
                }) {
            assertThat(raw(path, "localhost")).as(path).doesNotContain("<configuration>");
        }
    }

    @Test
    void givenConfig_whenAsked_thenItNamesTheIssuer() throws Exception {
        assertThat(get("/config.json").body())
                .isEqualTo("{\"issuer\":\"http://localhost:8080/auth\",\"clientId\":\"heliograph-dashboard\","
                        + "\"apiBase\":\"/api/v1\"}\n");
    }

    @Test
    void givenForeignHostName_whenAsked_thenRefused() throws Exception {
        assertThat(raw("/", "evil.example")).startsWith("HTTP/1.1 421");
    }

    @Test
    void givenOtherNameOfOurs_whenABrowserComes_thenItIsSentToTheNameThatSignInKnows() throws Exception {
        assertThat(raw("/devices?q=1", "127.0.0.1"))
                .startsWith("HTTP/1.1 307")
                .contains("Location: http://localhost:8080/devices?q=1");
    }

    private void connectAll() {
        for (Route route : Route.values()) {
            door.connect(route, serviceUrl());
        }
    }

    private URI serviceUrl() {
        return URI.create("http://127.0.0.1:" + service.getAddress().getPort());
    }

    private HttpResponse<String> get(String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(base.resolve(path))
                .header("Accept", "text/html, application/json")
                .build();
        return http.send(request, BodyHandlers.ofString());
    }

    private String raw(String path, String host) throws IOException {
        try (Socket socket = new Socket(LOOPBACK, door.port())) {
            String request = "GET %s HTTP/1.1\r\nHost: %s\r\nAccept: text/html\r\nConnection: close\r\n\r\n"
                    .formatted(path, host);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    private static String describe(HttpExchange exchange) {
        return "%s %s host=%s proto=%s for=%s"
                .formatted(
                        exchange.getRequestMethod(),
                        exchange.getRequestURI(),
                        exchange.getRequestHeaders().getFirst("Host"),
                        exchange.getRequestHeaders().getFirst("X-Forwarded-Proto"),
                        exchange.getRequestHeaders().getFirst("X-Forwarded-For"));
    }

    private static void answer(HttpExchange exchange, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, body.length);
        try (exchange) {
            exchange.getResponseBody().write(body);
        }
    }

    private void session(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().add("Set-Cookie", "SESSION=secret");
        if ("redirect".equals(exchange.getRequestURI().getQuery())) {
            exchange.getResponseHeaders().add("Location", "/auth/login");
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        } else {
            answer(exchange, "cookie=" + exchange.getRequestHeaders().getFirst("Cookie"));
        }
    }

    private void stream(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        try (exchange) {
            exchange.getResponseBody().write("data: 1\n\n".getBytes(StandardCharsets.US_ASCII));
            exchange.getResponseBody().flush();
            assertThat(streamMayEnd.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
