package dev.heliograph.query.testing;

import dev.heliograph.query.QueryApiApplication;
import dev.heliograph.storage.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The whole service on a port of its own with a database of its own, and a client that speaks to it. */
public final class TestApi implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    public final ConfigurableApplicationContext context;
    public final FakeConfigurationTopics topics = new FakeConfigurationTopics();
    public final FakeHistoryTopic history = new FakeHistoryTopic();
    public final JdbcClient jdbc;
    public final int port;

    /** One service for all test classes that change nothing but rows of tenants of their own. */
    public static TestApi shared() {
        return Shared.API;
    }

    private static final class Shared {
        static final TestApi API = new TestApi(TestDatabase.postgres());
    }

    /** Starts a service on the database; arguments such as {@code --heliograph.query.limits.max-points=100}. */
    public TestApi(DataSource database, String... more) {
        this(database, true, more);
    }

    /** Starts a service; with the fake topics, or with Kafka where the arguments say where it is. */
    public TestApi(DataSource database, boolean fakeTopics, String... more) {
        PGSimpleDataSource postgres = (PGSimpleDataSource) database;
        List<String> arguments = new ArrayList<>(List.of(
                "--server.port=0",
                "--server.address=127.0.0.1",
                "--management.server.port=0",
                "--management.server.address=127.0.0.1",
                "--heliograph.database.url=" + postgres.getUrl(),
                "--heliograph.database.username=" + postgres.getUser(),
                "--heliograph.database.password=" + (postgres.getPassword() == null ? "" : postgres.getPassword()),
                "--heliograph.query.security.issuer=" + TestTokens.ISSUER,
                "--heliograph.query.security.jwk-set-uri=" + TestTokens.jwkSetUri(),
                "--heliograph.query.limits.publish-wait=1s",
                "--heliograph.query.rate.user-per-second=100000",
                "--heliograph.query.rate.user-burst=1000000",
                "--heliograph.query.rate.tenant-per-second=100000",
                "--heliograph.query.rate.tenant-burst=1000000",
                "--heliograph.query.cursor.key=0123456789abcdef0123456789abcdef"));
        if (fakeTopics) {
            arguments.add("--heliograph.query.kafka.enabled=false");
        }
        // Given twice, a setting would become a list.
        for (String one : more) {
            String name = one.substring(0, one.indexOf('=') + 1);
            arguments.removeIf(known -> known.startsWith(name));
            arguments.add(one);
        }
        var builder = QueryApiApplication.builder();
        if (fakeTopics) {
            Fakes.next = topics;
            Fakes.nextHistory = history;
            builder.sources(Fakes.class);
        }
        context = builder.run(arguments.toArray(String[]::new));
        port = ((ServletWebServerApplicationContext) context).getWebServer().getPort();
        jdbc = JdbcClient.create(database);
    }

    /** Starts a service that enters the database by the role of the API, behind the wall between tenants. */
    public static TestApi behindTheWall(DataSource database, String... more) {
        PGSimpleDataSource role = (PGSimpleDataSource) TestDatabase.asQueryRole(database);
        List<String> arguments = new ArrayList<>(List.of(more));
        arguments.add("--heliograph.database.username=" + role.getUser());
        arguments.add("--heliograph.database.password=" + role.getPassword());
        return new TestApi(database, arguments.toArray(String[]::new));
    }

    @Configuration(proxyBeanMethods = false)
    static class Fakes {
        static FakeConfigurationTopics next = new FakeConfigurationTopics();

        static FakeHistoryTopic nextHistory = new FakeHistoryTopic();

        @Bean
        @Primary
        FakeHistoryTopic fakeHistory() {
            return nextHistory;
        }

        @Bean
        @Primary
        FakeConfigurationTopics fakeTopics() {
            return next;
        }
    }

    /** What came back. */
    public record Answer(int status, String body, HttpResponse<String> response) {
        public JsonNode json() {
            return JSON.readTree(body);
        }

        public @Nullable String header(String name) {
            return response.headers().firstValue(name).orElse(null);
        }
    }

    public Answer get(String path, String token) {
        return send("GET", path, token, null, Map.of());
    }

    /** For who measures: the answer is not judged by the description of the interface, which takes longer than many an answer. */
    public Answer getUnjudged(String path, String token) {
        return answer(request("GET", path, token, null, Map.of()));
    }

    public Answer post(String path, String token, String body) {
        return send("POST", path, token, body, Map.of());
    }

    public Answer put(String path, String token, String body) {
        return send("PUT", path, token, body, Map.of());
    }

    public Answer delete(String path, String token) {
        return send("DELETE", path, token, null, Map.of());
    }

    public Answer send(
            String method, String path, @Nullable String token, @Nullable String body, Map<String, String> headers) {
        Answer answer = answer(request(method, path, token, body, headers));
        Conformance.check(method, path, answer.response());
        return answer;
    }

    private HttpRequest request(
            String method, String path, @Nullable String token, @Nullable String body, Map<String, String> headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path))
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        if (body != null && !headers.containsKey("Content-Type")) {
            request.header("Content-Type", "application/json");
        }
        headers.forEach(request::header);
        return request.build();
    }

    private static Answer answer(HttpRequest request) {
        try {
            HttpResponse<String> response = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
            return new Answer(response.statusCode(), response.body(), response);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stop);
        }
    }

    public URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    @Override
    public void close() {
        context.close();
    }
}
