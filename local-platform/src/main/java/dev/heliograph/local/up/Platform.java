package dev.heliograph.local.up;

import dev.heliograph.ingest.IngestGatewayApplication;
import dev.heliograph.ingest.kafka.KafkaSettings;
import dev.heliograph.ingest.kafka.TopicAdministration;
import dev.heliograph.local.StartRefused;
import dev.heliograph.local.StartRefused.Reason;
import dev.heliograph.local.data.DataDirectory;
import dev.heliograph.local.data.Ports;
import dev.heliograph.local.data.RunningPlatform;
import dev.heliograph.local.demo.DemoFleet;
import dev.heliograph.local.frontdoor.FrontDoor;
import dev.heliograph.local.frontdoor.FrontDoorSettings;
import dev.heliograph.local.frontdoor.Route;
import dev.heliograph.local.identity.IdentityProviderApplication;
import dev.heliograph.local.kafka.EmbeddedKafka;
import dev.heliograph.local.postgres.PostgresServer;
import dev.heliograph.query.QueryApiApplication;
import dev.heliograph.storage.DatabaseSchema;
import dev.heliograph.storage.TenantWall;
import dev.heliograph.stream.StreamProcessorApplication;
import dev.heliograph.writer.WriterConfiguration;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

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

        // Kafka and PostgreSQL mostly wait; sign-in needs neither of them.
        CompletableFuture<PostgresServer> startingDatabase = CompletableFuture.supplyAsync(this::startPostgres);
        CompletableFuture<EmbeddedKafka> startingKafka = CompletableFuture.supplyAsync(this::startKafka);
        BootService identity = console.step(
                "Sign-in",
                () -> BootService.run(IdentityProviderApplication.builder(), ServiceSettings.identity(data, issuer)));
        parts.add("identity", STOP_LIMIT, identity);
        door.connect(Route.IDENTITY, identity.address());
        PostgresServer database = console.step("PostgreSQL", () -> join(startingDatabase));
        console.step("Database schema", () -> {
            TenantWall.createQueryRole(dataSource(database), ServiceSettings.queryPassword(data));
            return DatabaseSchema.migrate(dataSource(database));
        });
        EmbeddedKafka kafka = console.step("Kafka", () -> join(startingKafka));

        ServiceSettings settings = new ServiceSettings(data, issuer, kafka, database);
        console.step("Kafka topics", () -> {
            createTopics(kafka);
            return kafka;
        });
        BootService stream = console.step(
                "Stream processor and writer",
                () -> BootService.run(
                        StreamProcessorApplication.builder().sources(WriterConfiguration.class), settings.stream()));
        parts.add("stream processor", STOP_LIMIT, stream);
        BootService gateway = console.step(
                "Gateway (MQTT and HTTP)",
                () -> BootService.run(
                        IngestGatewayApplication.builder(), settings.gateway(options.address(), mqttPort)));
        parts.add("gateway", STOP_LIMIT, gateway);
        door.connect(Route.TELEMETRY, gateway.address());
        BootService api = console.step(
                "API",
                () -> BootService.run(
                        QueryApiApplication.builder(), settings.api(identity.address(), gateway.address())));
        parts.add("api", STOP_LIMIT, api);
        door.connect(Route.API, api.address());

        if (options.devices() > 0) {
            DemoFleet fleet = new DemoFleet(data, running(), DemoUsers.TENANT);
            parts.add(
                    "simulator",
                    STOP_LIMIT,
                    console.step(
                            "%,d simulated devices".formatted(options.devices()),
                            () -> fleet.start(options.devices())));
        }
    }

    /** As the gateway would do it, but before anybody else asks for them. */
    private static void createTopics(EmbeddedKafka kafka) {
        MapConfigurationPropertySource source = new MapConfigurationPropertySource(
                Map.of("heliograph.kafka.bootstrap-servers", kafka.bootstrapServers()));
        KafkaSettings settings = new Binder(source).bindOrCreate("heliograph.kafka", KafkaSettings.class);
        new TopicAdministration(settings).ensure();
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

    private EmbeddedKafka startKafka() {
        try {
            EmbeddedKafka kafka = EmbeddedKafka.start(data.kafka());
            parts.add("kafka", STOP_LIMIT, kafka);
            return kafka;
        } catch (IOException failure) {
            throw new StartRefused(Reason.FAILED, "Kafka does not start: " + failure.getMessage(), failure);
        }
    }

    private static <T> T join(CompletableFuture<T> starting) {
        try {
            return starting.join();
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
}
