package dev.heliograph.query.refusals;

import static dev.heliograph.query.refusals.Refusal.closedAfter;
import static dev.heliograph.query.refusals.Refusal.refused;
import static dev.heliograph.query.refusals.Refusal.refusedParameter;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.heliograph.query.testing.RawHttp;
import dev.heliograph.query.testing.TestApi;
import dev.heliograph.query.testing.TestApi.Answer;
import dev.heliograph.query.testing.TestTokens;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** R1 to R6, R8, R26, R27, R36: who asks, and from where. */
final class DoorRefusals {
    private static final String ME = "/api/v1/me";
    private final TestApi api;
    private final List<Refusal> rows = new ArrayList<>();

    DoorRefusals(TestApi api) {
        this.api = api;
    }

    List<Refusal> rows() throws JOSEException {
        tokensInTheWrongPlace();
        forgedTokens();
        wrongClaims();
        rights();
        tenants();
        headersOfOthers();
        origins();
        insides();
        return rows;
    }

    private void add(String number, String what, Refusal.Trial trial) {
        rows.add(new Refusal(number, what, trial));
    }

    private void tokensInTheWrongPlace() {
        String token = TestTokens.of("door", "admin");
        add("R1", "no token", () -> unauthorized(api.get(ME, null)));
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("empty", "Bearer ");
        headers.put("nothing behind it", "Bearer");
        headers.put("two tokens in one", "Bearer " + token + " " + token);
        headers.put("basic", "Basic dXNlcjpwYXNz");
        headers.put("no scheme", token);
        headers.forEach((name, value) -> add(
                "R1",
                "header " + name,
                () -> unauthorized(api.send("GET", ME, null, null, Map.of("Authorization", value)))));
        add("R1", "token in the query", () -> unauthorized(api.get(ME + "?access_token=" + token, null)));
        add(
                "R1",
                "token in the query beside one in the header",
                () -> refusedParameter(api.get(ME + "?access_token=" + token, token), "access_token"));
        add("R1", "two headers", () -> {
            var answer = RawHttp.send(
                    api.port,
                    "GET " + ME + " HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + token
                            + "\r\nAuthorization: Bearer " + token + "\r\nConnection: close\r\n\r\n");
            closedAfter(answer, 401);
            assertThat(answer.text()).contains("WWW-Authenticate: Bearer");
        });
    }

    private void forgedTokens() throws JOSEException {
        RSAKey stranger = TestTokens.key("test-key");
        Map<String, String> bad = new LinkedHashMap<>();
        bad.put("alg none", new PlainJWT(TestTokens.claims().build()).serialize());
        bad.put("HS256 with the public key", confused());
        bad.put("a stranger's key under our id", signed(header().keyID("test-key"), stranger));
        for (String id : List.of("../../../dev/null", "x' UNION SELECT 'key", "https://evil.example/key", "")) {
            bad.put("kid " + id, signed(header().keyID(id), stranger));
        }
        URI elsewhere = URI.create("https://evil.example/keys");
        bad.put("jku", signed(header().keyID("test-key").jwkURL(elsewhere), stranger));
        bad.put("x5u", signed(header().keyID("test-key").x509CertURL(elsewhere), stranger));
        bad.put("embedded jwk", signed(header().jwk(stranger.toPublicJWK()), stranger));
        bad.put(
                "PS256, which is not on the list",
                TestTokens.signed(
                        new JWSHeader.Builder(JWSAlgorithm.PS256)
                                .keyID("test-key")
                                .build(),
                        TestTokens.KEY,
                        claims -> claims));
        bad.put("9 KB", "x".repeat(9_000));
        bad.forEach((name, token) -> add("R2", name, () -> unauthorized(api.get(ME, token))));
    }

    private void wrongClaims() {
        Map<String, String> bad = new LinkedHashMap<>();
        bad.put("issuer", TestTokens.signed(claims -> claims.issuer("https://id.test/")));
        bad.put("issuer missing", TestTokens.signed(claims -> claims.issuer(null)));
        bad.put("audience", TestTokens.signed(claims -> claims.audience("another")));
        bad.put("audience missing", TestTokens.signed(claims -> claims.audience((String) null)));
        bad.put("expired 61 s ago", TestTokens.signed(claims -> claims.expirationTime(in(-61))));
        bad.put("exp missing", TestTokens.signed(claims -> claims.expirationTime(null)));
        bad.put("nbf in the future", TestTokens.signed(claims -> claims.notBeforeTime(in(70))));
        bad.put("iat in the future", TestTokens.signed(claims -> claims.issueTime(in(86_400))));
        bad.forEach((name, token) -> add("R3", name, () -> unauthorized(api.get(ME, token))));
        add(
                "R4",
                "ID token: the client is its audience",
                () -> unauthorized(api.get(
                        ME,
                        TestTokens.signed(
                                header().keyID("test-key")
                                        .type(JOSEObjectType.JWT)
                                        .build(),
                                TestTokens.KEY,
                                claims ->
                                        claims.audience("heliograph-dashboard").claim("nonce", "n")))));
        for (String type : List.of("logout+jwt", "dpop+jwt", "secevent+jwt", "application/logout+jwt")) {
            add(
                    "R4",
                    "typ " + type,
                    () -> unauthorized(api.get(
                            ME, signed(header().keyID("test-key").type(new JOSEObjectType(type)), TestTokens.KEY))));
        }
    }

    private void rights() {
        for (String role : List.of("viewer", "operator")) {
            String token = TestTokens.of("door", role);
            add("R5", role + " registers a device, body unread", () -> {
                refused(api.post("/api/v1/devices:register", token, "no JSON"), 403, "forbidden");
                refused(api.put("/api/v1/devices/d", token, "no JSON"), 403, "forbidden");
                refused(api.delete("/api/v1/devices/d", token), 403, "forbidden");
                refused(api.post("/api/v1/devices/d/credentials", token, ""), 403, "forbidden");
                refused(api.put("/api/v1/sites/s", token, "{}"), 403, "forbidden");
                refused(api.put("/api/v1/metrics/m", token, "{}"), 403, "forbidden");
            });
        }
        String viewer = TestTokens.of("door", "viewer");
        add("R5", "viewer writes a rule", () -> refused(api.post("/api/v1/rules", viewer, "{}"), 403, "forbidden"));
        add("R5", "roles that are none, or no list", () -> {
            for (Object roles : List.of("admin", List.of(), List.of("root", "ADMIN"), List.of(List.of("admin")), 7)) {
                refused(api.get(ME, TestTokens.signed(claims -> claims.claim("roles", roles))), 403, "forbidden");
            }
            refused(api.get(ME, TestTokens.signed(claims -> claims.claim("roles", null))), 403, "forbidden");
        });
    }

    private void tenants() {
        Map<String, @Nullable Object> bad = new LinkedHashMap<>();
        bad.put("missing", null);
        bad.put("empty", "");
        bad.put("array of one", List.of("demo"));
        bad.put("two", List.of("demo", "other"));
        bad.put("star", "*");
        bad.put("other case", "Demo");
        bad.put("number", 7);
        bad.put("path", "demo/../other");
        bad.put("object", Map.of("id", "demo"));
        bad.put("blank behind", "demo ");
        bad.forEach((name, tenant) -> add(
                "R6",
                "tenant claim " + name,
                () -> refused(
                        api.get(ME, TestTokens.signed(claims -> claims.claim("tenant", tenant))), 403, "forbidden")));
        // A tenant is what the identity provider says it is; one that has stored nothing has nothing to see.
        add("R6", "tenant that nobody has heard of sees nothing", () -> {
            Answer devices = api.get("/api/v1/devices", TestTokens.of("never-heard-of", "viewer"));
            assertThat(devices.json().path("total").asInt(-1)).isZero();
        });
    }

    private void headersOfOthers() {
        String token = TestTokens.of("door", "viewer");
        for (var header : Map.of(
                        "X-Tenant-Id", "victim",
                        "X-Forwarded-For", "127.0.0.1",
                        "X-Forwarded-Host", "evil.example",
                        "X-Forwarded-Prefix", "/evil",
                        "X-Original-URL", "/api/v1/devices",
                        "X-Rewrite-URL", "/api/v1/devices",
                        "X-HTTP-Method-Override", "DELETE",
                        "X-User", "root")
                .entrySet()) {
            add("R8", header.getKey() + " is ignored", () -> {
                Answer with = api.send("GET", ME, token, null, Map.of(header.getKey(), header.getValue()));
                assertThat(with.status()).isEqualTo(200);
                assertThat(with.json().path("tenant"))
                        .isEqualTo(api.get(ME, token).json().path("tenant"));
            });
        }
        add("R8", "X-Forwarded-Host does not reach Location", () -> {
            Answer created = api.send(
                    "PUT",
                    "/api/v1/devices/forwarded",
                    TestTokens.of("door", "admin"),
                    "{}",
                    Map.of("X-Forwarded-Host", "evil.example", "X-HTTP-Method-Override", "DELETE"));
            assertThat(created.status()).as(created.body()).isIn(200, 201, 428);
            assertThat(String.valueOf(created.header("Location"))).doesNotContain("evil");
        });
    }

    private void origins() {
        String token = TestTokens.of("door", "viewer");
        for (String origin : List.of(
                "https://evil.example", "null", "https://app.example.com.evil", "http://127.0.0.1:" + api.port)) {
            add("R26", "origin " + origin, () -> {
                for (String method : List.of("GET", "OPTIONS")) {
                    Answer answer = api.send(
                            method,
                            ME,
                            token,
                            null,
                            Map.of("Origin", origin, "Access-Control-Request-Method", "DELETE"));
                    assertThat(answer.response().headers().map().keySet())
                            .noneMatch(name ->
                                    name.toLowerCase(java.util.Locale.ROOT).startsWith("access-control-"));
                }
            });
        }
        add("R27", "token in a cookie", () -> {
            Answer answer = api.send(
                    "POST",
                    "/api/v1/rules",
                    null,
                    "{}",
                    Map.of("Cookie", "access_token=" + token + "; JSESSIONID=1; SESSION=1"));
            unauthorized(answer);
            assertThat(answer.header("Set-Cookie")).isNull();
        });
        add(
                "R27",
                "no answer sets a cookie",
                () -> assertThat(api.get(ME, token).header("Set-Cookie")).isNull());
    }

    private void insides() {
        String admin = TestTokens.of("door", "admin");
        for (String path : List.of(
                "/actuator",
                "/actuator/health",
                "/actuator/env",
                "/actuator/heapdump",
                "/actuator/prometheus",
                "/error",
                "/h2-console",
                "/v3/api-docs",
                "/swagger-ui/index.html")) {
            add("R36", path, () -> {
                refused(api.get(path, admin), 404, "not-found");
                unauthorized(api.get(path, null));
            });
        }
    }

    private static void unauthorized(Answer answer) {
        refused(answer, 401, "unauthorized");
        assertThat(answer.header("WWW-Authenticate")).startsWith("Bearer");
    }

    private static JWSHeader.Builder header() {
        return new JWSHeader.Builder(JWSAlgorithm.RS256).type(new JOSEObjectType("at+jwt"));
    }

    private static String signed(JWSHeader.Builder header, RSAKey key) {
        return TestTokens.signed(header.build(), key, claims -> claims);
    }

    private static String confused() throws JOSEException {
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("test-key").build(),
                TestTokens.claims().build());
        token.sign(new MACSigner(TestTokens.KEY.toRSAPublicKey().getEncoded()));
        return token.serialize();
    }

    private static Date in(long seconds) {
        return Date.from(Instant.now().plusSeconds(seconds));
    }
}
