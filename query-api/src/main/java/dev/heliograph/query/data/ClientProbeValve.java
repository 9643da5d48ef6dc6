package dev.heliograph.query.data;

import jakarta.servlet.ServletException;
import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;

/**
 * Gives each request its {@link ClientProbe}. The servlet interface tells that a client has gone only when something is
 * written to it; a query writes nothing until it has an answer. Tomcat, asked how much of a request whose body was read
 * to its end can still be read, looks at the socket without waiting: an end of the stream counts as something. What a client
 * sends ahead for its next request stays in Tomcat's buffer, and does not count.
 */
final class ClientProbeValve extends ValveBase {
    ClientProbeValve() {
        super(true);
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        request.setAttribute(ClientProbe.ATTRIBUTE, (ClientProbe) () -> hasLeft(request));
        getNext().invoke(request, response);
    }

    private static boolean hasLeft(Request request) {
        org.apache.coyote.Request wire = request.getCoyoteRequest();
        wire.action(ActionCode.AVAILABLE, Boolean.TRUE);
        return wire.getAvailable() > 0;
    }
}
