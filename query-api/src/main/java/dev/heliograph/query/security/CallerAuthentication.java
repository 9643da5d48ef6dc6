package dev.heliograph.query.security;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.oauth2.jwt.Jwt;

/** A verified token; with a {@link Caller} where it says exactly one tenant and a role of ours, else without any right. */
final class CallerAuthentication extends AbstractAuthenticationToken {
    static final String MEMBER = "MEMBER";

    private final Jwt token;
    private final @Nullable Caller caller;

    CallerAuthentication(Jwt token, @Nullable Caller caller) {
        super(caller == null ? List.of() : List.of(new SimpleGrantedAuthority(MEMBER)));
        this.token = token;
        this.caller = caller;
        setAuthenticated(true);
    }

    @Nullable
    Caller caller() {
        return caller;
    }

    @Override
    public Object getCredentials() {
        return token.getTokenValue();
    }

    @Override
    public Object getPrincipal() {
        return caller == null ? token : caller;
    }

    @Override
    public String getName() {
        return caller == null ? "no member" : caller.subject();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
