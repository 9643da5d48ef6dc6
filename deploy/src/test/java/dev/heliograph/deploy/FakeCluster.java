package dev.heliograph.deploy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * As much of a Kubernetes API server as a chart's {@code lookup} asks for: which resources there are, and single secrets.
 *
 * <p>One for the whole test run; Helm finds it by the file that {@code KUBECONFIG} names.
 */
final class FakeCluster {
    private static final Map<String, String> SECRETS = new ConcurrentHashMap<>();
    private static final HttpServer SERVER = start();

    private FakeCluster() {}

    /** Starts the server with the first call. */
    static void ensureStarted() {
        Objects.requireNonNull(SERVER);
    }

    /** Puts a secret into every namespace; the values are plain text. */
    static void putSecret(String name, Map<String, String> data) {
        String encoded = data.entrySet().stream()
                .map(entry -> "\"%s\":\"%s\""
                        .formatted(entry.getKey(), Base64.getEncoder().encodeToString(bytes(entry.getValue()))))
                .collect(Collectors.joining(","));
        SECRETS.put(name, """
                {"apiVersion":"v1","kind":"Secret","metadata":{"name":"%s"},"data":{%s}}""".formatted(name, encoded));
    }

    static void removeSecrets() {
        SECRETS.clear();
    }

    private static HttpServer start() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", FakeCluster::answer);
            server.start();
            Tree.write(
                    Path.of(System.getenv("KUBECONFIG")),
                    kubeconfig(server.getAddress().getPort()));
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String kubeconfig(int port) {
        return """
                apiVersion: v1
                kind: Config
                clusters: [{name: fake, cluster: {server: "http://127.0.0.1:%d"}}]
                users: [{name: nobody, user: {}}]
                contexts: [{name: fake, context: {cluster: fake, user: nobody}}]
                current-context: fake
                """.formatted(port);
    }

    private static void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        if (path.equals("/api/v1")) {
            send(exchange, 200, """
                    {"kind":"APIResourceList","groupVersion":"v1","resources":[
                     {"name":"secrets","singularName":"secret","namespaced":true,"kind":"Secret","verbs":["get","list"]}]}""");
            return;
        }
        String secret = SECRETS.get(path.substring(path.lastIndexOf('/') + 1));
        if (secret != null && path.contains("/secrets/")) send(exchange, 200, secret);
        else send(exchange, 404, """
                {"kind":"Status","apiVersion":"v1","status":"Failure","reason":"NotFound","code":404}""");
    }

    private static void send(HttpExchange exchange, int status, String json) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes(json).length);
        try (var body = exchange.getResponseBody()) {
            body.write(bytes(json));
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
