package dev.heliograph.stream;

import dev.heliograph.model.wire.WireCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Everything committed on a topic from its beginning. */
final class TopicTail<T> implements AutoCloseable {
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final WireCodec<T> codec;
    private final List<T> seen = new ArrayList<>();

    TopicTail(String bootstrapServers, String topic, WireCodec<T> codec) {
        this.codec = codec;
        this.consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers", bootstrapServers,
                        "isolation.level", "read_committed",
                        "auto.offset.reset", "earliest",
                        "enable.auto.commit", "false"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    /** All values so far, those that came since the last call included. */
    List<T> all() {
        consumer.poll(Duration.ofMillis(200)).forEach(record -> seen.add(codec.decode(record.value())));
        return List.copyOf(seen);
    }

    @Override
    public void close() {
        consumer.close();
    }
}
