package dev.heliograph.query.security;

import dev.heliograph.model.id.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.core.convert.converter.Converter;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.oauth2.jwt.Jwt;

/** Reads the caller out of a verified token. Whatever is not exactly one tenant and at least one known role is nobody. */
final class CallerConverter implements Converter<Jwt, AbstractAuthenticationToken> {
    private static final int MAX_NAME = 200;

    private final SecuritySettings settings;

    CallerConverter(SecuritySettings settings) {
        this.settings = settings;
    }

    @Override
    public AbstractAuthenticationToken convert(Jwt token) {
        return new CallerAuthentication(token, caller(token).orElse(null));
    }

    private Optional<Caller> caller(Jwt token) {
        Instant expiresAt = token.getExpiresAt();
        String subject = token.getSubject();
        if (expiresAt == null || subject == null || subject.isEmpty()) {
            return Optional.empty();
        }
        return tenant(token)
                .flatMap(tenant ->
                        role(token).map(role -> new Caller(subject, name(token, subject), tenant, role, expiresAt)));
    }

    private Optional<TenantId> tenant(Jwt token) {
        @Nullable Object claim = token.getClaims().get(settings.tenantClaim());
        return claim instanceof String text ? TenantId.parse(text) : Optional.empty();
    }

    private Optional<Role> role(Jwt token) {
        @Nullable Object claim = token.getClaims().get(settings.rolesClaim());
        if (!(claim instanceof List<?> roles)) {
            return Optional.empty();
        }
        return roles.stream()
                .filter(String.class::isInstance)
                .flatMap(role -> Role.ofClaim((String) role).stream())
                .max(Role::compareTo);
    }

    private static String name(Jwt token, String subject) {
        @Nullable Object claim = token.getClaims().get("preferred_username");
        String name = claim instanceof String text && !text.isBlank() ? text : subject;
        return name.length() <= MAX_NAME ? name : name.substring(0, MAX_NAME);
    }
}
