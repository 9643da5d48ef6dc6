package dev.heliograph.writer.consume;

import dev.heliograph.connections.Causes;
import dev.heliograph.model.wire.LedgerStamp;
import dev.heliograph.model.wire.Topics;
import dev.heliograph.writer.plan.Advance;
import dev.heliograph.writer.plan.Place;
import dev.heliograph.writer.plan.TopicRecord;
import dev.heliograph.writer.plan.WritePlan;
import dev.heliograph.writer.store.Store;
import dev.heliograph.writer.store.StoreFailure;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One consumer: polls, writes, and keeps polling while the database is away, so that the group never takes its silence
 * for death. Used by one thread.
 *
 * <p>The store is the only authority on offsets. A partition that is assigned stays paused until its position has been
 * read from the store; that may be later than the assignment, when the database is away at that moment. A partition that
 * is revoked takes its unwritten records with it.
 */
final class PartitionWriter implements ConsumerRebalanceListener {
    /** What the writer reads. */
    static final List<String> TOPICS = List.of(
            Topics.READINGS,
            Topics.WINDOWS,
            Topics.PRESENCE,
            Topics.ALERT_TRANSITIONS,
            Topics.QUARANTINE,
            Topics.LEDGER);

    private static final Logger LOG = LoggerFactory.getLogger(PartitionWriter.class);
    private static final Duration IDLE_POLL = Duration.ofMillis(500);
    /** A topic that is deleted and made anew between two looks is noticed all the same, by its id. */
    private static final long TOPICS_EVERY_NANOS = Duration.ofSeconds(5).toNanos();

    private final String name;
    private final Consumer<byte[], byte[]> consumer;
    private final Store store;
    private final Supplier<Map<String, UUID>> topicIds;
    private final ConsumeSettings settings;
    private final WriterMetrics metrics;
    private final BatchWriter writer;
    private final Backoff backoff;
    private final Deque<TopicRecord> pending = new ArrayDeque<>();
    private final Set<TopicPartition> unpositioned = new HashSet<>();
    private boolean outage;
    private String outageCause = "";
    private long outageSinceNanos;
    private long retryAtNanos;
    private long newestWrittenMillis;
    private long topicsSeenAtNanos = System.nanoTime();

    /** @param topicIds the ids of {@link #TOPICS} as they are now, without those that are not there or cannot be asked for */
    PartitionWriter(
            String name,
            Consumer<byte[], byte[]> consumer,
            Store store,
            Supplier<Map<String, UUID>> topicIds,
            ConsumeSettings settings,
            WriterMetrics metrics,
            Backoff backoff) {
        this.name = name;
        this.consumer = consumer;
        this.store = store;
        this.topicIds = topicIds;
        this.settings = settings;
        this.metrics = metrics;
        this.writer = new BatchWriter(store, metrics);
        this.backoff = backoff;
    }

    void subscribe() {
        consumer.subscribe(TOPICS, this);
    }

    /** One round: poll, then write what is there, or wait for the store. */
    void step() {
        poll(pollTimeout());
        if (outage && System.nanoTime() < retryAtNanos) {
            return;
        }
        try {
            positionAssigned();
            if (System.nanoTime() - topicsSeenAtNanos >= TOPICS_EVERY_NANOS && isAnotherTopic()) {
                startOver();
            }
            writePending();
            writer.goOnRepairing();
            recovered();
        } catch (StoreFailure.Fenced fenced) {
            LOG.info("{}: {}; reading the positions again", name, fenced.getMessage());
            metrics.retried("fenced");
            startOver();
        } catch (StoreFailure unavailable) {
            waitForStore(unavailable);
        }
        reportLag();
    }

    private Duration pollTimeout() {
        if (outage) {
            long left = Math.max(0, retryAtNanos - System.nanoTime());
            return Duration.ofNanos(Math.min(left, IDLE_POLL.toNanos()));
        }
        boolean idle = pending.isEmpty() && unpositioned.isEmpty() && !writer.hasRepairsLeft();
        return idle ? IDLE_POLL : Duration.ZERO;
    }

    private void poll(Duration timeout) {
        long deadline = System.nanoTime() + settings.linger().toNanos();
        take(timeout);
        while (!outage && !pending.isEmpty() && pending.size() < settings.maxBatchRecords()) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return;
            }
            take(Duration.ofNanos(left));
        }
    }

    private void take(Duration timeout) {
        try {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(timeout)) {
                pending.add(new TopicRecord(
                        new Place(record.topic(), record.partition()),
                        record.offset(),
                        record.timestamp(),
                        record.key() == null ? null : new String(record.key(), StandardCharsets.UTF_8),
                        record.value(),
                        stamp(record)));
            }
        } catch (OffsetOutOfRangeException gone) {
            LOG.warn("{}: {}", name, gone.getMessage());
            gone.offsetOutOfRangePartitions().keySet().forEach(this::holdUntilPositioned);
        }
    }

    private static @Nullable LedgerStamp stamp(ConsumerRecord<byte[], byte[]> record) {
        Header header = record.headers().lastHeader(LedgerStamp.HEADER);
        return header == null ? null : LedgerStamp.decode(header.value());
    }

    private void writePending() throws StoreFailure {
        while (!pending.isEmpty()) {
            List<TopicRecord> batch = nextBatch();
            writer.write(batch);
            newestWrittenMillis = batch.getLast().timestampMillis();
            batch.forEach(record -> pending.removeFirst());
        }
    }

    private List<TopicRecord> nextBatch() {
        List<TopicRecord> batch = new ArrayList<>(Math.min(pending.size(), settings.maxBatchRecords()));
        long bytes = 0;
        for (TopicRecord record : pending) {
            if (batch.size() == settings.maxBatchRecords() || bytes >= settings.maxBatchBytes()) {
                break;
            }
            batch.add(record);
            byte[] value = record.value();
            bytes += value == null ? 0 : value.length;
        }
        return batch;
    }

    /** Seeks every partition that waits for it to where the store stands, and lets it flow. */
    private void positionAssigned() throws StoreFailure {
        if (unpositioned.isEmpty()) {
            return;
        }
        Set<TopicPartition> waiting = Set.copyOf(unpositioned);
        List<Place> places = waiting.stream().map(PartitionWriter::place).toList();
        Map<Place, Long> stored = store.positions(places);
        if (isAnotherTopic()) {
            stored = store.positions(places);
        }
        Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(waiting);
        Map<TopicPartition, Long> ends = consumer.endOffsets(waiting);
        for (TopicPartition partition : waiting) {
            Place place = place(partition);
            long next = stored.getOrDefault(place, 0L);
            long seek = seekTo(place, next, beginnings.getOrDefault(partition, 0L), ends.getOrDefault(partition, next));
            consumer.seek(partition, seek);
            writer.position(place, seek);
            unpositioned.remove(partition);
            consumer.resume(Set.of(partition));
            LOG.debug("{}: {} goes on at {}", name, place, seek);
        }
    }

    /** Whether a topic has taken the place of one of its name in which the store had a position. */
    private boolean isAnotherTopic() throws StoreFailure {
        topicsSeenAtNanos = System.nanoTime();
        Map<String, UUID> now = topicIds.get();
        if (now.isEmpty()) {
            return false;
        }
        Map<Place, Long> givenUp = store.recognise(now);
        if (givenUp.isEmpty()) {
            return false;
        }
        LOG.error(
                "{}: topics were made anew. What the former ones held beyond the stored positions {} is lost; reading the new"
                        + " ones from their beginning (runbook topic-recreated)",
                name,
                new TreeMap<>(givenUp));
        givenUp.keySet().stream().map(Place::topic).distinct().forEach(topic -> metrics.topicRecreated());
        return true;
    }

    private long seekTo(Place place, long stored, long beginning, long end) throws StoreFailure {
        if (stored < beginning) {
            // The ledger must know at once that nobody will read them, not with the next record of the partition.
            store.write(WritePlan.moving(List.of(new Advance(place, stored, beginning))));
            if (stored > 0) {
                metrics.missed(beginning - stored);
                LOG.error(
                        "{}: Kafka has deleted the offsets {} to {} of {} before they were stored",
                        name,
                        stored,
                        beginning - 1,
                        place);
            }
            return beginning;
        }
        if (stored > end) {
            LOG.error(
                    "{}: {} ends at {}, before the stored {}: made anew? Reading all of it", name, place, end, stored);
            store.write(WritePlan.moving(List.of(new Advance(place, stored, beginning))));
            return beginning;
        }
        return stored;
    }

    private void waitForStore(StoreFailure failure) {
        String words = Causes.inWords(failure);
        String cause = String.valueOf(Causes.rootOf(failure).getMessage());
        if (!outage) {
            outage = true;
            outageSinceNanos = System.nanoTime();
            LOG.warn("{}: the database does not take the batch, waiting: {}", name, words);
        } else if (!cause.equals(outageCause)) {
            // A connection that was reset is told first; why there is no other comes after it.
            LOG.warn("{}: still waiting for the database: {}", name, words);
        } else {
            LOG.debug("{}: still waiting for the database: {}", name, words);
        }
        outageCause = cause;
        metrics.outage(name, words);
        metrics.retried("unavailable");
        consumer.pause(consumer.assignment());
        retryAtNanos = System.nanoTime() + backoff.next().toNanos();
    }

    private void recovered() {
        if (!outage) {
            return;
        }
        outage = false;
        backoff.reset();
        metrics.recovered(name);
        Set<TopicPartition> flowing = new HashSet<>(consumer.assignment());
        flowing.removeAll(unpositioned);
        consumer.resume(flowing);
        LOG.info(
                "{}: the database is back after {} s",
                name,
                Duration.ofNanos(System.nanoTime() - outageSinceNanos).toSeconds());
    }

    private void startOver() {
        pending.clear();
        consumer.assignment().forEach(this::holdUntilPositioned);
    }

    private void holdUntilPositioned(TopicPartition partition) {
        Place place = place(partition);
        pending.removeIf(record -> record.place().equals(place));
        writer.forget(place);
        unpositioned.add(partition);
        consumer.pause(Set.of(partition));
        // A position of any kind spares the consumer a look-up; it is not read from before the store's is known.
        consumer.seek(partition, 0);
    }

    private void reportLag() {
        long records = pending.size();
        for (TopicPartition partition : consumer.assignment()) {
            records += consumer.currentLag(partition).orElse(0);
        }
        double seconds = records > 0 && newestWrittenMillis > 0
                ? (System.currentTimeMillis() - newestWrittenMillis) / 1_000.0
                : 0;
        metrics.lag(name, records, Math.max(0, seconds));
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        LOG.info("{}: takes {} partitions", name, partitions.size());
        partitions.forEach(this::holdUntilPositioned);
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        for (TopicPartition partition : partitions) {
            Place place = place(partition);
            pending.removeIf(record -> record.place().equals(place));
            writer.forget(place);
            unpositioned.remove(partition);
        }
    }

    private static Place place(TopicPartition partition) {
        return new Place(partition.topic(), partition.partition());
    }
}
