package dev.heliograph.query.outbox;

import dev.heliograph.query.kafka.KafkaSettings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@link ConfigurationTopics} on Kafka: idempotent, acknowledged by all in-sync replicas. */
public final class KafkaConfigurationTopics implements ConfigurationTopics, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaConfigurationTopics.class);
    private static final Duration CLOSE_WAIT = Duration.ofSeconds(1);

    private final KafkaSettings kafka;
    private final Duration wait;
    private @Nullable Producer<byte[], byte[]> producer;

    /** @param wait longest time for one batch */
    public KafkaConfigurationTopics(KafkaSettings kafka, Duration wait) {
        this.kafka = kafka;
        this.wait = wait;
    }

    @Override
    public synchronized int publish(List<OutboxRow> rows) {
        long deadline = System.nanoTime() + wait.toNanos();
        try {
            // A client is not made while no name of Kafka stands for an address, or its certificates cannot be read.
            Producer<byte[], byte[]> open = open();
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (OutboxRow row : rows) {
                sent.add(open.send(new ProducerRecord<>(row.topic(), utf8(row.key()), valueOf(row))));
            }
            return kept(sent, deadline);
        } catch (KafkaException away) {
            LOG.warn("Configuration can not be published: {}", away.getMessage());
            closeNow();
            return 0;
        }
    }

    private int kept(List<Future<RecordMetadata>> sent, long deadline) {
        int kept = 0;
        try {
            for (Future<RecordMetadata> one : sent) {
                one.get(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
                kept++;
            }
        } catch (ExecutionException | TimeoutException failure) {
            LOG.warn("Kafka kept {} of {} changes: {}", kept, sent.size(), failure.toString());
            // What is still on its way must not overtake what is sent again for the same key.
            closeNow();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
        return kept;
    }

    private Producer<byte[], byte[]> open() {
        Producer<byte[], byte[]> open = producer;
        if (open == null) {
            open = create();
            producer = open;
        }
        return open;
    }

    private Producer<byte[], byte[]> create() {
        Map<String, Object> properties = kafka.client("query-api-outbox");
        long millis = wait.toMillis();
        properties.put("acks", "all");
        properties.put("enable.idempotence", "true");
        properties.put("compression.type", "zstd");
        properties.put("linger.ms", "0");
        properties.put("max.block.ms", Long.toString(millis));
        properties.put("request.timeout.ms", Long.toString(millis));
        properties.put("delivery.timeout.ms", Long.toString(millis));
        return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private void closeNow() {
        Producer<byte[], byte[]> open = producer;
        producer = null;
        if (open != null) {
            try {
                open.close(Duration.ZERO);
            } catch (InterruptException stop) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public synchronized void close() {
        Producer<byte[], byte[]> open = producer;
        producer = null;
        if (open != null) {
            open.close(CLOSE_WAIT);
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte @Nullable [] valueOf(OutboxRow row) {
        String value = row.value();
        return value == null ? null : utf8(value);
    }
}
