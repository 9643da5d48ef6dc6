package dev.heliograph.systemtests.faults.plant;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWK;
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
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.List;

/** An identity provider in this process: its keys, its address, and tokens for any tenant. */
public final class Issuer implements AutoCloseable {
    private static final int KEY_BITS = 2048;

    private final RSAKey key = newKey("faults");
    private final RSAKey nextKey = newKey("faults-next");
    private volatile boolean nextKeyIsKnown;
    private HttpServer server;
    private String address;

    public Issuer() {
        server = serve(0);
        address = "http://127.0.0.1:" + port();
    }

    private static RSAKey newKey(String id) {
        try {
            return new RSAKeyGenerator(KEY_BITS).keyID(id).generate();
        } catch (JOSEException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private byte[] keys() {
        List<JWK> published =
                nextKeyIsKnown ? List.of(key.toPublicJWK(), nextKey.toPublicJWK()) : List.of(key.toPublicJWK());
        return new JWKSet(published).toString().getBytes(StandardCharsets.UTF_8);
    }

    private HttpServer serve(int port) {
        try {
            HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 16);
            http.createContext("/jwks", exchange -> {
                byte[] keys = keys();
                exchange.getResponseHeaders().add("Content-Type", "application/json");
                exchange.sendResponseHeaders(200, keys.length);
                exchange.getResponseBody().write(keys);
                exchange.close();
            });
            http.start();
            return http;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    String address() {
        return address;
    }

    int port() {
        return server.getAddress().getPort();
    }

    /** Services find it there, and tokens say so. */
    void isReachedAt(String host, int port) {
        address = "http://" + host + ":" + port;
    }

    /** From now on it has a second key; whoever wants to believe {@link #tokenByNextKey} must ask for it. */
    public void addKey() {
        nextKeyIsKnown = true;
    }

    /** Does not answer any more. */
    public void stop() {
        server.stop(0);
    }

    /** Answers again, at the same address, with the same key. */
    public void resume() {
        server = serve(port());
    }

    /** An access token of a user of this tenant, good for an hour. */
    public String token(String tenant, String role) {
        return token(tenant, role, key);
    }

    /** The same by a key that came later. */
    public String tokenByNextKey(String tenant, String role) {
        return token(tenant, role, nextKey);
    }

    private String token(String tenant, String role, RSAKey by) {
        Instant now = Instant.now();
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .issuer(address())
                .audience("heliograph-api")
                .subject("faults-" + role)
                .claim("tenant", tenant)
                .claim("roles", List.of(role))
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(1, ChronoUnit.HOURS)))
                .build();
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256)
                        .type(new JOSEObjectType("at+jwt"))
                        .keyID(by.getKeyID())
                        .build(),
                claims);
        try {
            token.sign(new RSASSASigner(by));
        } catch (JOSEException failure) {
            throw new IllegalStateException(failure);
        }
        return token.serialize();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
