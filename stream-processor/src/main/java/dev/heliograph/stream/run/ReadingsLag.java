package dev.heliograph.stream.run;

import dev.heliograph.model.wire.Topics;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * How many readings wait in each partition: the end of the log less what the group has committed. The consumer's own
 * figure stands still while it takes nothing, which is when it matters.
 */
final class ReadingsLag {
    private static final Duration GOOD_FOR = Duration.ofSeconds(5);
    private static final long ANSWER_SECONDS = 5;

    private final String group;
    private final Clock clock;
    private volatile Look look = new Look(Instant.EPOCH, Map.of());

    private record Look(Instant at, Map<Integer, Long> waiting) {}

    ReadingsLag(String group, Clock clock) {
        this.group = group;
        this.clock = clock;
    }

    /** Looks again. */
    void refresh(Admin admin) throws InterruptedException, ExecutionException, TimeoutException {
        int partitions = admin.describeTopics(Set.of(Topics.READINGS))
                .topicNameValues()
                .values()
                .iterator()
                .next()
                .get(ANSWER_SECONDS, TimeUnit.SECONDS)
                .partitions()
                .size();
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        for (int partition = 0; partition < partitions; partition++) {
            latest.put(new TopicPartition(Topics.READINGS, partition), OffsetSpec.latest());
        }
        Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get(ANSWER_SECONDS, TimeUnit.SECONDS);
        var ends = offsets(admin, latest);
        Map<TopicPartition, OffsetSpec> earliest = new HashMap<>();
        latest.keySet().stream()
                .filter(partition -> committed.get(partition) == null)
                .forEach(partition -> earliest.put(partition, OffsetSpec.earliest()));
        var begins = offsets(admin, earliest);
        Map<Integer, Long> waiting = new HashMap<>();
        ends.forEach((partition, end) -> {
            OffsetAndMetadata done = committed.get(partition);
            var begin = begins.get(partition);
            long from = done != null ? done.offset() : begin != null ? begin.offset() : end.offset();
            waiting.put(partition.partition(), Math.max(0, end.offset() - from));
        });
        look = new Look(clock.instant(), Map.copyOf(waiting));
    }

    private static Map<TopicPartition, ListOffsetsResult.ListOffsetsResultInfo> offsets(
            Admin admin, Map<TopicPartition, OffsetSpec> wanted)
            throws InterruptedException, ExecutionException, TimeoutException {
        return wanted.isEmpty() ? Map.of() : admin.listOffsets(wanted).all().get(ANSWER_SECONDS, TimeUnit.SECONDS);
    }

    /** Readings waiting in a partition; empty where the last look is too old or there was none. */
    OptionalLong waiting(int partition) {
        Look last = look;
        Long waiting = last.waiting().get(partition);
        boolean fresh = !clock.instant().isAfter(last.at().plus(GOOD_FOR));
        return waiting == null || !fresh ? OptionalLong.empty() : OptionalLong.of(waiting);
    }

    /** Readings waiting in those of these partitions that are known. */
    long waiting(Set<Integer> partitions) {
        return partitions.stream()
                .mapToLong(partition -> waiting(partition).orElse(0))
                .sum();
    }
}
