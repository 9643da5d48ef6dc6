package dev.heliograph.local.kafka;

import dev.heliograph.local.data.OwnerOnly;
import dev.heliograph.local.data.Ports;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;
import org.apache.kafka.server.common.TransactionVersion;

/**
 * One Kafka node, broker and controller, in this process, on the loopback interface.
 *
 * <p>What it has acknowledged survives the death of this process: written records are in the operating system's cache
 * then, and the log is checked at the next start. It does not survive the loss of power, which takes a cluster.
 */
public final class EmbeddedKafka implements AutoCloseable {
    private static final int NODE_ID = 1;
    private static final String LOOPBACK = "127.0.0.1";

    private final KafkaRaftServer server;
    private final int port;

    private EmbeddedKafka(KafkaRaftServer server, int port) {
        this.server = server;
        this.port = port;
    }

    /**
     * Starts the node on free ports and returns once it serves clients.
     *
     * @param directory where it keeps its logs; formatted at first use
     * @throws IOException if the directory cannot be used
     */
    public static EmbeddedKafka start(Path directory) throws IOException {
        // Kafka answers some failures by halting the process, without a word. At least say one.
        Exit.setHaltProcedure((status, message) -> {
            System.err.println("Kafka cannot go on and stops the process: " + message);
            Runtime.getRuntime().halt(status);
        });
        InetAddress loopback = InetAddress.getByName(LOOPBACK);
        if (!Files.exists(directory.resolve("meta.properties"))) {
            format(directory);
        }
        int brokerPort = sameAsBefore(directory, loopback);
        int controllerPort = freeOtherThan(loopback, brokerPort);
        KafkaConfig config = KafkaConfig.fromProps(asProperties(directory, brokerPort, controllerPort));
        KafkaRaftServer server = new KafkaRaftServer(config, Time.SYSTEM);
        server.startup();
        return new EmbeddedKafka(server, brokerPort);
    }

    /** What clients connect to. */
    public String bootstrapServers() {
        return LOOPBACK + ":" + port;
    }

    /** Stops cleanly: logs are flushed and the next start needs no recovery. */
    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }

    /**
     * The port of the last run where it is still free. Another one works as well, but the node's own coordinators look for
     * themselves on the old one until it has registered anew, which takes seconds.
     */
    private static int sameAsBefore(Path directory, InetAddress loopback) throws IOException {
        Path memory = directory.resolve("broker-port");
        if (Files.exists(memory)) {
            int before = Integer.parseInt(Files.readString(memory).strip());
            if (Ports.isFree(loopback, before)) {
                return before;
            }
        }
        int port = Ports.free(loopback);
        Files.writeString(memory, port + "\n");
        return port;
    }

    private static int freeOtherThan(InetAddress address, int taken) {
        int port = Ports.free(address);
        return port == taken ? freeOtherThan(address, taken) : port;
    }

    private static void format(Path directory) throws IOException {
        OwnerOnly.createDirectories(directory);
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        Formatter formatter = new Formatter()
                .setPrintStream(nowhere)
                .setNodeId(NODE_ID)
                .setClusterId(Uuid.randomUuid().toString())
                .setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
                .setFeatureLevel(TransactionVersion.FEATURE_NAME, TransactionVersion.TV_2.featureLevel())
                .setControllerListenerName("CONTROLLER")
                .setMetadataLogDirectory(directory.toString())
                .addDirectory(directory.toString())
                .setIgnoreFormatted(false);
        try {
            formatter.run();
        } catch (IOException | RuntimeException failure) {
            throw failure;
        } catch (Exception failure) {
            throw new IOException("cannot format " + directory, failure);
        }
    }

    private static Properties asProperties(Path directory, int brokerPort, int controllerPort) {
        Properties properties = new Properties();
        properties.putAll(node(directory, brokerPort, controllerPort));
        properties.putAll(SINGLE_NODE);
        properties.putAll(SMALL);
        return properties;
    }

    private static Map<String, String> node(Path directory, int brokerPort, int controllerPort) {
        return Map.of(
                "process.roles", "broker,controller",
                "node.id", Integer.toString(NODE_ID),
                "log.dirs", directory.toString(),
                "listeners",
                        "BROKER://%s:%d,CONTROLLER://%s:%d".formatted(LOOPBACK, brokerPort, LOOPBACK, controllerPort),
                "advertised.listeners", "BROKER://%s:%d".formatted(LOOPBACK, brokerPort),
                "listener.security.protocol.map", "BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT",
                "inter.broker.listener.name", "BROKER",
                "controller.listener.names", "CONTROLLER",
                // A static quorum: the one voter may have another port after a restart.
                "controller.quorum.voters", "%d@%s:%d".formatted(NODE_ID, LOOPBACK, controllerPort));
    }

    /** One node is all there is, so nothing waits for a second one. */
    private static final Map<String, String> SINGLE_NODE = Map.of(
            "offsets.topic.replication.factor", "1",
            "transaction.state.log.replication.factor", "1",
            "transaction.state.log.min.isr", "1",
            "share.coordinator.state.topic.replication.factor", "1",
            "share.coordinator.state.topic.min.isr", "1",
            "group.initial.rebalance.delay.ms", "0",
            "auto.create.topics.enable", "false",
            // After a crash the node waits for so long until its earlier self counts as gone.
            "broker.session.timeout.ms", "6000",
            "broker.heartbeat.interval.ms", "500");

    /** Sized for a laptop: 3 days or 512 MB a partition of history, a few tens of megabytes of heap. */
    private static final Map<String, String> SMALL = Map.ofEntries(
            Map.entry("offsets.topic.num.partitions", "4"),
            Map.entry("transaction.state.log.num.partitions", "4"),
            Map.entry("share.coordinator.state.topic.num.partitions", "1"),
            Map.entry("num.network.threads", "2"),
            Map.entry("num.io.threads", "4"),
            Map.entry("num.replica.fetchers", "1"),
            Map.entry("background.threads", "2"),
            Map.entry("queued.max.requests", "100"),
            Map.entry("log.cleaner.dedupe.buffer.size", "8388608"),
            Map.entry("log.cleaner.threads", "1"),
            Map.entry("log.index.size.max.bytes", "1048576"),
            Map.entry("log.segment.bytes", "67108864"),
            Map.entry("log.retention.hours", "72"),
            Map.entry("log.retention.bytes", "536870912"),
            Map.entry("num.recovery.threads.per.data.dir", "2"),
            Map.entry("metadata.log.segment.bytes", "16777216"));
}
