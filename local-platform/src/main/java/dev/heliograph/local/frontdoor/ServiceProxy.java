package dev.heliograph.local.frontdoor;

import java.net.URI;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.proxy.ProxyHandler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands requests on to the service behind their path, and answers "not yet" for one that is not there. */
final class ServiceProxy extends ProxyHandler {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceProxy.class);

    private final FrontDoorSettings settings;
    private final Map<Route, URI> services = new ConcurrentHashMap<>();

    ServiceProxy(FrontDoorSettings settings) {
        this.settings = settings;
    }

    void connect(Route route, URI service) {
        services.put(route, service);
    }

    void disconnect(Route route) {
        services.remove(route);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        Route route = routeOf(request);
        if (route == null) {
            return false;
        }
        if (services.containsKey(route)) {
            return super.handle(request, response, callback);
        }
        Unavailable.answer(request, response, callback, route);
        return true;
    }

    @Override
    protected HttpURI rewriteHttpURI(Request request) {
        Route route = routeOf(request);
        URI service = route == null ? null : services.get(route);
        if (service == null) {
            throw new IllegalStateException("the service has just been disconnected");
        }
        return HttpURI.build(request.getHttpURI())
                .scheme(service.getScheme())
                .authority(service.getHost(), service.getPort());
    }

    /** The services build links from what the browser asked for; what a client claims about itself is not passed on. */
    @Override
    protected void addProxyHeaders(Request request, org.eclipse.jetty.client.Request forwarded) {
        HttpURI asked = request.getHttpURI();
        forwarded.headers(headers -> headers.remove(HttpHeader.FORWARDED)
                .put(HttpHeader.HOST, asked.getAuthority())
                .put("X-Forwarded-Host", asked.getAuthority())
                .put("X-Forwarded-Proto", settings.publicUrl().getScheme())
                .put("X-Forwarded-For", Request.getRemoteAddr(request))
                .remove("X-Forwarded-Port")
                .remove("X-Forwarded-Prefix"));
    }

    @Override
    protected void configureHttpClient(HttpClient client) {
        // Keeps no cookies and follows no redirects: with a cookie jar, one visitor's session would be everybody's.
        super.configureHttpClient(client);
        client.setMaxConnectionsPerDestination(settings.maxConcurrentRequests());
        client.setIdleTimeout(settings.idleTimeout().toMillis());
        client.setConnectTimeout(2_000);
    }

    @Override
    protected void onServerToProxyResponseFailure(
            Request request,
            org.eclipse.jetty.client.Request forwarded,
            org.eclipse.jetty.client.Response answer,
            Response response,
            Callback callback,
            Throwable failure) {
        LOG.debug("no answer for {}", request.getHttpURI(), failure);
        Route route = routeOf(request);
        if (response.isCommitted() || route == null) {
            callback.failed(failure);
        } else {
            Unavailable.answer(request, response, callback, route);
        }
    }

    private static @Nullable Route routeOf(Request request) {
        String path = Request.getPathInContext(request);
        for (Route route : Route.values()) {
            if (route.matches(path)) {
                return route;
            }
        }
        return null;
    }
}
