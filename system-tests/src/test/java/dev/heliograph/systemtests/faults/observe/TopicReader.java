package dev.heliograph.systemtests.faults.observe;

import dev.heliograph.model.reading.Reading;
import dev.heliograph.model.wire.AlertTransitionRecord;
import dev.heliograph.model.wire.PresenceRecord;
import dev.heliograph.model.wire.ReadingCodec;
import dev.heliograph.model.wire.Topics;
import dev.heliograph.model.wire.WireFormatException;
import dev.heliograph.systemtests.faults.check.Stored.Transition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Reads topics from a mark to their committed end, past every proxy. */
public final class TopicReader implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final List<String> TOPICS = List.of(Topics.READINGS, Topics.ALERT_TRANSITIONS, Topics.PRESENCE);

    private final KafkaConsumer<String, byte[]> consumer;
    private final Admin admin;
    private final List<TopicPartition> partitions = new ArrayList<>();
    private final Map<String, List<Reading>> readings = new TreeMap<>();
    private final Map<String, List<Transition>> transitions = new TreeMap<>();
    private final Map<String, List<PresenceRecord>> presences = new TreeMap<>();

    public TopicReader(String bootstrapServers) {
        consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers", bootstrapServers,
                        "isolation.level", "read_committed",
                        "enable.auto.commit", "false",
                        "auto.offset.reset", "earliest",
                        "max.poll.records", "5000"),
                new StringDeserializer(),
                new ByteArrayDeserializer());
        admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
        for (String topic : TOPICS) {
            consumer.partitionsFor(topic)
                    .forEach(info -> partitions.add(new TopicPartition(info.topic(), info.partition())));
        }
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    /** Reads what has come since the last call. */
    public void catchUp() {
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("cannot read the topics to their end within " + LIMIT);
            }
            for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
                take(record);
            }
        }
    }

    /** The topic is another one: what was read of the former stays, and all of this one is read. */
    public void beginAgain(String topic) {
        consumer.seekToBeginning(partitions.stream()
                .filter(partition -> partition.topic().equals(topic))
                .toList());
    }

    private void take(ConsumerRecord<String, byte[]> record) {
        try {
            if (record.topic().equals(Topics.READINGS)) {
                Reading reading = ReadingCodec.decode(record.value());
                readings.computeIfAbsent(reading.device().tenant().value(), tenant -> new ArrayList<>())
                        .add(reading);
            } else if (record.topic().equals(Topics.PRESENCE)) {
                PresenceRecord presence = PresenceRecord.CODEC.decode(record.value());
                presences
                        .computeIfAbsent(presence.tenant(), tenant -> new ArrayList<>())
                        .add(presence);
            } else {
                AlertTransitionRecord step = AlertTransitionRecord.CODEC.decode(record.value());
                transitions
                        .computeIfAbsent(step.tenant(), tenant -> new ArrayList<>())
                        .add(new Transition(
                                step.id(),
                                step.alert(),
                                step.device(),
                                step.rule(),
                                step.from(),
                                step.to(),
                                step.value(),
                                step.dataTime()));
            }
        } catch (WireFormatException | NullPointerException poison) {
            // F25 puts such records there; what became of them is judged in the quarantine
        }
    }

    /** The readings of a tenant, in the order of each device. */
    public List<Reading> readings(String tenant) {
        return readings.getOrDefault(tenant, List.of());
    }

    /** The alert steps of a tenant, in the order of each device. */
    public List<Transition> transitions(String tenant) {
        return transitions.getOrDefault(tenant, List.of());
    }

    /** What was told of the presence of a tenant's devices, in the order of each device. */
    public List<PresenceRecord> presences(String tenant) {
        return List.copyOf(presences.getOrDefault(tenant, List.of()));
    }

    /** Forgets a tenant that has been judged. */
    public void forget(String tenant) {
        presences.remove(tenant);
        readings.remove(tenant);
        transitions.remove(tenant);
    }

    /** Where the topic of readings ends, by partition. */
    public Map<Integer, Long> endOfReadings() {
        Map<Integer, Long> ends = new TreeMap<>();
        consumer.endOffsets(partitions.stream()
                        .filter(partition -> partition.topic().equals(Topics.READINGS))
                        .toList())
                .forEach((partition, end) -> ends.put(partition.partition(), end));
        return ends;
    }

    /** Where a consumer group stands in the topic of readings, by partition. */
    public Map<Integer, Long> positionsOf(String group) {
        try {
            Map<Integer, Long> positions = new TreeMap<>();
            Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get(20, TimeUnit.SECONDS);
            committed.forEach((partition, place) -> {
                if (place != null && partition.topic().equals(Topics.READINGS)) {
                    positions.put(partition.partition(), place.offset());
                }
            });
            return positions;
        } catch (ExecutionException | TimeoutException notNow) {
            return Map.of();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    @Override
    public void close() {
        consumer.close();
        admin.close();
    }
}
