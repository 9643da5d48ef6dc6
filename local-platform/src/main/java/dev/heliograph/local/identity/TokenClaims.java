package dev.heliograph.local.identity;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.core.endpoint.OAuth2ParameterNames;
import org.springframework.security.oauth2.core.oidc.endpoint.OidcParameterNames;
import org.springframework.security.oauth2.server.authorization.OAuth2TokenType;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2ClientCredentialsAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.token.JwtEncodingContext;
import org.springframework.security.oauth2.server.authorization.token.OAuth2TokenCustomizer;

/**
 * What Heliograph's services read in a token: audience, exactly one tenant, roles, a name.
 *
 * <p>A user's come from the settings. A script chooses its own with the request parameters {@code tenant} and {@code role}:
 * whoever knows that client's secret is the administrator of this machine anyway.
 */
final class TokenClaims implements OAuth2TokenCustomizer<JwtEncodingContext> {
    private static final Set<String> ROLES = Set.of("viewer", "operator", "admin");
    private static final Pattern TENANT = Pattern.compile("[a-z0-9][a-z0-9_-]{0,63}");
    private static final String DEFAULT_TENANT = "demo";
    private static final String DEFAULT_ROLE = "viewer";

    private final IdentityProviderSettings settings;

    TokenClaims(IdentityProviderSettings settings) {
        this.settings = settings;
    }

    @Override
    public void customize(JwtEncodingContext context) {
        boolean access = OAuth2TokenType.ACCESS_TOKEN.equals(context.getTokenType());
        if (access) {
            // RFC 9068: an ID token is never mistaken for an access token.
            context.getJwsHeader().type("at+jwt");
            context.getClaims().audience(List.of(settings.audience()));
        }
        if (context.getAuthorizationGrant() instanceof OAuth2ClientCredentialsAuthenticationToken request) {
            describeScript(context, request.getAdditionalParameters());
        } else if (access
                || OidcParameterNames.ID_TOKEN.equals(context.getTokenType().getValue())) {
            Authentication user = Objects.requireNonNull(context.getPrincipal(), "a token without a principal");
            describeUser(context, user.getName());
        }
    }

    private void describeUser(JwtEncodingContext context, String userName) {
        IdentityProviderSettings.User user = settings.users().get(userName);
        if (user == null) {
            throw new IllegalStateException("signed in without being a user: " + userName);
        }
        context.getClaims()
                .claim("tenant", user.tenant())
                .claim("roles", user.roles())
                .claim("preferred_username", userName)
                .claim("name", user.name() == null ? userName : user.name());
    }

    private static void describeScript(JwtEncodingContext context, Map<String, Object> parameters) {
        String role = String.valueOf(parameters.getOrDefault("role", DEFAULT_ROLE));
        String tenant = String.valueOf(parameters.getOrDefault("tenant", DEFAULT_TENANT));
        if (!ROLES.contains(role)) {
            throw refused("role must be viewer, operator or admin");
        }
        if (!TENANT.matcher(tenant).matches()) {
            throw refused("tenant must match " + TENANT);
        }
        String clientId = context.getRegisteredClient().getClientId();
        context.getClaims()
                .claim("tenant", tenant)
                .claim("roles", List.of(role))
                .claim("preferred_username", clientId)
                .claim("name", clientId)
                .claim(OAuth2ParameterNames.CLIENT_ID, clientId);
    }

    private static OAuth2AuthenticationException refused(String description) {
        return new OAuth2AuthenticationException(new OAuth2Error(OAuth2ErrorCodes.INVALID_REQUEST, description, null));
    }
}
