package dev.heliograph.local.frontdoor;

import java.net.URL;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ResourceHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.resource.ResourceFactory;

/**
 * The dashboard, from the class path. Files whose name holds their hash may be kept for ever; everything else is asked for
 * again each time. A path that is no file is a page of the dashboard, which finds its way itself.
 */
final class DashboardFiles extends Handler.Wrapper {
    private static final String LOCATION = "static/dashboard";
    private static final String INDEX = "/index.html";

    DashboardFiles() {
        URL index = DashboardFiles.class.getClassLoader().getResource(LOCATION + INDEX);
        if (index != null) {
            ResourceHandler files = new ResourceHandler();
            files.setBaseResource(ResourceFactory.of(files).newClassLoaderResource(LOCATION, false));
            files.setDirAllowed(false);
            files.setEtags(true);
            setHandler(files);
        }
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        if (getHandler() == null || !isRead(request)) {
            return false;
        }
        String path = Request.getPathInContext(request);
        boolean hashed = path.startsWith("/assets/");
        response.getHeaders()
                .put(HttpHeader.CACHE_CONTROL, hashed ? "public, max-age=31536000, immutable" : "no-cache");
        if (super.handle(path.equals("/") ? index(request) : request, response, callback)) {
            return true;
        }
        return !hashed && Unavailable.acceptsHtml(request) && super.handle(index(request), response, callback);
    }

    private static boolean isRead(Request request) {
        return HttpMethod.GET.is(request.getMethod()) || HttpMethod.HEAD.is(request.getMethod());
    }

    private static Request index(Request request) {
        HttpURI uri = HttpURI.build(request.getHttpURI(), INDEX, null, null).asImmutable();
        return new Request.Wrapper(request) {
            @Override
            public HttpURI getHttpURI() {
                return uri;
            }
        };
    }
}
