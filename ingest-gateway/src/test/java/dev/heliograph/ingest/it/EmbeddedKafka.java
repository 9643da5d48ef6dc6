package dev.heliograph.ingest.it;

import dev.heliograph.model.credential.DeviceKeyHash;
import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.testing.KafkaNode;
import dev.heliograph.model.wire.DeviceRecord;
import dev.heliograph.model.wire.Topics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** One Kafka broker in this process, which can be stopped and started again on the same ports and data. */
final class EmbeddedKafka implements AutoCloseable {
    private static final byte[] SALT = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private final KafkaNode node;

    EmbeddedKafka(Path directory) {
        node = new KafkaNode(directory);
    }

    String bootstrapServers() {
        return node.bootstrapServers();
    }

    void start() {
        node.start();
    }

    void stop() {
        node.stop();
    }

    @Override
    public void close() {
        node.close();
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
}
