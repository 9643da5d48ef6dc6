package dev.heliograph.local.frontdoor;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** {@code /config.json}: what the dashboard has to know about where it runs, so that its files need not. */
final class ClientConfig extends Handler.Abstract {
    private final String json;

    ClientConfig(FrontDoorSettings settings) {
        // Both values are URLs, which hold nothing that JSON would have to escape.
        this.json = """
                {"issuer":"%s","clientId":"heliograph-dashboard","apiBase":"/api/v1"}
                """.formatted(settings.issuer().toASCIIString());
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        if (!"/config.json".equals(Request.getPathInContext(request))) {
            return false;
        }
        response.getHeaders()
                .put(HttpHeader.CONTENT_TYPE, "application/json")
                .put(HttpHeader.CACHE_CONTROL, "no-store");
        Content.Sink.write(response, true, json, callback);
        return true;
    }
}
