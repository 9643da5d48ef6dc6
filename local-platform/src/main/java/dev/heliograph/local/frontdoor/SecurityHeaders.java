package dev.heliograph.local.frontdoor;

import java.net.URI;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Tells browsers to trust our own files only. A service's own policy, the sign-in page's for one, stays as it is. */
final class SecurityHeaders extends Handler.Wrapper {
    private final String contentSecurityPolicy;

    SecurityHeaders(FrontDoorSettings settings, Handler contents) {
        super(contents);
        this.contentSecurityPolicy = contentSecurityPolicy(settings);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        if (!Route.IDENTITY.matches(Request.getPathInContext(request))) {
            HttpFields.Mutable headers = response.getHeaders();
            headers.put("Content-Security-Policy", contentSecurityPolicy);
            headers.put("X-Content-Type-Options", "nosniff");
            headers.put("Referrer-Policy", "same-origin");
            headers.put("Cross-Origin-Opener-Policy", "same-origin");
            headers.put("Permissions-Policy", "geolocation=(), camera=(), microphone=()");
        }
        return super.handle(request, response, callback);
    }

    private static String contentSecurityPolicy(FrontDoorSettings settings) {
        URI issuer = settings.issuer();
        String issuerOrigin = issuer.getScheme() + "://" + issuer.getRawAuthority();
        String elsewhere = issuerOrigin.equals(settings.publicUrl().toString()) ? "" : " " + issuerOrigin;
        return "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
                + "connect-src 'self'" + elsewhere + "; worker-src 'self' blob:; object-src 'none'; "
                + "frame-ancestors 'none'; base-uri 'none'; form-action 'self'";
    }
}
