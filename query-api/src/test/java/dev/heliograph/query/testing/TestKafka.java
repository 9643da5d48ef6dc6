package dev.heliograph.query.testing;

import dev.heliograph.model.testing.KafkaNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** One Kafka of one node in this process, with every topic of the platform. */
public final class TestKafka implements AutoCloseable {
    public static final int PARTITIONS = 3;

    private final KafkaNode node;
    private final KafkaProducer<String, byte[]> producer;
    public final String bootstrapServers;

    public TestKafka() {
        try {
            node = new KafkaNode(Files.createTempDirectory("test-kafka"));
            bootstrapServers = node.bootstrapServers();
            node.createTopics(PARTITIONS);
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

    @Override
    public void close() {
        producer.close();
        node.close();
    }
}
