package dev.heliograph.local.identity;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of the identity provider, prefix {@code heliograph.identity}.
 *
 * @param issuer the address that tokens bear, as browsers reach it, ending in the context path {@code /auth}
 * @param audience the audience of access tokens
 * @param accessTokenLifetime how long an access token is good for, 1 minute to 1 day
 * @param signingKeyFile where the RSA signing key is kept, made up at first use; without it a key that dies with the
 *     process, so that a restart signs everybody out
 * @param dashboardRedirectUris where the dashboard may receive a code; the issuer's origin plus {@code /auth-callback}
 *     if none are given
 * @param cli the client that scripts use
 * @param users who may sign in, by user name
 */
@Validated
@ConfigurationProperties("heliograph.identity")
public record IdentityProviderSettings(
        @NotNull @DefaultValue("http://localhost:9000/auth") URI issuer,
        @NotBlank @DefaultValue("heliograph-api") String audience,

        @DurationMin(minutes = 1) @DurationMax(days = 1) @DefaultValue("60m")
        Duration accessTokenLifetime,

        @Nullable Path signingKeyFile,
        @DefaultValue List<URI> dashboardRedirectUris,
        @Valid @Nullable Cli cli,
        @DefaultValue Map<String, @Valid User> users) {

    /** Refuses an issuer that browsers could not use. */
    public IdentityProviderSettings {
        if (!issuer.isAbsolute() || issuer.getRawQuery() != null || issuer.getRawFragment() != null) {
            throw new IllegalArgumentException("issuer must be an absolute URL without query, was " + issuer);
        }
        if (dashboardRedirectUris.isEmpty()) {
            dashboardRedirectUris = List.of(issuer.resolve("/auth-callback"));
        }
        dashboardRedirectUris = List.copyOf(dashboardRedirectUris);
        users = Map.copyOf(users);
    }

    /**
     * The client {@code heliograph-cli}: a token of any tenant and role for whoever knows the secret.
     *
     * @param secret the secret itself
     * @param secretFile a file that holds it; used when {@code secret} is absent
     */
    public record Cli(@Nullable String secret, @Nullable Path secretFile) {

        /** The secret, wherever it comes from. */
        public String secretValue() {
            return valueOf("heliograph.identity.cli.secret", secret, secretFile);
        }
    }

    /**
     * One user.
     *
     * @param name shown on screens; the user name if absent
     * @param password the password itself
     * @param passwordFile a file that holds it; used when {@code password} is absent
     * @param tenant whose data the user sees
     * @param roles what the user may do: {@code viewer}, {@code operator}, {@code admin}
     */
    public record User(
            @Nullable String name,
            @Nullable String password,
            @Nullable Path passwordFile,

            @NotNull @Pattern(regexp = "[a-z0-9][a-z0-9_-]{0,63}")
            String tenant,

            @NotEmpty List<@Pattern(regexp = "viewer|operator|admin") String> roles) {

        /** The password, wherever it comes from. */
        public String passwordValue(String userName) {
            return valueOf("heliograph.identity.users." + userName + ".password", password, passwordFile);
        }
    }

    private static String valueOf(String setting, @Nullable String value, @Nullable Path file) {
        if (value != null && !value.isBlank()) {
            return value;
        }
        if (file == null) {
            throw new IllegalStateException("set " + setting + " or " + setting + "-file");
        }
        try {
            return Files.readString(file).strip();
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot read " + file + " of " + setting + "-file", failure);
        }
    }
}
