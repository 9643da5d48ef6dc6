package dev.heliograph.query.security;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.security.oauth2.server.resource.web.BearerTokenResolver;

/** Takes the token from the one header where it belongs: never from the query, never the first of several. */
final class OneBearerToken implements BearerTokenResolver {
    private static final Pattern BEARER = Pattern.compile("[Bb]earer ([A-Za-z0-9\\-._~+/]+=*)");

    @Override
    public @Nullable String resolve(HttpServletRequest request) {
        List<String> headers = Collections.list(request.getHeaders(HttpHeaders.AUTHORIZATION));
        if (headers.isEmpty()) {
            return null;
        }
        if (headers.size() > 1) {
            throw new InvalidBearerTokenException("more than one Authorization header");
        }
        var match = BEARER.matcher(headers.getFirst());
        if (!match.matches()) {
            throw new InvalidBearerTokenException("not a bearer token");
        }
        return match.group(1);
    }
}
