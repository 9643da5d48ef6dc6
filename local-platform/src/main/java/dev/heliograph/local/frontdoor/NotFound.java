package dev.heliograph.local.frontdoor;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Nothing answered: says so in one line. */
final class NotFound extends Handler.Abstract {
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        response.setStatus(HttpStatus.NOT_FOUND_404);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain;charset=utf-8");
        boolean front = "/".equals(Request.getPathInContext(request));
        Content.Sink.write(
                response,
                true,
                front ? "Heliograph runs, but this build holds no dashboard. The API is at /api/v1.\n" : "Not found.\n",
                callback);
        return true;
    }
}
