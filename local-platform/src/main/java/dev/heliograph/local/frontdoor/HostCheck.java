package dev.heliograph.local.frontdoor;

import java.util.Set;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Answers to its own names only, so that a web page elsewhere cannot reach a local platform through a name that it lets
 * resolve to this machine. A browser that comes by another of our names is sent to the one that sign-in knows.
 */
final class HostCheck extends Handler.Wrapper {
    private static final Set<String> LOCAL_NAMES = Set.of("localhost", "127.0.0.1", "[::1]");

    private final FrontDoorSettings settings;

    HostCheck(FrontDoorSettings settings, Handler contents) {
        super(contents);
        this.settings = settings;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        String host = request.getHttpURI().getHost();
        if (settings.publicUrl().getHost().equalsIgnoreCase(host)) {
            return super.handle(request, response, callback);
        }
        if (host == null || !LOCAL_NAMES.contains(host)) {
            Response.writeError(request, response, callback, HttpStatus.MISDIRECTED_REQUEST_421);
            return true;
        }
        if (isNavigation(request)) {
            response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
            Response.sendRedirect(
                    request,
                    response,
                    callback,
                    HttpStatus.TEMPORARY_REDIRECT_307,
                    settings.publicUrl() + request.getHttpURI().getPathQuery(),
                    true);
            return true;
        }
        return super.handle(request, response, callback);
    }

    private static boolean isNavigation(Request request) {
        return HttpMethod.GET.is(request.getMethod())
                && Unavailable.acceptsHtml(request)
                && !Route.API.matches(Request.getPathInContext(request));
    }
}
