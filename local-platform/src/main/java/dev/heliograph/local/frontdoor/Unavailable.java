package dev.heliograph.local.frontdoor;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** The answer for a service that is starting, stopping or gone: 503, try again, in the asker's language. */
final class Unavailable {
    private static final String PROBLEM = """
            {"type":"https://heliograph.dev/problems/service-unavailable","title":"Service unavailable","status":503,\
            "detail":"Heliograph is starting or stopping; %s is not there yet. Try again in a moment."}
            """;
    private static final String PAGE = """
            <!doctype html><html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="2">
            <meta name="color-scheme" content="light dark"><title>Starting · Heliograph</title></head>
            <body><h1>Heliograph is starting</h1><p>This page reloads itself until %s is ready.</p></body></html>
            """;

    private Unavailable() {}

    static void answer(Request request, Response response, Callback callback, Route route) {
        boolean page = route == Route.IDENTITY && acceptsHtml(request);
        response.getHeaders().remove(HttpHeader.CONTENT_LENGTH);
        response.getHeaders().remove(HttpHeader.CONTENT_ENCODING);
        response.setStatus(HttpStatus.SERVICE_UNAVAILABLE_503);
        response.getHeaders()
                .put(HttpHeader.CONTENT_TYPE, page ? "text/html;charset=utf-8" : "application/problem+json")
                .put(HttpHeader.RETRY_AFTER, 2)
                .put(HttpHeader.CACHE_CONTROL, "no-store");
        Content.Sink.write(response, true, (page ? PAGE : PROBLEM).formatted(route.title()), callback);
    }

    static boolean acceptsHtml(Request request) {
        String accept = request.getHeaders().get(HttpHeader.ACCEPT);
        return accept != null && accept.contains("text/html");
    }
}
