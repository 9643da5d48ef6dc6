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
 * Reads of the live topics what the hub's viewers need: without a group, from the end, committed records only. When it is too
 * far behind, or Kafka has deleted what it would read next, it jumps to now and everybody is told.
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
                Reader reader = new Reader(open);
                reader.begin();
                if (interrupted) {
                    hub.reset("interrupted");
                }
                reading = true;
                hub.fed(true);
                reader.follow();
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
                hub.fed(false);
                metrics.partitions(0);
                consumer = null;
            }
            pause();
        }
    }

    /** What belongs to one life of the consumer. Used by one thread. */
    private final class Reader {
        private final KafkaConsumer<byte[], byte[]> open;
        private Map<StreamTopic, Integer> counts = Map.of();
        private Set<Place> read = Set.of();
        private Positions positions = Positions.UNKNOWN;

        Reader(KafkaConsumer<byte[], byte[]> open) {
            this.open = open;
        }

        /** Reads from the end what is needed now. */
        void begin() {
            counts = counts();
            readFromEnd(hub.plan(counts));
        }

        void follow() {
            long checkedAt = System.nanoTime();
            while (!stopping) {
                try {
                    readFromEnd(hub.plan(counts));
                    List<ConsumerRecord<byte[], byte[]>> records = collect();
                    // The places are asked for only when they have changed: it costs a lock for each partition.
                    positions = records.isEmpty() ? positions : positions();
                    hub.tick(records, positions);
                    if (System.nanoTime() - checkedAt > PARTITION_CHECK_NANOS) {
                        checkedAt = System.nanoTime();
                        lookForPartitions();
                    }
                    if (behind() > settings.behindRecords()) {
                        jump("behind");
                    }
                } catch (InvalidOffsetException deleted) {
                    jump("deleted");
                }
            }
        }

        private void readFromEnd(Set<Place> wanted) {
            List<TopicPartition> added = assign(wanted);
            if (!added.isEmpty()) {
                open.seekToEnd(added);
                positions = positions();
                // Those who wait for them join at this place.
                hub.tick(List.of(), positions);
            }
        }

        /** Reads these; returns those that were not read before. The places of the others stay. */
        private List<TopicPartition> assign(Set<Place> wanted) {
            if (wanted.equals(read)) {
                return List.of();
            }
            List<TopicPartition> added = wanted.stream()
                    .filter(place -> !read.contains(place))
                    .map(LiveFeed::partition)
                    .toList();
            open.assign(wanted.stream().map(LiveFeed::partition).toList());
            boolean fewer = !wanted.containsAll(read);
            read = wanted;
            metrics.partitions(read.size());
            if (added.isEmpty() && fewer) {
                positions = positions.only(read);
            }
            return added;
        }

        /** Devices that belong to a new partition from now on may have been there already: it is read from its beginning. */
        private void lookForPartitions() {
            Map<StreamTopic, Integer> now = counts();
            if (now.equals(counts)) {
                return;
            }
            Map<StreamTopic, Integer> before = counts;
            counts = now;
            List<TopicPartition> added = assign(hub.plan(counts));
            List<TopicPartition> fresh = added.stream()
                    .filter(partition -> partition.partition()
                            >= before.getOrDefault(
                                    StreamTopic.ofKafka(partition.topic()).orElseThrow(), 0))
                    .toList();
            List<TopicPartition> known =
                    added.stream().filter(one -> !fresh.contains(one)).toList();
            // None would mean all.
            if (!fresh.isEmpty()) {
                open.seekToBeginning(fresh);
            }
            if (!known.isEmpty()) {
                open.seekToEnd(known);
            }
            positions = positions();
            hub.tick(List.of(), positions);
        }

        private Map<StreamTopic, Integer> counts() {
            Map<StreamTopic, Integer> found = new EnumMap<>(StreamTopic.class);
            for (StreamTopic topic : StreamTopic.live()) {
                int partitions = open.partitionsFor(topic.kafkaTopic).size();
                if (partitions > 0) {
                    found.put(topic, partitions);
                } else if (topic != StreamTopic.REVISIONS) {
                    throw new KafkaException("the topic " + topic.kafkaTopic + " is not there");
                } else {
                    // A gateway of an older version has not made it: everything else can be shown.
                    LOG.debug("The topic {} is not there", topic.kafkaTopic);
                }
            }
            return found;
        }

        private List<ConsumerRecord<byte[], byte[]>> collect() {
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
            metrics.read(records);
            return records;
        }

        private Positions positions() {
            Map<StreamTopic, long[]> next = new EnumMap<>(StreamTopic.class);
            counts.forEach((topic, partitions) -> {
                long[] offsets = new long[partitions];
                for (int partition = 0; partition < partitions; partition++) {
                    Place place = new Place(topic, partition);
                    offsets[partition] = read.contains(place) ? open.position(partition(place)) : Positions.UNREAD;
                }
                next.put(topic, offsets);
            });
            return new Positions(next);
        }

        private long behind() {
            long behind = 0;
            for (TopicPartition partition : open.assignment()) {
                behind += open.currentLag(partition).orElse(0);
            }
            return behind;
        }

        private void jump(String reason) {
            LOG.warn("The live feed jumps to now: {}", reason);
            open.seekToEnd(open.assignment());
            positions = positions();
            hub.tick(List.of(), positions);
            hub.reset(reason);
        }
    }

    private static TopicPartition partition(Place place) {
        return new TopicPartition(String.valueOf(place.topic().kafkaTopic), place.partition());
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
