package dev.heliograph.query.system;

import dev.heliograph.model.wire.ServiceStatusRecord;
import dev.heliograph.model.wire.Topics;
import dev.heliograph.model.wire.WireFormatException;
import dev.heliograph.query.kafka.KafkaSettings;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Reads the heartbeats of all services, and asks Kafka now and then where the readings end. */
public final class StatusFeed implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(StatusFeed.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration LOOK_BACK = Duration.ofSeconds(30);
    private static final Duration PROBE = Duration.ofSeconds(2);
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final KafkaSettings kafka;
    private final StatusBoard board;
    private final KafkaView view;
    private final Clock clock;
    private final Counter unreadable;
    private volatile @Nullable Thread worker;
    private volatile @Nullable KafkaConsumer<byte[], byte[]> consumer;
    private volatile boolean stopping;

    public StatusFeed(KafkaSettings kafka, StatusBoard board, KafkaView view, Clock clock, MeterRegistry meters) {
        this.kafka = kafka;
        this.board = board;
        this.view = view;
        this.clock = clock;
        this.unreadable = meters.counter("heliograph.query.unreadable", "topic", Topics.SERVICE_STATUS);
    }

    private void run() {
        while (!stopping) {
            try (KafkaConsumer<byte[], byte[]> open = open()) {
                consumer = open;
                follow(open);
            } catch (WakeupException | InterruptException stop) {
                LOG.debug("The status feed ends");
            } catch (KafkaException away) {
                view.failed(String.valueOf(away.getMessage()));
                LOG.debug("The status of the services can not be read: {}", away.getMessage());
                pause();
            } finally {
                consumer = null;
            }
        }
    }

    private KafkaConsumer<byte[], byte[]> open() {
        Map<String, Object> properties = kafka.client("query-api-status");
        properties.put("enable.auto.commit", "false");
        properties.put("auto.offset.reset", "latest");
        properties.put("allow.auto.create.topics", "false");
        properties.put("default.api.timeout.ms", Long.toString(TIMEOUT.toMillis()));
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private void follow(KafkaConsumer<byte[], byte[]> open) {
        TopicPartition statuses = new TopicPartition(Topics.SERVICE_STATUS, 0);
        open.assign(List.of(statuses));
        Map<TopicPartition, OffsetAndTimestamp> recent = open.offsetsForTimes(
                Map.of(statuses, clock.instant().minus(LOOK_BACK).toEpochMilli()));
        OffsetAndTimestamp start = recent.get(statuses);
        if (start == null) {
            open.seekToEnd(List.of(statuses));
        } else {
            open.seek(statuses, start.offset());
        }
        Instant nextProbe = Instant.MIN;
        while (!stopping) {
            for (ConsumerRecord<byte[], byte[]> record : open.poll(POLL)) {
                accept(record);
            }
            if (!clock.instant().isBefore(nextProbe)) {
                probe(open);
                nextProbe = clock.instant().plus(PROBE);
            }
        }
    }

    void accept(ConsumerRecord<byte[], byte[]> record) {
        byte @Nullable [] value = record.value();
        if (value == null) {
            return;
        }
        try {
            board.accept(ServiceStatusRecord.CODEC.decode(value));
        } catch (WireFormatException notAStatus) {
            unreadable.increment();
            LOG.warn("A heartbeat can not be read: {}", notAStatus.getMessage());
        }
    }

    private void probe(KafkaConsumer<byte[], byte[]> open) {
        List<TopicPartition> partitions = open.partitionsFor(Topics.READINGS).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        Map<Integer, Long> ends = new HashMap<>();
        open.endOffsets(partitions).forEach((partition, next) -> ends.put(partition.partition(), next));
        view.seen(ends);
    }

    private void pause() {
        try {
            Thread.sleep(RETRY);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void start() {
        stopping = false;
        worker = Thread.ofPlatform().name("status-feed").daemon().start(this::run);
    }

    @Override
    public void stop() {
        stopping = true;
        KafkaConsumer<byte[], byte[]> open = consumer;
        if (open != null) {
            open.wakeup();
        }
        Thread running = worker;
        if (running != null) {
            try {
                running.join(TIMEOUT);
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
        }
        worker = null;
    }

    @Override
    public boolean isRunning() {
        return worker != null;
    }
}
