package dev.heliograph.systemtests.faults.plant;

import dev.heliograph.ingest.IngestGatewayApplication;
import dev.heliograph.query.QueryApiApplication;
import dev.heliograph.stream.StreamProcessorApplication;
import dev.heliograph.systemtests.faults.plant.KafkaCluster.Client;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The installation under test: Kafka, the database and our services, each a process, with a proxy on every way between two
 * of them. Times that bound a recovery are shortened, so that a fault takes seconds; what a service promises does not change.
 */
public final class Plant implements AutoCloseable {
    private static final int PARTITIONS = 3;
    private static final String WANTED = "heliograph.faults.set.";
    private static final String WINDOW_LATENESS = "2s";

    private final Path directory;
    private final KafkaCluster kafka;
    private final Database database;
    private final Issuer issuer = new Issuer();
    private final @Nullable Mosquitto broker;
    private final Link toGateway;
    private final Link writerToDatabase;
    private final Link apiToDatabase;
    private final @Nullable Link gatewayToBroker;
    private final int httpPort;
    private final int apiPort;
    private final Service gateway;
    private final Service stream;
    private final Service api;
    private final List<Service> extra = new ArrayList<>();

    /**
     * What is started.
     *
     * @param brokers nodes of Kafka, 1 or 3
     * @param databaseUrl a server that is there, or null for one of our own
     */
    public record Options(int brokers, @Nullable String databaseUrl) {}

    private Plant(Path directory, Options options) {
        this.directory = directory;
        kafka = KafkaCluster.start(directory, options.brokers());
        database = options.databaseUrl() == null
                ? new EmbeddedDatabase(directory.resolve("postgres"))
                : new ExternalDatabase(options.databaseUrl());
        broker = Mosquitto.start(directory.resolve("mosquitto")).orElse(null);
        List<Integer> ports = LoopbackPorts.several(6);
        toGateway = Link.toPorts(List.of(ports.get(0)));
        httpPort = ports.get(1);
        apiPort = ports.get(2);
        writerToDatabase = Link.toPorts(List.of(database.port()));
        apiToDatabase = Link.toPorts(List.of(database.port()));
        gatewayToBroker = broker == null ? null : Link.toPorts(List.of(broker.port()));
        gateway = service(
                "gateway",
                192,
                IngestGatewayApplication.class.getName(),
                gatewaySettings("gateway", ports.get(0), httpPort, ports.get(3)),
                ports.get(3));
        gateway.awaitReady(); // it creates the topics
        stream = streamProcessor("stream-1", ports.get(4));
        stream.awaitReady();
        api = service("api", 224, QueryApiApplication.class.getName(), apiSettings(ports.get(5)), ports.get(5));
        api.awaitReady();
    }

    /** Starts everything and waits until it is ready. */
    public static Plant start(Path directory, Options options) {
        return new Plant(directory, options);
    }

    private Service service(String name, int heap, String mainClass, Map<String, String> settings, int management) {
        return new Service(name, directory.resolve(name + ".log"), heap, mainClass, settings, management);
    }

    private Service streamProcessor(String instance, int management) {
        return service(
                instance,
                288,
                StreamProcessorApplication.class.getName(),
                streamSettings(instance, management),
                management);
    }

    private Map<String, String> gatewaySettings(String instance, int mqtt, int http, int management) {
        Map<String, String> settings = web(http, management);
        settings.put("heliograph.kafka.bootstrap-servers", kafka.bootstrapServers(Client.GATEWAY));
        settings.put("heliograph.kafka.partitions", String.valueOf(PARTITIONS));
        settings.put("heliograph.kafka.replication", String.valueOf(kafka.size()));
        settings.put("heliograph.kafka.min-in-sync-replicas", kafka.size() == 1 ? "1" : "2");
        settings.put("heliograph.ingest.instance", instance);
        settings.put("heliograph.ingest.mqtt.host", "127.0.0.1");
        settings.put("heliograph.ingest.mqtt.port", String.valueOf(mqtt));
        settings.put("heliograph.ingest.mqtt.drain.timeout", "3s");
        Link way = gatewayToBroker;
        if (way != null) {
            settings.put("heliograph.ingest.subscription.broker-uri", "tcp://127.0.0.1:" + way.port());
            settings.put("heliograph.ingest.subscription.client-id", instance);
            settings.put("heliograph.ingest.subscription.keep-alive", "5s");
        }
        return settings;
    }

    private Map<String, String> streamSettings(String instance, int management) {
        Map<String, String> settings = web(management, management);
        settings.put("heliograph.kafka.bootstrap-servers", kafka.bootstrapServers(Client.STREAM));
        settings.put(
                "heliograph.stream.state-directory", stateDirectory(instance).toString());
        settings.put("heliograph.stream.instance", instance);
        settings.put("heliograph.stream.static-membership", "true");
        settings.put("heliograph.stream.session-timeout", "6s");
        settings.put("heliograph.stream.windows.lateness", WINDOW_LATENESS);
        settings.put("heliograph.stream.windows.tell-hours-every", "1s");
        settings.put("heliograph.stream.recovery.thread-replacements", "50");
        putDatabase(settings, writerToDatabase);
        settings.put("heliograph.writer.instance", instance);
        settings.put("heliograph.writer.longest-retry", "1s");
        settings.put("heliograph.writer.database.connect-timeout", "2s");
        settings.put("heliograph.writer.database.socket-timeout", "5s");
        settings.put("heliograph.writer.database.acquire-timeout", "3s");
        settings.put("heliograph.writer.retention.enabled", "false");
        putWanted(settings);
        return settings;
    }

    /** {@code -Dheliograph.faults.set.NAME=VALUE} gives the stream processor another setting, to see what it changes. */
    private static void putWanted(Map<String, String> settings) {
        System.getProperties().stringPropertyNames().stream()
                .filter(name -> name.startsWith(WANTED))
                .forEach(name -> settings.put(name.substring(WANTED.length()), System.getProperty(name)));
    }

    private Map<String, String> apiSettings(int management) {
        Map<String, String> settings = web(apiPort, management);
        settings.put("heliograph.kafka.bootstrap-servers", kafka.bootstrapServers(Client.API));
        putDatabase(settings, apiToDatabase);
        settings.put("heliograph.query.security.issuer", issuer.address());
        settings.put("heliograph.query.security.jwk-set-uri", issuer.address() + "/jwks");
        settings.put("heliograph.query.cursor.key", "the suite needs no better key than this one");
        return settings;
    }

    private void putDatabase(Map<String, String> settings, Link way) {
        settings.put("heliograph.database.url", database.jdbcUrl(way.port()));
        settings.put("heliograph.database.username", database.username());
        settings.put("heliograph.database.password", database.password());
    }

    private static Map<String, String> web(int port, int management) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("server.address", "127.0.0.1");
        settings.put("server.port", String.valueOf(port));
        settings.put("management.server.port", String.valueOf(management));
        if (management != port) {
            settings.put("management.server.address", "127.0.0.1");
        }
        settings.put("spring.lifecycle.timeout-per-shutdown-phase", "5s");
        return settings;
    }

    public KafkaCluster kafka() {
        return kafka;
    }

    public Database database() {
        return database;
    }

    public Issuer issuer() {
        return issuer;
    }

    /** A broker in front of the gateway's subscription; empty where none is installed. */
    public Optional<Mosquitto> broker() {
        return Optional.ofNullable(broker);
    }

    public Service gateway() {
        return gateway;
    }

    public Service stream() {
        return stream;
    }

    public Service api() {
        return api;
    }

    /** The services that are meant to be there. */
    public List<Service> services() {
        return List.of(gateway, stream, api);
    }

    /** One more stream processor of the same group, with its own state. */
    public Service anotherStream(String instance) {
        Service another = streamProcessor(instance, LoopbackPorts.one());
        extra.add(another);
        return another;
    }

    /** Where a stream processor keeps its state. */
    public Path stateDirectory(String instance) {
        return directory.resolve("state-" + instance);
    }

    /** From devices to the gateway's MQTT endpoint. */
    public Link toGateway() {
        return toGateway;
    }

    public Link gatewayToKafka() {
        return kafka.link(Client.GATEWAY);
    }

    public Link streamToKafka() {
        return kafka.link(Client.STREAM);
    }

    public Link apiToKafka() {
        return kafka.link(Client.API);
    }

    public Link writerToDatabase() {
        return writerToDatabase;
    }

    public Link apiToDatabase() {
        return apiToDatabase;
    }

    /** From the gateway's subscription to the broker; fails where there is none. */
    public Link gatewayToBroker() {
        if (gatewayToBroker == null) {
            throw new IllegalStateException("no broker is installed");
        }
        return gatewayToBroker;
    }

    /** Starts the database again and leads the services to where it listens now. */
    public void restartDatabase() {
        database.restart();
        writerToDatabase.proxies().forEach(proxy -> proxy.aimAt(database.port()));
        apiToDatabase.proxies().forEach(proxy -> proxy.aimAt(database.port()));
    }

    /** What devices connect to. */
    public URI mqtt() {
        return URI.create("tcp://127.0.0.1:" + toGateway.port());
    }

    /** What devices of the broker connect to. */
    public URI brokerUri() {
        if (broker == null) {
            throw new IllegalStateException("no broker is installed");
        }
        return URI.create("tcp://127.0.0.1:" + broker.port());
    }

    /** What devices post to. */
    public URI http() {
        return URI.create("http://127.0.0.1:" + httpPort);
    }

    /** Origin of the REST API. */
    public URI apiUri() {
        return URI.create("http://127.0.0.1:" + apiPort);
    }

    /** Every way whole again. */
    public void healLinks() {
        toGateway.heal();
        gatewayToKafka().heal();
        streamToKafka().heal();
        apiToKafka().heal();
        writerToDatabase.heal();
        apiToDatabase.heal();
        Link way = gatewayToBroker;
        if (way != null) {
            way.heal();
        }
    }

    @Override
    public void close() {
        extra.forEach(service -> service.process().kill());
        services().forEach(service -> service.process().kill());
        toGateway.close();
        writerToDatabase.close();
        apiToDatabase.close();
        if (gatewayToBroker != null) {
            gatewayToBroker.close();
        }
        if (broker != null) {
            broker.close();
        }
        kafka.close();
        database.close();
        issuer.close();
    }
}
