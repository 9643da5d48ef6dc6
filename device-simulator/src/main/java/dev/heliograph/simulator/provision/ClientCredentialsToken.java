package dev.heliograph.simulator.provision;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.function.Supplier;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * An access token of an OAuth 2.0 issuer by client credentials, asked for again shortly before it expires. The token endpoint
 * comes from the issuer's discovery document.
 */
public final class ClientCredentialsToken implements Supplier<String> {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration EARLY = Duration.ofSeconds(30);
    private static final Duration TIMEOUT = Duration.ofSeconds(15);
    private static final long DEFAULT_LIFETIME_SECONDS = 60;

    private final URI issuer;
    private final String clientId;
    private final String clientSecret;
    private final String tenant;
    private final Clock clock;
    private String token = "";
    private Instant freshUntil = Instant.MIN;

    /**
     * A token of the role {@code admin} in a tenant.
     *
     * @param issuer such as {@code http://localhost:8080/auth}
     */
    public ClientCredentialsToken(URI issuer, String clientId, String clientSecret, String tenant, Clock clock) {
        this.issuer = issuer;
        this.clientId = clientId;
        this.clientSecret = clientSecret;
        this.tenant = tenant;
        this.clock = clock;
    }

    /** @throws ProvisioningException if the issuer gives none */
    @Override
    public synchronized String get() {
        if (!clock.instant().isBefore(freshUntil)) {
            renew();
        }
        return token;
    }

    private void renew() {
        try (HttpClient http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build()) {
            URI discovery = URI.create(issuer.toString().replaceAll("/+$", "") + "/.well-known/openid-configuration");
            JsonNode document =
                    ask(http, HttpRequest.newBuilder(discovery).timeout(TIMEOUT).build());
            JsonNode answer = ask(
                    http, request(URI.create(document.required("token_endpoint").asString())));
            token = answer.required("access_token").asString();
            long lifetimeSeconds = answer.path("expires_in").asLong(DEFAULT_LIFETIME_SECONDS);
            freshUntil = clock.instant().plusSeconds(lifetimeSeconds).minus(EARLY);
        } catch (IOException | JacksonException e) {
            throw new ProvisioningException("no token from " + issuer + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProvisioningException("no token from " + issuer + ": interrupted", e);
        }
    }

    private HttpRequest request(URI endpoint) {
        String basic = Base64.getEncoder()
                .encodeToString((form(clientId) + ":" + form(clientSecret)).getBytes(StandardCharsets.UTF_8));
        String body = "grant_type=client_credentials&role=admin&tenant=" + form(tenant);
        return HttpRequest.newBuilder(endpoint)
                .timeout(TIMEOUT)
                .header("Authorization", "Basic " + basic)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    private static JsonNode ask(HttpClient http, HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException(request.uri() + " was answered by " + answer.statusCode());
        }
        return JSON.readTree(answer.body());
    }

    private static String form(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
