package dev.heliograph.stream.run;

import dev.heliograph.model.wire.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Whether the topics are there that the stream needs; the gateway's administration step creates them. */
final class RequiredTopics {
    private static final long ANSWER_SECONDS = 10;
    private static final String RUNBOOK = " (runbook wrong-topics)";
    private static final List<String> BY_DEVICE = List.of(Topics.READINGS, Topics.DEVICE_SESSIONS, Topics.DEVICES);

    private final Set<String> required = new TreeSet<>();

    RequiredTopics(String deadLetterTopic) {
        required.addAll(BY_DEVICE);
        required.addAll(List.of(Topics.RULES, Topics.WINDOWS, Topics.PRESENCE, Topics.ALERT_TRANSITIONS));
        required.add(deadLetterTopic);
    }

    /** What is missing or wrong, for a person; empty where all is well. */
    Optional<String> problem(Admin admin) throws InterruptedException {
        Map<String, Integer> partitions = new TreeMap<>();
        List<String> missing = new ArrayList<>();
        Map<String, KafkaFuture<TopicDescription>> answers =
                admin.describeTopics(required).topicNameValues();
        for (var answer : answers.entrySet()) {
            try {
                TopicDescription topic = answer.getValue().get(ANSWER_SECONDS, TimeUnit.SECONDS);
                partitions.put(topic.name(), topic.partitions().size());
            } catch (ExecutionException failed) {
                if (!(failed.getCause() instanceof UnknownTopicOrPartitionException)) {
                    return Optional.of("Kafka does not answer: " + failed.getCause());
                }
                missing.add(answer.getKey());
            } catch (TimeoutException silence) {
                return Optional.of("Kafka does not answer within " + ANSWER_SECONDS + " s");
            }
        }
        if (!missing.isEmpty()) {
            missing.sort(null);
            return Optional.of("missing topics " + missing + ", which the gateway creates" + RUNBOOK);
        }
        boolean equal = BY_DEVICE.stream().map(partitions::get).distinct().count() == 1;
        return equal
                ? Optional.empty()
                : Optional.of("the topics " + BY_DEVICE + " must have the same number of partitions: " + partitions
                        + RUNBOOK);
    }
}
