package dev.heliograph.query.testing;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.function.UnaryOperator;

/** An identity provider of a few lines: a key, its address, and tokens signed with it. */
public final class TestTokens {
    public static final String ISSUER = "https://id.test";
    public static final RSAKey KEY = key("test-key");
    private static final HttpServer SERVER = serve();

    private TestTokens() {}

    /** Where the public key is. */
    public static String jwkSetUri() {
        return "http://127.0.0.1:" + SERVER.getAddress().getPort() + "/jwks";
    }

    public static String of(String tenant, String role) {
        return signed(claims -> claims.claim("tenant", tenant).claim("roles", List.of(role)));
    }

    public static String of(String tenant, String role, String subject) {
        return signed(claims ->
                claims.claim("tenant", tenant).claim("roles", List.of(role)).subject(subject));
    }

    /** A good token of the tenant {@code demo} and an admin, with changes. */
    public static String signed(UnaryOperator<JWTClaimsSet.Builder> changes) {
        return signed(
                new JWSHeader.Builder(JWSAlgorithm.RS256)
                        .keyID("test-key")
                        .type(new JOSEObjectType("at+jwt"))
                        .build(),
                KEY,
                changes);
    }

    public static String signed(JWSHeader header, RSAKey key, UnaryOperator<JWTClaimsSet.Builder> changes) {
        try {
            SignedJWT token = new SignedJWT(header, changes.apply(claims()).build());
            token.sign(new RSASSASigner(key));
            return token.serialize();
        } catch (JOSEException failure) {
            throw new IllegalStateException(failure);
        }
    }

    public static JWTClaimsSet.Builder claims() {
        Instant now = Instant.now();
        return new JWTClaimsSet.Builder()
                .issuer(ISSUER)
                .audience("heliograph-api")
                .subject("user-1")
                .claim("preferred_username", "ana")
                .claim("tenant", "demo")
                .claim("roles", List.of("admin"))
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plusSeconds(600)));
    }

    public static RSAKey key(String id) {
        try {
            return new RSAKeyGenerator(2048).keyID(id).generate();
        } catch (JOSEException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static HttpServer serve() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            byte[] keys = new JWKSet(KEY.toPublicJWK()).toString().getBytes(StandardCharsets.UTF_8);
            server.createContext("/jwks", exchange -> {
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                exchange.sendResponseHeaders(200, keys.length);
                exchange.getResponseBody().write(keys);
                exchange.close();
            });
            server.start();
            return server;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
