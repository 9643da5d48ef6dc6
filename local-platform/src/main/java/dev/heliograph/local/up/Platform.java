package dev.heliograph.local.up;

import dev.heliograph.local.StartRefused;
import dev.heliograph.local.StartRefused.Reason;
import dev.heliograph.local.data.DataDirectory;
import dev.heliograph.local.data.Ports;
import dev.heliograph.local.data.RunningPlatform;
import dev.heliograph.local.frontdoor.FrontDoor;
import dev.heliograph.local.frontdoor.FrontDoorSettings;
import dev.heliograph.local.frontdoor.Route;
import dev.heliograph.local.identity.IdentityProviderApplication;
import dev.heliograph.local.kafka.EmbeddedKafka;
import dev.heliograph.local.postgres.PostgresServer;
import dev.heliograph.storage.DatabaseSchema;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.postgresql.ds.PGSimpleDataSource;

/** Everything, started in order and stopped in the opposite one. */
public final class Platform implements AutoCloseable {
    private static final Duration STOP_LIMIT = Duration.ofSeconds(8);

    private final UpOptions options;
    private final Console console;
    private final DataDirectory data;
    private final int port;
    private final int mqttPort;
    private final URI publicUrl;
    private final Parts parts;

    private Platform(UpOptions options, Console console, DataDirectory data, Parts parts) {
        this.options = options;
        this.console = console;
        this.data = data;
        this.parts = parts;
        this.port = options.port() == 0 ? Ports.free(options.address()) : options.port();
        this.mqttPort = options.mqttPort() == 0 ? Ports.free(options.address()) : options.mqttPort();
        this.publicUrl = options.publicUrl() == null ? URI.create("http://localhost:" + port) : options.publicUrl();
    }

    /**
     * Starts everything and returns when all of it is ready. What was started is handed over to {@code parts} step by step, so
     * that it can be stopped at any moment.
     *
     * @throws StartRefused if it cannot be started, with the reason in one sentence
     */
    static Platform start(UpOptions options, Console console, DataDirectory data, Parts parts) throws Exception {
        Platform platform = new Platform(options, console, data, parts);
        platform.requirePorts();
        platform.startAll();
        return platform;
    }

    @Override
    public void close() {
        parts.stopAll();
    }

    private void requirePorts() {
        Ports.requireFree(options.address(), port, "dashboard and API", "--port");
        Ports.requireFree(options.address(), mqttPort, "MQTT", "--mqtt-port");
    }

    private void startAll() throws Exception {
        URI issuer = URI.create(publicUrl + "/auth");
        FrontDoor door = FrontDoor.open(FrontDoorSettings.of(options.address(), port, publicUrl, issuer));
        parts.add("front door", STOP_LIMIT, door);
        parts.add("status file", STOP_LIMIT, () -> RunningPlatform.remove(data.root()));
        running().write(data.root());

        CompletableFuture<PostgresServer> postgres = CompletableFuture.supplyAsync(this::startPostgres);
        EmbeddedKafka kafka = console.step("Kafka", () -> EmbeddedKafka.start(data.kafka()));
        parts.add("kafka", STOP_LIMIT, kafka);
        PostgresServer database = console.step("PostgreSQL", () -> join(postgres));
        console.step("Database schema", () -> DatabaseSchema.migrate(dataSource(database)));

        BootService identity = console.step(
                "Sign-in", () -> BootService.run(IdentityProviderApplication.builder(), identitySettings(issuer)));
        parts.add("identity", STOP_LIMIT, identity);
        door.connect(Route.IDENTITY, identity.address());
    }

    /** What other commands need to know about this platform. */
    public RunningPlatform running() {
        InetAddress address = options.address();
        boolean reachableLocally = address.isAnyLocalAddress() || address.isLoopbackAddress();
        URI apiUrl =
                URI.create("http://%s:%d".formatted(reachableLocally ? "localhost" : address.getHostAddress(), port));
        return new RunningPlatform(ProcessHandle.current().pid(), publicUrl, apiUrl, publicUrl.getHost(), mqttPort);
    }

    /** The passwords of the demo users by name. */
    public Map<String, String> demoUsers() {
        return DemoUsers.passwords(data.secrets());
    }

    private PostgresServer startPostgres() {
        try {
            PostgresServer server = PostgresServer.start(
                    data.postgres(),
                    data.runtime(),
                    data.logs().resolve("postgresql.log"),
                    data.secrets().key("database-password"));
            parts.add("postgres", STOP_LIMIT, server);
            return server;
        } catch (IOException failure) {
            throw new StartRefused(Reason.FAILED, "PostgreSQL does not start: " + failure.getMessage(), failure);
        }
    }

    private static PostgresServer join(CompletableFuture<PostgresServer> postgres) {
        try {
            return postgres.join();
        } catch (CompletionException failure) {
            if (failure.getCause() instanceof StartRefused refused) {
                throw refused;
            }
            throw failure;
        }
    }

    private static PGSimpleDataSource dataSource(PostgresServer database) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(database.jdbcUrl());
        source.setUser(database.username());
        source.setPassword(database.password());
        return source;
    }

    private Map<String, String> identitySettings(URI issuer) {
        Map<String, String> settings = web();
        settings.put("heliograph.identity.issuer", issuer.toString());
        settings.put(
                "heliograph.identity.signing-key-file",
                data.secrets().file("signing-key.json").toString());
        settings.put("heliograph.identity.cli.secret", data.secrets().key("cli-client-secret"));
        settings.putAll(DemoUsers.settings(data.secrets()));
        return settings;
    }

    private static Map<String, String> web() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("server.address", "127.0.0.1");
        settings.put("server.port", "0");
        settings.put("management.server.port", "-1");
        return settings;
    }
}
