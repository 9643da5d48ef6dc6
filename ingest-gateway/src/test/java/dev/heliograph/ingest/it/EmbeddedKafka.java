package dev.heliograph.ingest.it;

import dev.heliograph.model.credential.DeviceKeyHash;
import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.wire.DeviceRecord;
import dev.heliograph.model.wire.Topics;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;
import org.jspecify.annotations.Nullable;

/** One Kafka broker in this process, which can be stopped and started again on the same ports and data. */
final class EmbeddedKafka implements AutoCloseable {
    private static final byte[] SALT = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private final Path directory;
    private final int brokerPort;
    private final int controllerPort;
    private @Nullable KafkaRaftServer server;

    EmbeddedKafka(Path directory) {
        this.directory = directory;
        this.brokerPort = freePort();
        this.controllerPort = freePort();
        format();
        start();
    }

    String bootstrapServers() {
        return "127.0.0.1:" + brokerPort;
    }

    void start() {
        server = new KafkaRaftServer(new KafkaConfig(config()), Time.SYSTEM);
        server.startup();
    }

    void stop() {
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

    /** Registers a device with a password. */
    void register(DeviceKey device, String password, boolean enabled) {
        register(device, password, enabled, false);
    }

    void register(DeviceKey device, String password, Map<String, String> labels) {
        register(device, password, true, false, labels);
    }

    void register(DeviceKey device, String password, boolean enabled, boolean mayBackfill) {
        register(device, password, enabled, mayBackfill, Map.of());
    }

    private void register(
            DeviceKey device, String password, boolean enabled, boolean mayBackfill, Map<String, String> labels) {
        DeviceKeyHash hash = DeviceKeyHash.of(password, SALT);
        DeviceRecord value = new DeviceRecord(
                1,
                device.tenant().value(),
                device.device().value(),
                enabled,
                null,
                null,
                labels,
                null,
                List.of(new DeviceRecord.Credential(hash.saltHex(), hash.hashHex())),
                1,
                mayBackfill);
        send(Topics.DEVICES, device.toString(), DeviceRecord.CODEC.encode(value));
    }

    void send(String topic, String key, byte @Nullable [] value) {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(topic, key.getBytes(StandardCharsets.UTF_8), value));
        }
    }

    /** Everything that is in a topic now. */
    List<ConsumerRecord<byte[], byte[]>> readAll(String topic) {
        Map<String, Object> properties = Map.of("bootstrap.servers", bootstrapServers());
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            Collection<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            }
            return records;
        }
    }

    private void format() {
        try {
            new Formatter()
                    .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8))
                    .setNodeId(1)
                    .setClusterId(Uuid.randomUuid().toString())
                    .addDirectory(directory.toString())
                    .setMetadataLogDirectory(directory.toString())
                    .setControllerListenerName("CONTROLLER")
                    .setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
                    .run();
        } catch (Exception failure) {
            throw new IllegalStateException("cannot format the storage", failure);
        }
    }

    private Map<String, Object> config() {
        Map<String, Object> config = new HashMap<>();
        config.put("process.roles", "broker,controller");
        config.put("node.id", "1");
        config.put("controller.quorum.voters", "1@127.0.0.1:" + controllerPort);
        config.put("controller.listener.names", "CONTROLLER");
        config.put("listeners", "PLAINTEXT://127.0.0.1:" + brokerPort + ",CONTROLLER://127.0.0.1:" + controllerPort);
        config.put("advertised.listeners", "PLAINTEXT://127.0.0.1:" + brokerPort);
        config.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        config.put("log.dirs", directory.toString());
        config.put("auto.create.topics.enable", "false");
        config.put("offsets.topic.replication.factor", "1");
        config.put("offsets.topic.num.partitions", "1");
        config.put("transaction.state.log.replication.factor", "1");
        config.put("transaction.state.log.min.isr", "1");
        config.put("share.coordinator.state.topic.replication.factor", "1");
        config.put("share.coordinator.state.topic.min.isr", "1");
        config.put("log.cleaner.dedupe.buffer.size", "2097152");
        config.put("initial.broker.registration.timeout.ms", "60000");
        return config;
    }

    private static int freePort() {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        } catch (IOException failure) {
            throw new IllegalStateException("no free port", failure);
        }
    }
}
