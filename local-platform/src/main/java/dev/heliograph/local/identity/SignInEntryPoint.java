package dev.heliograph.local.identity;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.core.endpoint.OAuth2ParameterNames;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AuthorizationCodeRequestAuthenticationToken;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.authentication.LoginUrlAuthenticationEntryPoint;
import org.springframework.web.util.UriComponentsBuilder;

/**
 * Sends a browser that is not signed in to the form; or back with {@code login_required} when the dashboard asked with
 * {@code prompt=none}, as OpenID Connect Core 3.1.2.6 has it.
 */
final class SignInEntryPoint implements AuthenticationEntryPoint {
    /** Set by the filter that validates a request before anybody is asked to sign in; so the address is a known one. */
    private static final String VALIDATED_REQUEST = OAuth2AuthorizationCodeRequestAuthenticationToken.class.getName();

    private final AuthenticationEntryPoint form = new LoginUrlAuthenticationEntryPoint("/login");

    @Override
    public void commence(HttpServletRequest request, HttpServletResponse response, AuthenticationException reason)
            throws IOException, ServletException {
        if (request.getAttribute(VALIDATED_REQUEST) instanceof OAuth2AuthorizationCodeRequestAuthenticationToken asked
                && asked.getRedirectUri() != null
                && "none".equals(request.getParameter("prompt"))) {
            response.sendRedirect(loginRequired(asked, asked.getRedirectUri()));
        } else {
            form.commence(request, response, reason);
        }
    }

    private static String loginRequired(OAuth2AuthorizationCodeRequestAuthenticationToken asked, String redirectUri) {
        UriComponentsBuilder answer = UriComponentsBuilder.fromUriString(redirectUri)
                .queryParam(OAuth2ParameterNames.ERROR, "login_required");
        if (asked.getState() != null) {
            answer.queryParam(OAuth2ParameterNames.STATE, "{state}");
            return answer.encode().buildAndExpand(asked.getState()).toUriString();
        }
        return answer.encode().build().toUriString();
    }
}
