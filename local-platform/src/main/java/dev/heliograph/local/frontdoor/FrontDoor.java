package dev.heliograph.local.frontdoor;

import java.net.URI;
import java.util.List;
import org.eclipse.jetty.compression.gzip.GzipCompression;
import org.eclipse.jetty.compression.server.CompressionConfig;
import org.eclipse.jetty.compression.server.CompressionHandler;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * The one address of a local platform: the dashboard's files, and a reverse proxy to API, gateway and sign-in. The same
 * routes as an Ingress in a cluster, so that the browser sees one origin.
 */
public final class FrontDoor implements AutoCloseable {
    private static final int MAX_THREADS = 32;

    /** Event streams are absent on purpose: a compressor would hold back what must be seen at once. */
    private static final List<String> COMPRESSED = List.of(
            "text/html",
            "text/css",
            "text/javascript",
            "application/javascript",
            "application/json",
            "application/problem+json",
            "image/svg+xml",
            "text/plain",
            "text/csv");

    private final Server server;
    private final ServiceProxy proxy;

    private FrontDoor(Server server, ServiceProxy proxy) {
        this.server = server;
        this.proxy = proxy;
    }

    /** Opens the door. Services answer "starting" until they are {@linkplain #connect connected}. */
    public static FrontDoor open(FrontDoorSettings settings) throws Exception {
        QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS, 4);
        threads.setName("front-door");
        Server server = new Server(threads);
        server.addConnector(connector(server, settings));
        ServiceProxy proxy = new ServiceProxy(settings);
        Handler.Sequence contents =
                new Handler.Sequence(new ClientConfig(settings), proxy, new DashboardFiles(), new NotFound());
        server.setHandler(new HostCheck(settings, new SecurityHeaders(settings, compressed(contents))));
        server.setStopTimeout(2_000);
        server.start();
        return new FrontDoor(server, proxy);
    }

    /** The port it listens on. */
    public int port() {
        return ((ServerConnector) server.getConnectors()[0]).getLocalPort();
    }

    /** Lets requests through to a service that is ready. */
    public void connect(Route route, URI service) {
        proxy.connect(route, service);
    }

    /** The service is about to stop: requests are told so. */
    public void disconnect(Route route) {
        proxy.disconnect(route);
    }

    /** Closes the door; event streams end. */
    @Override
    public void close() throws Exception {
        server.stop();
    }

    private static ServerConnector connector(Server server, FrontDoorSettings settings) {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setSendDateHeader(true);
        ServerConnector connector = new ServerConnector(server, 1, 2, new HttpConnectionFactory(http));
        connector.setHost(settings.address().getHostAddress());
        connector.setPort(settings.port());
        connector.setIdleTimeout(settings.idleTimeout().toMillis());
        connector.setReuseAddress(true);
        return connector;
    }

    private static Handler compressed(Handler contents) {
        CompressionConfig.Builder config = CompressionConfig.builder();
        COMPRESSED.forEach(config::compressIncludeMimeType);
        CompressionHandler handler = new CompressionHandler(contents);
        handler.putCompression(new GzipCompression());
        handler.putConfiguration("/*", config.build());
        return handler;
    }
}
