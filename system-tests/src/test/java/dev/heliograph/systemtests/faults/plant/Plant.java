package dev.heliograph.systemtests.faults.plant;

import dev.heliograph.ingest.IngestGatewayApplication;
import dev.heliograph.query.QueryApiApplication;
import dev.heliograph.storage.MigrationApplication;
import dev.heliograph.stream.StreamProcessorApplication;
import dev.heliograph.systemtests.faults.plant.KafkaCluster.Client;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The installation under test: Kafka, the database and our services, each a process, with a proxy on every way between two
 * of them. The proxies before the gateway and the API stand for the services of an orchestrator: behind them there may be
 * several of a kind. Times that bound a recovery are shortened, so that a fault takes seconds; what a service promises does not change.
 */
public final class Plant implements AutoCloseable {
    private static final int PARTITIONS = 3;
    private static final String WANTED = "heliograph.faults.set.";
    private static final String WINDOW_LATENESS = "2s";
    private static final int DISK_MEGABYTES = 768;
    private static final int MIGRATION_HEAP = 128;
    private static final Duration MIGRATION_LIMIT = Duration.ofMinutes(3);

    private final Path directory;
    private final Options options;
    private final KafkaCluster kafka;
    private final Database database;
    private final Issuer issuer = new Issuer();
    private final @Nullable Names names;
    private final @Nullable InnerCertificates innerCertificates;
    private final @Nullable Mosquitto broker;
    private final Link toGateway;
    private final Link toGatewayTls;
    private final Link toGatewayHttp;
    private final Link toApi;
    private final Link writerToDatabase;
    private final Link apiToDatabase;
    private final Link apiToIssuer;
    private final @Nullable Link gatewayToBroker;
    private final Certificates certificates;
    private final Map<Service, Ports> ports = new HashMap<>();
    private final Service gateway;
    private final Service stream;
    private final Service api;
    private final List<Service> extra = new CopyOnWriteArrayList<>();
    private final @Nullable SmallDisk kafkaDisk;
    private final @Nullable SmallDisk databaseDisk;

    /** What a service listens on; 0 for what it has not. */
    private record Ports(int mqtt, int tls, int http, int management) {
        static Ports ofGateway() {
            List<Integer> free = LoopbackPorts.several(4);
            return new Ports(free.get(0), free.get(1), free.get(2), free.get(3));
        }

        static Ports ofApi() {
            List<Integer> free = LoopbackPorts.several(2);
            return new Ports(0, 0, free.get(0), free.get(1));
        }
    }

    /**
     * What is started.
     *
     * @param brokers nodes of Kafka, 1 or 3
     * @param databaseUrl a server that is there, or null for one of our own
     * @param special whether Kafka and a database of our own each get a small disk, where that is possible, and the gateway
     *     needs a password for Kafka
     * @param elsewhere whether it is as on several machines: the services know Kafka, database, broker and issuer by names,
     *     whose addresses can change, and their connections to Kafka and a database of our own are encrypted
     * @param older the version from which everything starts, migrated by its job as in a cluster; null: by this version,
     *     whose services migrate
     * @param databaseTree programs of PostgreSQL with TimescaleDB for a database of our own, see {@code DebianTree}; null for
     *     those that the local platform brings
     */
    public record Options(
            int brokers,
            @Nullable String databaseUrl,
            boolean special,
            boolean elsewhere,
            @Nullable Build older,
            @Nullable Path databaseTree) {
        Build first() {
            return older == null ? Build.newer() : older;
        }
    }

    /** What the services look for by its name, where names are in use. */
    public enum Part {
        KAFKA,
        DATABASE,
        BROKER,
        ISSUER;

        private String host() {
            return name().toLowerCase(Locale.ROOT) + ".plant";
        }
    }

    private Plant(Path directory, Options options) {
        this.directory = directory;
        this.options = options;
        names = options.elsewhere() && Names.isPossible() ? new Names(directory.resolve("hosts")) : null;
        innerCertificates = names == null
                ? null
                : new InnerCertificates(
                        directory.resolve("inner-certificates"), Part.KAFKA.host(), Part.DATABASE.host());
        String url = options.databaseUrl();
        kafkaDisk = options.special() ? SmallDisk.ofMegabytes(DISK_MEGABYTES).orElse(null) : null;
        databaseDisk = options.special() && url == null
                ? SmallDisk.ofMegabytes(DISK_MEGABYTES).orElse(null)
                : null;
        kafka = KafkaCluster.start(
                directory,
                kafkaDisk == null ? directory : kafkaDisk.directory(),
                options.brokers(),
                options.special(),
                placeOf(Part.KAFKA),
                innerCertificates);
        database = url == null
                ? new EmbeddedDatabase(
                        directory.resolve("postgres"),
                        databaseDisk == null ? directory.resolve("postgres") : databaseDisk.directory(),
                        options.databaseTree())
                : new ExternalDatabase(url);
        if (innerCertificates != null && url == null) {
            database.encrypt(innerCertificates.databaseCertificate(), innerCertificates.databaseKey());
        }
        if (options.older() != null) {
            migrate(options.older());
        }
        certificates = new Certificates(directory.resolve("certificates"));
        broker = Mosquitto.start(directory.resolve("mosquitto")).orElse(null);
        Ports ofGateway = Ports.ofGateway();
        Ports ofApi = Ports.ofApi();
        toGateway = Link.toPorts(List.of(ofGateway.mqtt()));
        toGatewayTls = Link.toPorts(List.of(ofGateway.tls()));
        toGatewayHttp = Link.toPorts(List.of(ofGateway.http()));
        toApi = Link.toPorts(List.of(ofApi.http()));
        Place ofDatabase = placeOf(Part.DATABASE);
        writerToDatabase = Link.toPorts(List.of(database.port()), ofDatabase.address());
        apiToDatabase = Link.toPorts(List.of(database.port()), ofDatabase.address());
        Place ofBroker = placeOf(Part.BROKER);
        gatewayToBroker = broker == null ? null : Link.toPorts(List.of(broker.port()), ofBroker.address());
        Place ofIssuer = placeOf(Part.ISSUER);
        apiToIssuer = Link.toPorts(List.of(issuer.port()), ofIssuer.address());
        issuer.isReachedAt(ofIssuer.host(), apiToIssuer.port());
        Map<String, String> settings = gatewaySettings("gateway", ofGateway);
        putSubscription(settings, "gateway");
        gateway = gateway("gateway", settings, ofGateway);
        gateway.awaitReady(); // it creates the topics
        stream = streamProcessor("stream-1", LoopbackPorts.one());
        stream.awaitReady();
        api = api("api", ofApi);
        api.awaitReady();
    }

    /** Starts everything and waits until it is ready. */
    public static Plant start(Path directory, Options options) {
        return new Plant(directory, options);
    }

    private Service service(String name, int heap, String mainClass, Map<String, String> settings, int management) {
        return new Service(
                name,
                directory.resolve(name + ".log"),
                heap,
                options.first(),
                mainClass,
                settings,
                names == null ? Map.of() : names.environment(),
                management);
    }

    /** Where services find a part at first; it gets its name there, if names are in use. */
    private Place placeOf(Part part) {
        if (names == null) {
            return Place.LOOPBACK;
        }
        InetAddress address = names.nextAddress();
        names.put(part.host(), address);
        return new Place(part.host(), address);
    }

    private String hostOf(Part part) {
        return names == null ? Place.LOOPBACK.host() : part.host();
    }

    /** Whether parts are known by names, and can move. */
    public boolean knowsNames() {
        return names != null;
    }

    /** Whether the connections of the services to Kafka and to the database are encrypted. */
    public boolean isEncryptedInside() {
        return innerCertificates != null && database.isOurs();
    }

    private InnerCertificates inner() {
        if (innerCertificates == null) {
            throw new IllegalStateException("nothing is encrypted inside");
        }
        return innerCertificates;
    }

    /** Every node of Kafka shows another certificate to whoever connects from now on, good for so long. */
    public void renewKafka(Duration life) {
        inner().renewBroker(life);
        kafka.readCertificates();
    }

    /** The same of the database. */
    public void renewDatabase(Duration life) {
        inner().writeDatabase(life);
        database.encrypt(inner().databaseCertificate(), inner().databaseKey());
    }

    /** The same of the services; nobody tells them. */
    public void renewClients(Duration life) {
        inner().renewClients(life);
    }

    /** Another authority signs from now on, and everybody believes it beside the one before. */
    public void beginNextAuthority() {
        inner().replaceAuthority();
        inner().trust(true);
        kafka.readCertificates();
    }

    /** Only the present authority is believed. */
    public void endFormerAuthority() {
        inner().trust(false);
        kafka.readCertificates();
    }

    private Names names() {
        if (names == null) {
            throw new IllegalStateException("nothing has a name here");
        }
        return names;
    }

    /** A part is at another address from now on, and its name says so. */
    public void move(Part part, FaultProxy.OldPlace left) {
        InetAddress address = names().nextAddress();
        waysTo(part).forEach(way -> way.moveTo(address, left));
        names().put(part.host(), address);
    }

    /** Nobody knows any more where a part is; its connections are reset. */
    public void forget(Part part) {
        names().remove(part.host());
        waysTo(part).forEach(Link::flap);
    }

    /** Its name leads to a part again. */
    public void remember(Part part) {
        names().put(part.host(), waysTo(part).getFirst().proxies().getFirst().address());
    }

    /** The ways of all services to a part. */
    public List<Link> waysTo(Part part) {
        return switch (part) {
            case KAFKA -> List.of(gatewayToKafka(), streamToKafka(), apiToKafka());
            case DATABASE -> List.of(writerToDatabase, apiToDatabase);
            case BROKER -> List.of(gatewayToBroker());
            case ISSUER -> List.of(apiToIssuer);
        };
    }

    /** Runs the migration job of a version, and waits for its end. */
    public void migrate(Build build) {
        Path log = directory.resolve("migration-" + build.name() + ".log");
        int code = ChildProcess.java(
                        "the migration job",
                        log,
                        MIGRATION_HEAP,
                        build,
                        MigrationApplication.class.getName(),
                        List.of(
                                "--url=" + database.jdbcUrl(Place.LOOPBACK.host(), database.port()),
                                "--username=" + database.username(),
                                "--password=" + database.password()),
                        Map.of())
                .awaitExit(MIGRATION_LIMIT);
        if (code != 0) {
            throw new IllegalStateException(
                    "the migration job of the " + build.name() + " version ended with " + code + ", see " + log);
        }
    }

    /** The older version, where everything began with one. */
    public Optional<Build> older() {
        return Optional.ofNullable(options.older());
    }

    private Service gateway(String instance, Map<String, String> settings, Ports on) {
        Service service = service(instance, 192, IngestGatewayApplication.class.getName(), settings, on.management());
        ports.put(service, on);
        return service;
    }

    private Service api(String instance, Ports on) {
        Service service = service(instance, 224, QueryApiApplication.class.getName(), apiSettings(on), on.management());
        ports.put(service, on);
        return service;
    }

    private Service streamProcessor(String instance, int management) {
        return service(
                instance,
                288,
                StreamProcessorApplication.class.getName(),
                streamSettings(instance, management),
                management);
    }

    private Map<String, String> gatewaySettings(String instance, Ports on) {
        Map<String, String> settings = web(on.http(), on.management());
        putKafka(settings, Client.GATEWAY);
        settings.put("heliograph.kafka.partitions", String.valueOf(PARTITIONS));
        settings.put("heliograph.kafka.replication", String.valueOf(kafka.size()));
        settings.put("heliograph.kafka.min-in-sync-replicas", kafka.size() == 1 ? "1" : "2");
        settings.put("heliograph.ingest.instance", instance);
        settings.put("heliograph.ingest.mqtt.host", "127.0.0.1");
        settings.put("heliograph.ingest.mqtt.port", String.valueOf(on.mqtt()));
        settings.put("heliograph.ingest.mqtt.drain.timeout", "3s");
        settings.put("heliograph.ingest.mqtt.tls.port", String.valueOf(on.tls()));
        settings.putAll(certificates.settings());
        return settings;
    }

    /** One gateway only subscribes: what the broker does with several is the broker's affair. */
    private void putSubscription(Map<String, String> settings, String instance) {
        Link way = gatewayToBroker;
        if (way != null) {
            settings.put(
                    "heliograph.ingest.subscription.broker-uri", "tcp://" + hostOf(Part.BROKER) + ":" + way.port());
            settings.put("heliograph.ingest.subscription.client-id", instance);
            settings.put("heliograph.ingest.subscription.keep-alive", "5s");
            settings.put("heliograph.ingest.subscription.session-expiry", "1m");
        }
    }

    private Map<String, String> streamSettings(String instance, int management) {
        Map<String, String> settings = web(management, management);
        putKafka(settings, Client.STREAM);
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
        settings.put("heliograph.writer.migrate-at-start", String.valueOf(options.older() == null));
        putWanted(settings);
        return settings;
    }

    /** {@code -Dheliograph.faults.set.NAME=VALUE} gives the stream processor another setting, to see what it changes. */
    private static void putWanted(Map<String, String> settings) {
        System.getProperties().stringPropertyNames().stream()
                .filter(name -> name.startsWith(WANTED))
                .forEach(name -> settings.put(name.substring(WANTED.length()), System.getProperty(name)));
    }

    private Map<String, String> apiSettings(Ports on) {
        Map<String, String> settings = web(on.http(), on.management());
        putKafka(settings, Client.API);
        putDatabase(settings, apiToDatabase);
        settings.put("heliograph.query.security.issuer", issuer.address());
        settings.put("heliograph.query.security.jwk-set-uri", issuer.address() + "/jwks");
        settings.put("heliograph.query.cursor.key", "the suite needs no better key than this one");
        return settings;
    }

    private void putKafka(Map<String, String> settings, Client client) {
        settings.put("heliograph.kafka.bootstrap-servers", kafka.bootstrapServers(client));
        kafka.credentials(client).forEach((name, value) -> settings.put("heliograph.kafka.properties." + name, value));
    }

    private void putDatabase(Map<String, String> settings, Link way) {
        settings.put(
                "heliograph.database.url",
                database.jdbcUrl(hostOf(Part.DATABASE), way.port())
                        + (innerCertificates != null && database.isOurs()
                                ? innerCertificates.databaseParameters()
                                : ""));
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

    /** Those that are there now. */
    public List<Service> running() {
        List<Service> all = new ArrayList<>(services());
        extra.stream().filter(service -> service.process().isAlive()).forEach(all::add);
        return all;
    }

    /** One more gateway. Devices come to it once {@link #aimDevicesAt} names it. */
    public Service anotherGateway(String instance) {
        return anotherGateway(instance, Map.of());
    }

    /** The same with settings of its own. */
    public Service anotherGateway(String instance, Map<String, String> settings) {
        Ports on = Ports.ofGateway();
        Map<String, String> all = gatewaySettings(instance, on);
        all.putAll(settings);
        Service another = gateway(instance, all, on);
        extra.add(another);
        return another;
    }

    /** One more API. Users come to it once {@link #aimUsersAt} names it. */
    public Service anotherApi(String instance) {
        Service another = api(instance, Ports.ofApi());
        extra.add(another);
        return another;
    }

    /** New connections of devices go to these gateways in turn. */
    public void aimDevicesAt(List<Service> gateways) {
        toGateway.aimAt(
                gateways.stream().map(service -> portsOf(service).mqtt()).toArray(Integer[]::new));
        toGatewayTls.aimAt(
                gateways.stream().map(service -> portsOf(service).tls()).toArray(Integer[]::new));
        toGatewayHttp.aimAt(
                gateways.stream().map(service -> portsOf(service).http()).toArray(Integer[]::new));
    }

    /** New connections of users go to these in turn. */
    public void aimUsersAt(List<Service> apis) {
        toApi.aimAt(apis.stream().map(service -> portsOf(service).http()).toArray(Integer[]::new));
    }

    /** Where a gateway itself listens for devices, past the proxy. */
    public int mqttPort(Service gateway) {
        return portsOf(gateway).mqtt();
    }

    /** Where an API itself listens, past the proxy. */
    public int apiPort(Service api) {
        return portsOf(api).http();
    }

    private Ports portsOf(Service service) {
        Ports found = ports.get(service);
        if (found == null) {
            throw new IllegalArgumentException(service.name() + " is neither a gateway nor an API");
        }
        return found;
    }

    /** Whether the gateway needs a password for Kafka. */
    public boolean asksForPasswords() {
        return options.special();
    }

    /** The certificates of the gateways' encrypted port, and of devices. */
    public Certificates certificates() {
        return certificates;
    }

    /** The disk of Kafka, if it has one of its own. */
    public Optional<SmallDisk> kafkaDisk() {
        return Optional.ofNullable(kafkaDisk);
    }

    /** The disk of the database, if it has one of its own. */
    public Optional<SmallDisk> databaseDisk() {
        return Optional.ofNullable(databaseDisk);
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

    /** The same, encrypted. */
    public Link toGatewayTls() {
        return toGatewayTls;
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
        aimAtDatabase();
    }

    /** SIGKILL for the database; the one that follows it takes its place, and the services are led there. */
    public void failDatabaseOver() {
        database.failOver();
        aimAtDatabase();
    }

    private void aimAtDatabase() {
        writerToDatabase.aimAt(database.port());
        apiToDatabase.aimAt(database.port());
    }

    /** What devices connect to. */
    public URI mqtt() {
        return URI.create("tcp://127.0.0.1:" + toGateway.port());
    }

    /** The same, encrypted. */
    public URI mqttTls() {
        return URI.create("ssl://localhost:" + toGatewayTls.port());
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
        return URI.create("http://127.0.0.1:" + toGatewayHttp.port());
    }

    /** Origin of the REST API. */
    public URI apiUri() {
        return URI.create("http://127.0.0.1:" + toApi.port());
    }

    /** Every way whole again. */
    public void healLinks() {
        toGateway.heal();
        toGatewayTls.heal();
        gatewayToKafka().heal();
        streamToKafka().heal();
        apiToKafka().heal();
        writerToDatabase.heal();
        apiToDatabase.heal();
        apiToIssuer.heal();
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
        toGatewayTls.close();
        toGatewayHttp.close();
        toApi.close();
        writerToDatabase.close();
        apiToDatabase.close();
        apiToIssuer.close();
        if (gatewayToBroker != null) {
            gatewayToBroker.close();
        }
        if (broker != null) {
            broker.close();
        }
        kafka.close();
        database.close();
        issuer.close();
        if (kafkaDisk != null) {
            kafkaDisk.close();
        }
        if (databaseDisk != null) {
            databaseDisk.close();
        }
    }
}
