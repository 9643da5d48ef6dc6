package dev.heliograph.model.testing;

import dev.heliograph.model.wire.Topics;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.raft.DynamicVoters;
import org.jspecify.annotations.Nullable;

/**
 * A Kafka of one node in this JVM, for the tests of every module: on loopback ports that were free, which it keeps when it
 * is stopped and started again on its data.
 */
public final class KafkaNode implements AutoCloseable {
    private final Path directory;
    private final int brokerPort = freePort();
    private final int controllerPort = freePort();
    private @Nullable KafkaRaftServer server;

    /**
     * Formats an empty directory and starts.
     *
     * @param directory where the node keeps its data
     */
    public KafkaNode(Path directory) {
        this.directory = directory;
        format();
        start();
    }

    /** Where clients connect. */
    public String bootstrapServers() {
        return "127.0.0.1:" + brokerPort;
    }

    /** Starts a node that was stopped. */
    public void start() {
        server = new KafkaRaftServer(new KafkaConfig(config()), Time.SYSTEM);
        server.startup();
    }

    /** Stops the node; its data stays. */
    public void stop() {
        if (server != null) {
            server.shutdown();
            server.awaitShutdown();
            server = null;
        }
    }

    @Override
    public void close() {
        stop();
    }

    /**
     * Creates every topic of the platform as the gateway would, and waits until each partition is served: the first records of
     * a partition must not meet its leader while it is getting ready (KAFKA-15591).
     *
     * @param partitions of the topics that are keyed by device
     */
    public void createTopics(int partitions) throws InterruptedException, ExecutionException {
        List<NewTopic> topics = Topics.ALL.stream()
                .map(spec ->
                        new NewTopic(spec.name(), spec.kind() == Topics.Kind.SMALL_TABLE ? 1 : partitions, (short) 1))
                .toList();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers()))) {
            admin.createTopics(topics).all().get();
            Map<TopicPartition, OffsetSpec> newest = new HashMap<>();
            for (NewTopic topic : topics) {
                for (int partition = 0; partition < topic.numPartitions(); partition++) {
                    newest.put(new TopicPartition(topic.name(), partition), OffsetSpec.latest());
                }
            }
            admin.listOffsets(newest).all().get();
        }
    }

    private void format() {
        try {
            new Formatter()
                    .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                    .setNodeId(1)
                    .setClusterId(Uuid.randomUuid().toString())
                    .addDirectory(directory.toString())
                    .setMetadataLogDirectory(directory.toString())
                    .setControllerListenerName("CONTROLLER")
                    .setFeatureLevel("kraft.version", (short) 1)
                    .setInitialControllers(
                            DynamicVoters.parse("1@127.0.0.1:" + controllerPort + ":" + Uuid.randomUuid()))
                    .setHasDynamicQuorum(true)
                    .run();
        } catch (Exception failure) {
            throw new IllegalStateException("cannot format the log directory", failure);
        }
    }

    private Map<String, Object> config() {
        Map<String, Object> config = new HashMap<>();
        config.put("process.roles", "broker,controller");
        config.put("node.id", "1");
        config.put("listeners", "PLAINTEXT://" + bootstrapServers() + ",CONTROLLER://127.0.0.1:" + controllerPort);
        config.put("advertised.listeners", "PLAINTEXT://" + bootstrapServers());
        config.put("controller.listener.names", "CONTROLLER");
        config.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        config.put("controller.quorum.bootstrap.servers", "127.0.0.1:" + controllerPort);
        config.put("log.dirs", directory.toString());
        config.put("auto.create.topics.enable", "false");
        config.put("offsets.topic.replication.factor", "1");
        config.put("offsets.topic.num.partitions", "1");
        config.put("transaction.state.log.replication.factor", "1");
        config.put("transaction.state.log.num.partitions", "1");
        config.put("transaction.state.log.min.isr", "1");
        config.put("share.coordinator.state.topic.replication.factor", "1");
        config.put("share.coordinator.state.topic.min.isr", "1");
        config.put("group.initial.rebalance.delay.ms", "0");
        config.put("log.cleaner.dedupe.buffer.size", "2097152");
        config.put("initial.broker.registration.timeout.ms", "60000");
        return config;
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
