package dev.heliograph.query.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.heliograph.query.testing.TestApi;
import dev.heliograph.query.testing.TestApi.Answer;
import dev.heliograph.query.testing.TestTokens;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the door refuses, by the names of the catalogue of bad input. */
class SecurityTest {
    private final TestApi api = TestApi.shared();

    static Stream<Arguments> badTokens() throws JOSEException {
        RSAKey stranger = TestTokens.key("test-key");
        Map<String, String> bad = new LinkedHashMap<>();
        bad.put("R2 alg none", new PlainJWT(TestTokens.claims().build()).serialize());
        bad.put("R2 HS256 with the public key", confused());
        bad.put("R2 strange key, known id", TestTokens.signed(header("test-key"), stranger, claims -> claims));
        bad.put("R2 unknown key id", TestTokens.signed(header("../../etc/passwd"), stranger, claims -> claims));
        bad.put(
                "R2 embedded key",
                TestTokens.signed(
                        new JWSHeader.Builder(JWSAlgorithm.RS256)
                                .jwk(stranger.toPublicJWK())
                                .type(new JOSEObjectType("at+jwt"))
                                .build(),
                        stranger,
                        claims -> claims));
        bad.put(
                "R2 PS256 is not allowed",
                TestTokens.signed(
                        new JWSHeader.Builder(JWSAlgorithm.PS256)
                                .keyID("test-key")
                                .build(),
                        TestTokens.KEY,
                        claims -> claims));
        bad.put("R3 issuer", TestTokens.signed(claims -> claims.issuer("https://id.test/")));
        bad.put("R3 audience", TestTokens.signed(claims -> claims.audience("another")));
        bad.put("R3 no audience", TestTokens.signed(claims -> claims.audience((String) null)));
        bad.put("R3 expired", TestTokens.signed(claims -> claims.expirationTime(in(-61))));
        bad.put("R3 no expiry", TestTokens.signed(claims -> claims.expirationTime(null)));
        bad.put("R3 not yet", TestTokens.signed(claims -> claims.notBeforeTime(in(70))));
        bad.put("R3 issued in the future", TestTokens.signed(claims -> claims.issueTime(in(300))));
        bad.put(
                "R4 another type",
                TestTokens.signed(
                        new JWSHeader.Builder(JWSAlgorithm.RS256)
                                .keyID("test-key")
                                .type(new JOSEObjectType("logout+jwt"))
                                .build(),
                        TestTokens.KEY,
                        claims -> claims));
        bad.put("not a token", "abc");
        bad.put("too long", "a".repeat(9_000) + ".b.c");
        return bad.entrySet().stream().map(entry -> Arguments.of(entry.getKey(), entry.getValue()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badTokens")
    void givenBadToken_whenCalled_then401(String name, String token) {
        Answer answer = api.get("/api/v1/me", token);

        assertThat(answer.status()).as(answer.body()).isEqualTo(401);
        assertThat(answer.header("WWW-Authenticate")).startsWith("Bearer");
        assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
        assertThat(answer.json().path("requestId").asString()).isEqualTo(answer.header("X-Request-Id"));
    }

    static Stream<Arguments> badTenants() {
        Map<String, Object> bad = new LinkedHashMap<>();
        bad.put("empty", "");
        bad.put("array", List.of("demo"));
        bad.put("two", List.of("demo", "other"));
        bad.put("star", "*");
        bad.put("case", "Demo");
        bad.put("number", 7);
        bad.put("path", "demo/../other");
        bad.put("object", Map.of("id", "demo"));
        return bad.entrySet().stream().map(entry -> Arguments.of(entry.getKey(), entry.getValue()));
    }

    @ParameterizedTest(name = "R6 {0}")
    @MethodSource("badTenants")
    void givenTenantThatIsNotExactlyOne_whenCalled_then403(String name, Object tenant) {
        assertThat(api.get("/api/v1/me", TestTokens.signed(claims -> claims.claim("tenant", tenant)))
                        .status())
                .isEqualTo(403);
    }

    @Test
    void givenNoTenantOrNoKnownRole_whenCalled_then403() {
        assertThat(List.of(
                        TestTokens.signed(claims -> claims.claim("tenant", null)),
                        TestTokens.signed(claims -> claims.claim("roles", null)),
                        TestTokens.signed(claims -> claims.claim("roles", "admin")),
                        TestTokens.signed(claims -> claims.claim("roles", List.of("root", "ADMIN"))),
                        TestTokens.signed(claims -> claims.claim("roles", List.of()))))
                .allSatisfy(token ->
                        assertThat(api.get("/api/v1/me", token).status()).isEqualTo(403));
    }

    @Test
    void givenTokenElsewhereOrTwice_whenCalled_then401() throws IOException {
        String token = TestTokens.of("door", "admin");

        assertThat(api.send("GET", "/api/v1/me", null, null, Map.of()).status()).isEqualTo(401);
        assertThat(api.send("GET", "/api/v1/me?access_token=" + token, null, null, Map.of())
                        .status())
                .isEqualTo(401);
        assertThat(api.send("GET", "/api/v1/me", null, null, Map.of("Authorization", "Bearer "))
                        .status())
                .isEqualTo(401);
        assertThat(raw("GET /api/v1/me HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + token
                        + "\r\nAuthorization: Bearer " + token + "\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 401");
    }

    @ParameterizedTest
    @ValueSource(strings = {"viewer", "operator"})
    void givenLesserRole_whenAdministering_then403BeforeTheBodyIsRead(String role) {
        String token = TestTokens.of("roles", role);

        assertThat(List.of(
                        api.put("/api/v1/devices/d", token, "no JSON"),
                        api.delete("/api/v1/devices/d", token),
                        api.post("/api/v1/devices:register", token, "{}"),
                        api.post("/api/v1/devices/d/credentials", token, ""),
                        api.delete("/api/v1/devices/d/credentials", token),
                        api.put("/api/v1/sites/s", token, "{}"),
                        api.put("/api/v1/metrics/m", token, "{}")))
                .allSatisfy(answer -> assertThat(answer.status()).isEqualTo(403));
        if (role.equals("viewer")) {
            assertThat(api.post("/api/v1/rules", token, "{}").status()).isEqualTo(403);
            assertThat(api.post("/api/v1/data:backfill", token, "{}").status()).isEqualTo(403);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/..;/v1/devices:register",
                "/api/v1/%2e%2e/v1/devices:register",
                "/api//v1/devices:register",
                "/api/v1/devices:register;jsessionid=1",
                "/api/v1/devices:register%00",
                "/api/v1/devices%3Aregister",
                "/api/v1\\devices:register",
                "/api%2fv1/devices:register",
                "/api/v1/devices:register/",
                "/api/v1/devices:register.",
                "/API/v1/devices:register",
                "/actuator/health",
                "/error"
            })
    void givenOtherSpellingOfAPath_whenAViewerCallsIt_thenItIsRefusedOrNotThere(String path) throws IOException {
        String token = TestTokens.of("spelling", "viewer");

        String answer = raw("POST " + path + " HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + token
                + "\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}");

        assertThat(answer).matches("(?s)HTTP/1.1 (400|403|404|405) .*");
        assertThat(answer).doesNotContain("Tomcat", "Apache");
    }

    @Test
    void givenWrongMethodTypeOrSize_whenCalled_then405And406And415And413() throws IOException {
        String token = TestTokens.of("kinds", "admin");

        Answer method = api.send("PATCH", "/api/v1/devices", token, null, Map.of());
        assertThat(method.status()).isEqualTo(405);
        assertThat(method.header("Allow")).contains("GET");
        assertThat(api.send("GET", "/api/v1/me", token, null, Map.of("Accept", "image/png"))
                        .status())
                .isEqualTo(406);
        for (String type :
                List.of("text/plain", "application/xml", "multipart/form-data", "application/x-www-form-urlencoded")) {
            assertThat(api.send("PUT", "/api/v1/devices/d", token, "{}", Map.of("Content-Type", type))
                            .status())
                    .as(type)
                    .isEqualTo(415);
        }
        assertThat(api.send("PUT", "/api/v1/devices/d", token, "{}", Map.of("Content-Encoding", "gzip"))
                        .status())
                .isEqualTo(415);
        String large = "{\"name\":\"" + "x".repeat(1_100_000) + "\"}";
        assertThat(api.put("/api/v1/devices/d", token, large).status()).isEqualTo(413);
        assertThat(api.get("/api/v1/nothing", token).status()).isEqualTo(404);
        assertThat(raw("TRACE /api/v1/me HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
                .matches("(?s)HTTP/1.1 (400|401|405) .*");
    }

    @Test
    void givenForeignOrigin_whenAsked_thenNoHeaderLetsItRead() {
        Answer answer = api.send(
                "GET", "/api/v1/me", TestTokens.of("cors", "viewer"), null, Map.of("Origin", "https://evil.example"));

        assertThat(answer.header("Access-Control-Allow-Origin")).isNull();
        assertThat(answer.header("Cache-Control")).contains("no-store");
        assertThat(answer.header("X-Frame-Options")).isEqualTo("DENY");
    }

    private String raw(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), api.port)) {
            OutputStream out = socket.getOutputStream();
            out.write(request.getBytes(StandardCharsets.US_ASCII));
            out.flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static JWSHeader header(String keyId) {
        return new JWSHeader.Builder(JWSAlgorithm.RS256)
                .keyID(keyId)
                .type(new JOSEObjectType("at+jwt"))
                .build();
    }

    private static String confused() throws JOSEException {
        JWTClaimsSet claims = TestTokens.claims().build();
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("test-key").build(), claims);
        byte[] publicKey = TestTokens.KEY.toRSAPublicKey().getEncoded();
        token.sign(new MACSigner(Arrays.copyOf(publicKey, publicKey.length)));
        return token.serialize();
    }

    private static Date in(long seconds) {
        return Date.from(Instant.now().plusSeconds(seconds));
    }
}
