package dev.heliograph.query.stream;

import dev.heliograph.query.kafka.KafkaSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import tools.jackson.databind.json.JsonMapper;

/** Reads again what a resuming client has missed, from where it was to where it joined. */
public final class Replay {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration LONGEST = Duration.ofSeconds(15);

    private final KafkaSettings kafka;
    private final StreamSettings settings;
    private final LiveHub hub;
    private final JsonMapper json;
    private final Semaphore places;

    public Replay(KafkaSettings kafka, StreamSettings settings, LiveHub hub, JsonMapper json) {
        this.kafka = kafka;
        this.settings = settings;
        this.hub = hub;
        this.json = json;
        this.places = new Semaphore(settings.replays());
    }

    /** Where the frames go. */
    @FunctionalInterface
    interface Sink {
        void write(Frame frame) throws IOException;
    }

    /** How a replay ended; {@code reason} is empty where everything was replayed. */
    record Outcome(String reason) {
        static final Outcome COMPLETE = new Outcome("");

        boolean complete() {
            return reason.isEmpty();
        }
    }

    /** Writes everything between the two positions that the subscription shows. */
    Outcome between(Subscription subscription, Positions from, Positions until, Sink sink) throws IOException {
        Need need = hub.need(subscription);
        if (!need.isCoveredBy(until) || (need.partitions().isEmpty() && subscription.isLive())) {
            return new Outcome("not-ready");
        }
        Map<TopicPartition, Long> start = new HashMap<>();
        Map<TopicPartition, Long> end = new HashMap<>();
        long missed = 0;
        for (Place place : need.places()) {
            long last = until.at(place);
            // What the position does not know was not shown before: it begins now, and nothing of it was missed.
            long begin = from.atOr(place, last);
            if (begin > last) {
                return new Outcome("unknown-position");
            }
            if (begin < last) {
                TopicPartition partition =
                        new TopicPartition(String.valueOf(place.topic().kafkaTopic), place.partition());
                start.put(partition, begin);
                end.put(partition, last);
                missed += last - begin;
            }
        }
        if (missed == 0) {
            return Outcome.COMPLETE;
        }
        if (missed > settings.replayRecords()) {
            return new Outcome("too-old");
        }
        if (!places.tryAcquire()) {
            return new Outcome("busy");
        }
        try {
            return read(subscription, start, end, until, sink);
        } catch (KafkaException failure) {
            return new Outcome("unreadable");
        } finally {
            places.release();
        }
    }

    private Outcome read(
            Subscription subscription,
            Map<TopicPartition, Long> start,
            Map<TopicPartition, Long> end,
            Positions until,
            Sink sink)
            throws IOException {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                LiveFeed.consumerProperties(kafka, "query-api-replay"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.assign(end.keySet());
            Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(end.keySet());
            for (Map.Entry<TopicPartition, Long> place : start.entrySet()) {
                if (beginnings.getOrDefault(place.getKey(), 0L) > place.getValue()) {
                    return new Outcome("too-old");
                }
                consumer.seek(place.getKey(), place.getValue());
            }
            long deadline = System.nanoTime() + LONGEST.toNanos();
            while (!finished(consumer, end)) {
                if (System.nanoTime() > deadline) {
                    return new Outcome("too-slow");
                }
                write(subscription, consumer.poll(POLL), end, sink);
            }
            // From here on the position is the one at which the live events begin.
            String id = hub.id(subscription, until);
            if (id != null) {
                sink.write(Frame.position(id));
            }
            return Outcome.COMPLETE;
        }
    }

    private static boolean finished(KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> end) {
        return end.entrySet().stream().allMatch(place -> consumer.position(place.getKey()) >= place.getValue());
    }

    private void write(
            Subscription subscription,
            ConsumerRecords<byte[], byte[]> records,
            Map<TopicPartition, Long> end,
            Sink sink)
            throws IOException {
        TickBuilder builder = new TickBuilder(subscription.tenant(), json);
        for (ConsumerRecord<byte[], byte[]> record : records) {
            Long last = end.get(new TopicPartition(record.topic(), record.partition()));
            if (last != null && record.offset() < last) {
                LiveHub.keyOf(record)
                        .filter(key -> key.tenant().equals(subscription.tenant()))
                        .ifPresent(key -> StreamTopic.ofKafka(record.topic())
                                .filter(topic ->
                                        subscription.covers(topic, key.device().value()))
                                .ifPresent(topic -> hub.add(topic, key, record, builder)));
            }
        }
        var chosen = LiveHub.choose(subscription, builder.build());
        if (!chosen.isEmpty()) {
            sink.write(Frame.of(chosen, null));
        }
    }
}
