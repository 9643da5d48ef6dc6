package dev.heliograph.query.history;

import dev.heliograph.model.reading.Reading;
import dev.heliograph.model.wire.ReadingCodec;
import dev.heliograph.model.wire.Topics;
import dev.heliograph.query.kafka.KafkaSettings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** {@link HistoryTopic} on Kafka: idempotent, acknowledged by all in-sync replicas. Opened with the first reading. */
public final class KafkaHistoryTopic implements HistoryTopic, AutoCloseable {
    private static final Duration CLOSE_WAIT = Duration.ofSeconds(1);
    private static final long MICROS_PER_MILLI = 1_000;

    private final KafkaSettings kafka;
    private final Duration wait;
    private @Nullable Producer<byte[], byte[]> producer;

    /** @param wait longest time that a reading may wait for its acknowledgement */
    public KafkaHistoryTopic(KafkaSettings kafka, Duration wait) {
        this.kafka = kafka;
        this.wait = wait;
    }

    @Override
    public CompletableFuture<?> send(Reading reading) {
        CompletableFuture<Object> safe = new CompletableFuture<>();
        ProducerRecord<byte[], byte[]> one = new ProducerRecord<>(
                Topics.READINGS,
                null,
                reading.receivedMicros() / MICROS_PER_MILLI,
                reading.device().toString().getBytes(StandardCharsets.UTF_8),
                ReadingCodec.encode(reading));
        try {
            open().send(one, (where, failure) -> {
                if (failure == null) {
                    safe.complete(where);
                } else {
                    safe.completeExceptionally(failure);
                }
            });
        } catch (KafkaException away) {
            safe.completeExceptionally(away);
        }
        return safe;
    }

    private synchronized Producer<byte[], byte[]> open() {
        Producer<byte[], byte[]> open = producer;
        if (open == null) {
            Map<String, Object> properties = kafka.client("query-api-history");
            String millis = Long.toString(wait.toMillis());
            properties.put("acks", "all");
            properties.put("enable.idempotence", "true");
            properties.put("compression.type", "zstd");
            properties.put("linger.ms", "20");
            properties.put("max.block.ms", millis);
            properties.put("request.timeout.ms", millis);
            properties.put("delivery.timeout.ms", Long.toString(wait.toMillis() + 20));
            open = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
            producer = open;
        }
        return open;
    }

    @Override
    public synchronized void close() {
        Producer<byte[], byte[]> open = producer;
        producer = null;
        if (open != null) {
            open.close(CLOSE_WAIT);
        }
    }
}
