package dev.heliograph.query.security;

import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import java.net.MalformedURLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidatorResult;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;

/** Builds the decoder that believes only what {@link SecuritySettings} allow. */
public final class Tokens {
    private static final int MAX_KEY_SET_BYTES = 100_000;
    private static final int MAX_TOKEN_CHARACTERS = 8_192;
    private static final long KEY_REFRESH_TIMEOUT_MILLIS = 5_000;
    private static final long KEY_FETCH_INTERVAL_MILLIS = 10_000;

    private Tokens() {}

    /** A decoder with the keys of the configured address. */
    public static JwtDecoder decoder(SecuritySettings settings, Clock clock) {
        return decoder(settings, keys(settings), clock);
    }

    /** A decoder with the given keys. */
    static JwtDecoder decoder(SecuritySettings settings, JWKSource<SecurityContext> keys, Clock clock) {
        NimbusJwtDecoder nimbus = NimbusJwtDecoder.withJwkSource(keys)
                .jwsAlgorithms(allowed -> allowed.addAll(algorithms(settings)))
                // Types are checked below, by name and with the absent one.
                .jwtProcessorCustomizer(processor -> processor.setJWSTypeVerifier((type, context) -> {}))
                .build();
        nimbus.setJwtValidator(validators(settings, clock));
        return token -> {
            if (token.length() > MAX_TOKEN_CHARACTERS) {
                throw new BadJwtException("token too long");
            }
            try {
                return nimbus.decode(token);
            } catch (JwtException failure) {
                throw failure instanceof BadJwtException ? failure : withoutKey(failure);
            }
        };
    }

    // An unknown key id makes the keys be fetched again, but not at the rate of whoever invents key ids.
    private static JwtException withoutKey(JwtException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof RateLimitReachedException) {
                return new BadJwtException("no such key", failure);
            }
        }
        return failure;
    }

    private static Set<SignatureAlgorithm> algorithms(SecuritySettings settings) {
        return settings.algorithms().stream()
                .map(name -> {
                    SignatureAlgorithm algorithm = SignatureAlgorithm.from(name);
                    if (algorithm == null) {
                        throw new IllegalArgumentException(
                                "heliograph.query.security.algorithms may name RSA and EC signatures, not " + name);
                    }
                    return algorithm;
                })
                .collect(Collectors.toSet());
    }

    private static JWKSource<SecurityContext> keys(SecuritySettings settings) {
        int timeout = Math.toIntExact(settings.keyTimeout().toMillis());
        try {
            return JWKSourceBuilder.create(
                            settings.jwkSetUri().toURL(),
                            new DefaultResourceRetriever(timeout, timeout, MAX_KEY_SET_BYTES))
                    .cache(settings.keyCache().toMillis(), KEY_REFRESH_TIMEOUT_MILLIS)
                    .rateLimited(KEY_FETCH_INTERVAL_MILLIS)
                    .refreshAheadCache(false)
                    .outageTolerant(settings.keyOutage().toMillis())
                    .build();
        } catch (MalformedURLException notAnAddress) {
            throw new IllegalArgumentException(
                    "heliograph.query.security.jwk-set-uri must be a URL, was " + settings.jwkSetUri(), notAnAddress);
        }
    }

    private static OAuth2TokenValidator<Jwt> validators(SecuritySettings settings, Clock clock) {
        JwtTimestampValidator times = new JwtTimestampValidator(settings.clockSkew());
        times.setClock(clock);
        List<OAuth2TokenValidator<Jwt>> all = new ArrayList<>();
        all.add(times);
        all.add(token -> check(token.getExpiresAt() != null, "exp is required"));
        all.add(token -> check(issuedInThePast(token, settings, clock), "iat is in the future"));
        all.add(token -> check(settings.issuer().equals(token.getClaims().get("iss")), "iss is not ours"));
        all.add(token -> check(hasAudience(token, settings), "aud is not ours"));
        all.add(token -> check(settings.tokenTypes().contains(type(token)), "typ is not accepted"));
        return new DelegatingOAuth2TokenValidator<>(all);
    }

    private static boolean issuedInThePast(Jwt token, SecuritySettings settings, Clock clock) {
        return token.getIssuedAt() == null
                || !token.getIssuedAt().isAfter(clock.instant().plus(settings.clockSkew()));
    }

    private static boolean hasAudience(Jwt token, SecuritySettings settings) {
        List<String> audience = token.getAudience();
        return audience != null && audience.contains(settings.audience());
    }

    private static String type(Jwt token) {
        Object type = token.getHeaders().get("typ");
        if (type == null) {
            return "none";
        }
        String name = type.toString();
        String prefix = "application/";
        return name.toLowerCase(Locale.ROOT).startsWith(prefix) ? name.substring(prefix.length()) : name;
    }

    private static OAuth2TokenValidatorResult check(boolean holds, String otherwise) {
        return holds
                ? OAuth2TokenValidatorResult.success()
                : OAuth2TokenValidatorResult.failure(new OAuth2Error("invalid_token", otherwise, null));
    }
}
