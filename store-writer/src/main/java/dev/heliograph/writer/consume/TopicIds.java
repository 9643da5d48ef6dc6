package dev.heliograph.writer.consume;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks Kafka for the ids of the topics that the writer reads; a consumer does not tell them. Thread-safe. */
final class TopicIds implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TopicIds.class);
    /** Who asks does nothing else meanwhile; an answer that does not come is asked for again later. */
    private static final int ANSWER_MILLIS = 3_000;

    private final ConsumeSettings settings;
    private @Nullable Admin admin;

    TopicIds(ConsumeSettings settings) {
        this.settings = settings;
    }

    /** The ids by the names of the topics, without those that do not exist; empty where Kafka does not answer. */
    synchronized Map<String, UUID> ids() {
        Map<String, UUID> ids = new HashMap<>();
        try {
            Map<String, KafkaFuture<TopicDescription>> answers =
                    admin().describeTopics(PartitionWriter.TOPICS).topicNameValues();
            for (KafkaFuture<TopicDescription> answer : answers.values()) {
                ask(answer, ids);
            }
            return ids;
        } catch (KafkaException | ExecutionException | TimeoutException silence) {
            LOG.debug("Kafka does not tell the ids of topics", silence);
            return Map.of();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return Map.of();
        }
    }

    private static void ask(KafkaFuture<TopicDescription> answer, Map<String, UUID> ids)
            throws ExecutionException, TimeoutException, InterruptedException {
        try {
            TopicDescription topic = answer.get(ANSWER_MILLIS, TimeUnit.MILLISECONDS);
            Uuid id = topic.topicId();
            ids.put(topic.name(), new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits()));
        } catch (ExecutionException failure) {
            if (!(failure.getCause() instanceof UnknownTopicOrPartitionException)) {
                throw failure;
            }
        }
    }

    private Admin admin() {
        Admin open = admin;
        if (open == null) {
            Map<String, Object> properties = new HashMap<>(settings.properties());
            properties.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrapServers());
            properties.put(AdminClientConfig.CLIENT_ID_CONFIG, settings.consumer() + "-topics");
            properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, ANSWER_MILLIS);
            properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, ANSWER_MILLIS);
            open = Admin.create(properties);
            admin = open;
        }
        return open;
    }

    @Override
    public synchronized void close() {
        if (admin != null) {
            admin.close(Duration.ZERO);
        }
    }
}
