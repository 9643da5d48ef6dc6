package dev.heliograph.query.testing;

import dev.heliograph.model.wire.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.raft.DynamicVoters;

/** One Kafka of one node in this process, with every topic of the platform. */
public final class TestKafka implements AutoCloseable {
    public static final int PARTITIONS = 3;
    private static final String CLUSTER = "4L6g3nShT-eMCtK--X86sw";

    private final KafkaRaftServer server;
    private final KafkaProducer<String, byte[]> producer;
    public final String bootstrapServers;

    public TestKafka() {
        try {
            int port = freePort();
            int controller = freePort();
            bootstrapServers = "127.0.0.1:" + port;
            Path logs = Files.createTempDirectory("test-kafka");
            Properties properties = properties(port, controller, logs);
            format(logs, controller);
            server = new KafkaRaftServer(new KafkaConfig(properties, false), Time.SYSTEM);
            server.startup();
            createTopics();
            producer = new KafkaProducer<>(
                    Map.of(
                            "bootstrap.servers",
                            bootstrapServers,
                            "linger.ms",
                            "0",
                            "max.in.flight.requests.per.connection",
                            "1"),
                    new StringSerializer(),
                    new ByteArraySerializer());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static Properties properties(int port, int controller, Path logs) {
        Properties properties = new Properties();
        properties.put("process.roles", "broker,controller");
        properties.put("node.id", "1");
        properties.put("listeners", "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controller);
        properties.put("advertised.listeners", "PLAINTEXT://127.0.0.1:" + port);
        properties.put("controller.listener.names", "CONTROLLER");
        properties.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        properties.put("controller.quorum.bootstrap.servers", "127.0.0.1:" + controller);
        properties.put("log.dirs", logs.toString());
        properties.put("auto.create.topics.enable", "false");
        properties.put("offsets.topic.replication.factor", "1");
        properties.put("transaction.state.log.replication.factor", "1");
        properties.put("transaction.state.log.min.isr", "1");
        properties.put("share.coordinator.state.topic.replication.factor", "1");
        properties.put("share.coordinator.state.topic.min.isr", "1");
        return properties;
    }

    private static void format(Path logs, int controller) throws Exception {
        new Formatter()
                .setClusterId(CLUSTER)
                .setNodeId(1)
                .setControllerListenerName("CONTROLLER")
                .setInitialControllers(DynamicVoters.parse("1@127.0.0.1:" + controller + ":" + Uuid.randomUuid()))
                .setHasDynamicQuorum(true)
                .addDirectory(logs.toString())
                .setMetadataLogDirectory(logs.toString())
                .setFeatureLevel("kraft.version", (short) 1)
                .run();
    }

    private void createTopics() throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            List<NewTopic> topics = Topics.ALL.stream()
                    .map(spec -> new NewTopic(
                            spec.name(), spec.kind() == Topics.Kind.SMALL_TABLE ? 1 : PARTITIONS, (short) 1))
                    .toList();
            admin.createTopics(topics).all().get();
        }
    }

    /** Sends and waits. */
    public void send(String topic, String key, byte[] value) {
        try {
            sendLater(topic, key, value).get();
        } catch (InterruptedException | ExecutionException failure) {
            throw new IllegalStateException(failure);
        }
    }

    public Future<RecordMetadata> sendLater(String topic, String key, byte[] value) {
        return producer.send(new ProducerRecord<>(topic, key, value));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        producer.close();
        server.shutdown();
        server.awaitShutdown();
    }
}
