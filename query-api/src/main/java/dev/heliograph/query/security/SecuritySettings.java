package dev.heliograph.query.security;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Which tokens are believed.
 *
 * @param issuer the only issuer, compared as text
 * @param jwkSetUri where its public keys are; asked when the first token comes, so that starting needs no provider
 * @param audience what {@code aud} must contain
 * @param algorithms signature algorithms that are accepted; asymmetric ones only
 * @param tokenTypes accepted values of the header {@code typ}, without {@code application/}; {@code none} stands for absent
 * @param tenantClaim claim that holds the one tenant
 * @param rolesClaim claim that holds the array of roles
 * @param clockSkew how far the clocks of provider and API may differ, at most one minute by sense
 * @param keyCache how long keys are used before they are fetched again
 * @param keyTimeout longest wait for the provider to connect and to answer, each
 * @param keyOutage how long old keys are used when the provider does not answer
 */
@Validated
@ConfigurationProperties("heliograph.query.security")
public record SecuritySettings(
        @NotBlank @DefaultValue("http://localhost:8080/auth")
        String issuer,

        @DefaultValue("http://localhost:8080/auth/oauth2/jwks")
        URI jwkSetUri,

        @NotBlank @DefaultValue("heliograph-api") String audience,
        @NotEmpty @DefaultValue({"RS256", "ES256"}) List<String> algorithms,
        @NotEmpty @DefaultValue({"at+jwt", "JWT", "none"}) List<String> tokenTypes,
        @NotBlank @DefaultValue("tenant") String tenantClaim,
        @NotBlank @DefaultValue("roles") String rolesClaim,
        @DefaultValue("60s") Duration clockSkew,
        @DefaultValue("5m") Duration keyCache,
        @DefaultValue("2s") Duration keyTimeout,
        @DefaultValue("1h") Duration keyOutage) {}
