package dev.heliograph.query.stream;

import dev.heliograph.model.wire.Topics;
import dev.heliograph.query.kafka.KafkaSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Reads the live topics for the hub: without a group, from the end, committed records only. When it is too far behind, or
 * Kafka has deleted what it would read next, it jumps to now and everybody is told.
 */
public final class LiveFeed implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(LiveFeed.class);
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final Duration STOP_WAIT = Duration.ofSeconds(5);
    private static final long PARTITION_CHECK_NANOS = Duration.ofSeconds(30).toNanos();
    private static final int MAX_TICK_RECORDS = 20_000;

    private final KafkaSettings kafka;
    private final StreamSettings settings;
    private final LiveHub hub;
    private final StreamMetrics metrics;
    private volatile boolean stopping;
    private volatile boolean reading;
    private volatile @Nullable Thread worker;
    private volatile @Nullable KafkaConsumer<byte[], byte[]> consumer;

    public LiveFeed(KafkaSettings kafka, StreamSettings settings, LiveHub hub, StreamMetrics metrics) {
        this.kafka = kafka;
        this.settings = settings;
        this.hub = hub;
        this.metrics = metrics;
    }

    /** Whether the topics are being read. */
    boolean reading() {
        return reading;
    }

    static Map<String, Object> consumerProperties(KafkaSettings kafka, String id) {
        Map<String, Object> properties = kafka.client(id);
        properties.put("isolation.level", "read_committed");
        properties.put("enable.auto.commit", "false");
        properties.put("auto.offset.reset", "none");
        properties.put("allow.auto.create.topics", "false");
        properties.put("max.poll.records", "5000");
        properties.put("fetch.max.wait.ms", "50");
        properties.put("fetch.max.bytes", "16777216");
        properties.put("default.api.timeout.ms", "5000");
        return properties;
    }

    private void run() {
        boolean interrupted = false;
        while (!stopping) {
            try (KafkaConsumer<byte[], byte[]> open = new KafkaConsumer<>(
                    consumerProperties(kafka, "query-api-live"),
                    new ByteArrayDeserializer(),
                    new ByteArrayDeserializer())) {
                consumer = open;
                assign(open);
                if (interrupted) {
                    hub.reset("interrupted");
                }
                reading = true;
                follow(open);
            } catch (WakeupException | InterruptException stop) {
                LOG.debug("The live feed ends");
            } catch (KafkaException failure) {
                LOG.warn("The live topics can not be read: {}", failure.getMessage());
                interrupted |= reading;
            } catch (RuntimeException fault) {
                // What a tick had read is lost to the viewers, who are told so; the stream goes on behind it.
                LOG.error("A tick of the live stream failed", fault);
                interrupted |= reading;
            } finally {
                reading = false;
                consumer = null;
            }
            pause();
        }
    }

    private static void assign(KafkaConsumer<byte[], byte[]> open) {
        List<TopicPartition> partitions = partitions(open);
        open.assign(partitions);
        open.seekToEnd(partitions);
    }

    private static List<TopicPartition> partitions(KafkaConsumer<byte[], byte[]> open) {
        List<TopicPartition> partitions = new ArrayList<>();
        for (String topic : List.of(Topics.READINGS, Topics.WINDOWS, Topics.PRESENCE, Topics.ALERT_TRANSITIONS)) {
            var infos = open.partitionsFor(topic);
            if (infos.isEmpty()) {
                throw new KafkaException("the topic " + topic + " is not there");
            }
            infos.forEach(info -> partitions.add(new TopicPartition(topic, info.partition())));
        }
        return partitions;
    }

    private void follow(KafkaConsumer<byte[], byte[]> open) {
        Positions positions = positions(open);
        hub.tick(List.of(), positions);
        long checkedAt = System.nanoTime();
        while (!stopping) {
            try {
                List<ConsumerRecord<byte[], byte[]>> records = collect(open);
                // The places are asked for only when they have changed: it costs a lock for each partition.
                positions = records.isEmpty() ? positions : positions(open);
                hub.tick(records, positions);
                if (System.nanoTime() - checkedAt > PARTITION_CHECK_NANOS) {
                    checkedAt = System.nanoTime();
                    addNewPartitions(open);
                }
                if (behind(open) > settings.behindRecords()) {
                    jump(open, "behind");
                }
            } catch (InvalidOffsetException deleted) {
                jump(open, "deleted");
            }
        }
    }

    private List<ConsumerRecord<byte[], byte[]>> collect(KafkaConsumer<byte[], byte[]> open) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        long end = System.nanoTime() + settings.tick().toNanos();
        long left = settings.tick().toNanos();
        while (left > 0 && records.size() < MAX_TICK_RECORDS) {
            for (ConsumerRecord<byte[], byte[]> record : open.poll(Duration.ofNanos(left))) {
                records.add(record);
                if (record.topic().equals(Topics.READINGS)) {
                    metrics.arrived(record.timestamp());
                }
            }
            left = end - System.nanoTime();
        }
        return records;
    }

    private static Positions positions(KafkaConsumer<byte[], byte[]> open) {
        Map<StreamTopic, long[]> next = new EnumMap<>(StreamTopic.class);
        Set<TopicPartition> assigned = open.assignment();
        for (StreamTopic topic : StreamTopic.values()) {
            int partitions = (int) assigned.stream()
                    .filter(partition -> partition.topic().equals(topic.kafkaTopic))
                    .count();
            if (partitions > 0) {
                long[] offsets = new long[partitions];
                for (int i = 0; i < partitions; i++) {
                    offsets[i] = open.position(new TopicPartition(String.valueOf(topic.kafkaTopic), i));
                }
                next.put(topic, offsets);
            }
        }
        return new Positions(next);
    }

    private static long behind(KafkaConsumer<byte[], byte[]> open) {
        long behind = 0;
        for (TopicPartition partition : open.assignment()) {
            behind += open.currentLag(partition).orElse(0);
        }
        return behind;
    }

    private void jump(KafkaConsumer<byte[], byte[]> open, String reason) {
        LOG.warn("The live feed jumps to now: {}", reason);
        open.seekToEnd(open.assignment());
        hub.tick(List.of(), positions(open));
        hub.reset(reason);
    }

    private static void addNewPartitions(KafkaConsumer<byte[], byte[]> open) {
        List<TopicPartition> all = partitions(open);
        Set<TopicPartition> known = open.assignment();
        List<TopicPartition> fresh =
                all.stream().filter(partition -> !known.contains(partition)).toList();
        if (!fresh.isEmpty()) {
            open.assign(all); // the places of the known ones stay
            open.seekToBeginning(fresh);
        }
    }

    private void pause() {
        try {
            if (!stopping) {
                Thread.sleep(RETRY);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void start() {
        stopping = false;
        worker = Thread.ofPlatform().name("live-feed").daemon().start(this::run);
    }

    @Override
    public void stop() {
        stopping = true;
        hub.endAll("stopping");
        KafkaConsumer<byte[], byte[]> open = consumer;
        if (open != null) {
            open.wakeup();
        }
        Thread running = worker;
        if (running != null) {
            try {
                running.join(STOP_WAIT);
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
