package dev.heliograph.writer.revise;

import dev.heliograph.model.wire.Topics;
import dev.heliograph.model.wire.WindowRevisionRecord;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@link RevisionTopic} on Kafka: idempotent, acknowledged by all in-sync replicas. Used by one thread. */
public final class KafkaRevisionTopic implements RevisionTopic {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaRevisionTopic.class);
    private static final Duration CLOSE_WAIT = Duration.ofSeconds(1);

    private final Map<String, Object> properties;
    private final Duration wait;
    private @Nullable Producer<byte[], byte[]> producer;

    /**
     * @param client properties of every client, the addresses among them
     * @param id of the client
     * @param wait longest time for one batch
     */
    public KafkaRevisionTopic(Map<String, ?> client, String id, Duration wait) {
        this.wait = wait;
        properties = new HashMap<>(client);
        int millis = Math.toIntExact(wait.toMillis());
        properties.put(ProducerConfig.CLIENT_ID_CONFIG, id);
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        properties.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "zstd");
        properties.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, millis);
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, millis);
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, millis);
    }

    @Override
    public boolean publish(List<WindowRevisionRecord> revisions) {
        long deadline = System.nanoTime() + wait.toNanos();
        try {
            Producer<byte[], byte[]> open = open();
            List<Future<RecordMetadata>> sent = new ArrayList<>(revisions.size());
            for (WindowRevisionRecord revision : revisions) {
                byte[] key = (revision.tenant() + "/" + revision.device()).getBytes(StandardCharsets.UTF_8);
                sent.add(open.send(new ProducerRecord<>(
                        Topics.WINDOW_REVISIONS, key, WindowRevisionRecord.CODEC.encode(revision))));
            }
            for (Future<RecordMetadata> one : sent) {
                one.get(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            }
            return true;
        } catch (KafkaException | ExecutionException | TimeoutException failure) {
            LOG.debug("Revisions can not be told now: {}", failure.toString());
            // What is still on its way must not overtake what is sent again.
            closeNow();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    private Producer<byte[], byte[]> open() {
        Producer<byte[], byte[]> open = producer;
        if (open == null) {
            open = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
            producer = open;
        }
        return open;
    }

    private void closeNow() {
        Producer<byte[], byte[]> open = producer;
        producer = null;
        close(open, Duration.ZERO);
    }

    @Override
    public void close() {
        Producer<byte[], byte[]> open = producer;
        producer = null;
        close(open, CLOSE_WAIT);
    }

    private static void close(@Nullable Producer<byte[], byte[]> open, Duration within) {
        if (open != null) {
            try {
                open.close(within);
            } catch (InterruptException stop) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
