package dev.heliograph.ingest.kafka;

import dev.heliograph.ingest.registry.DeviceTable;
import dev.heliograph.model.clock.WallSteps;
import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.wire.DeviceRecord;
import dev.heliograph.model.wire.Topics;
import dev.heliograph.model.wire.WireFormatException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the {@link DeviceTable} as the compacted topic {@code devices} says: reads it from the beginning on a thread of its
 * own, without a consumer group, and then follows it. After a failure it starts again from the beginning; the table stays
 * as it was meanwhile.
 */
public final class DeviceTableFeed implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DeviceTableFeed.class);
    private static final Duration POLL = Duration.ofMillis(250);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final KafkaSettings settings;
    private final DeviceTable table;
    private final Counter unreadable;
    private final Thread reader;
    private volatile boolean closing;
    private volatile boolean caughtUp;
    private volatile @Nullable Consumer<byte[], byte[]> current;

    public DeviceTableFeed(KafkaSettings settings, DeviceTable table, MeterRegistry meters) {
        this.settings = settings;
        this.table = table;
        this.unreadable = Counter.builder("heliograph.ingest.devices.unreadable")
                .description("Entries of the topic of devices that could not be read; they admit nobody")
                .register(meters);
        this.reader = Thread.ofPlatform().name("device-table").daemon().unstarted(this::run);
    }

    /** Starts to read. */
    public void start() {
        reader.start();
    }

    /** Whether everything that was in the topic at the start has been read. */
    public boolean isCaughtUp() {
        return caughtUp;
    }

    private void run() {
        while (!closing) {
            try (Consumer<byte[], byte[]> consumer = consumer()) {
                current = consumer;
                follow(consumer);
            } catch (WakeupException closed) {
                LOG.debug("The feed of the device table was woken to end", closed);
            } catch (KafkaException failure) {
                LOG.warn("The feed of the device table failed and starts again", failure);
                pause();
            } finally {
                current = null;
            }
        }
    }

    private Consumer<byte[], byte[]> consumer() {
        Map<String, Object> properties = settings.clientProperties("ingest-gateway-devices");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
        properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, "500");
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private void follow(Consumer<byte[], byte[]> consumer) {
        List<TopicPartition> partitions = consumer.partitionsFor(Topics.DEVICES).stream()
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList();
        if (partitions.isEmpty()) {
            throw new KafkaException("the topic " + Topics.DEVICES + " does not exist");
        }
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        // A consumer counts its pauses by the wall clock: where that is set back, another one takes its place.
        WallSteps steps = new WallSteps(InstantSource.system(), System::nanoTime);
        while (!closing && !steps.look().isNegative()) {
            consumer.poll(POLL).forEach(this::apply);
            if (!caughtUp
                    && ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue())) {
                caughtUp = true;
                LOG.info("The device table is complete: {} devices", table.size());
            }
        }
    }

    void apply(ConsumerRecord<byte[], byte[]> record) {
        byte[] value = record.value();
        try {
            if (value == null) {
                key(record).ifPresent(table::remove);
            } else {
                table.put(DeviceRecord.CODEC.decode(value));
            }
        } catch (WireFormatException | IllegalArgumentException malformed) {
            // An entry that cannot be read admits nobody: the safe side, and the other devices go on.
            unreadable.increment();
            LOG.warn("Entry {}-{} of {} is malformed", record.partition(), record.offset(), record.topic(), malformed);
            key(record).ifPresent(table::remove);
        }
    }

    private static Optional<DeviceKey> key(ConsumerRecord<byte[], byte[]> record) {
        byte[] key = record.key();
        return key == null ? Optional.empty() : DeviceKey.parse(new String(key, StandardCharsets.UTF_8));
    }

    private void pause() {
        try {
            Thread.sleep(RETRY_AFTER);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            closing = true;
        }
    }

    @Override
    public void close() {
        closing = true;
        Consumer<byte[], byte[]> consumer = current;
        if (consumer != null) {
            consumer.wakeup();
        }
        try {
            reader.join(Duration.ofSeconds(5));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
