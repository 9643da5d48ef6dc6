package dev.heliograph.ingest.kafka;

import static java.util.Objects.requireNonNull;

import dev.heliograph.model.wire.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates the platform's topics where they are missing and checks those that exist. Partition count decides which
 * partition a device belongs to, and replication what an acknowledgement is worth: a gateway that finds them other than it
 * was told does not start.
 */
public final class TopicAdministration {
    private static final Logger LOG = LoggerFactory.getLogger(TopicAdministration.class);
    private static final int LOOKS_FOR_NEW_TOPICS = 50;
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);
    private static final String LOG_APPEND_TIME = "LogAppendTime";
    private static final int MAX_MESSAGE_BYTES = 2 * 1024 * 1024;

    private final KafkaSettings settings;

    public TopicAdministration(KafkaSettings settings) {
        this.settings = settings;
    }

    /**
     * Creates and checks, and waits until every partition is served. Blocks until Kafka answers.
     *
     * @throws WrongTopics if a topic is missing and may not be created, or is not as the settings say; the
     *     message names every difference
     * @throws KafkaException if Kafka cannot be reached or refuses
     */
    public void ensure() {
        try (Admin admin = Admin.create(settings.clientProperties("ingest-gateway-admin"))) {
            if (settings.createTopics()) {
                create(admin);
            }
            awaitAsConfigured(admin);
            if (settings.createTopics()) {
                haveStampedByKafka(admin);
            }
            awaitLeaders(admin);
        }
    }

    // A topic of an earlier version has the times of its senders. Nothing depends on it but that clocks are compared.
    private static void haveStampedByKafka(Admin admin) {
        ConfigResource topic = resource(Topics.SERVICE_STATUS);
        try {
            ConfigEntry now = requireNonNull(
                            admin.describeConfigs(List.of(topic)).values().get(topic))
                    .get()
                    .get(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG);
            if (!LOG_APPEND_TIME.equals(now.value())) {
                AlterConfigOp change = new AlterConfigOp(
                        new ConfigEntry(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, LOG_APPEND_TIME),
                        AlterConfigOp.OpType.SET);
                admin.incrementalAlterConfigs(Map.of(topic, List.of(change)))
                        .all()
                        .get();
            }
        } catch (ExecutionException refused) {
            LOG.warn(
                    "Clocks cannot be compared with Kafka's: {} is not stamped by it",
                    topic.name(),
                    refused.getCause());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while looking at topics", stopped);
        }
    }

    // A topic is known a moment before its leaders serve it, and the first records of a partition must not meet that
    // moment
    // (KAFKA-15591). Asking for the newest offset is asking the leader itself, again and again until it answers.
    private static void awaitLeaders(Admin admin) {
        try {
            Map<TopicPartition, OffsetSpec> newest = new HashMap<>();
            for (TopicDescription topic : admin.describeTopics(
                            Topics.ALL.stream().map(Topics.Spec::name).toList())
                    .allTopicNames()
                    .get()
                    .values()) {
                topic.partitions()
                        .forEach(partition -> newest.put(
                                new TopicPartition(topic.name(), partition.partition()), OffsetSpec.latest()));
            }
            admin.listOffsets(newest).all().get();
        } catch (ExecutionException failure) {
            throw new KafkaException("no leader serves every partition", failure.getCause());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while waiting for leaders", stopped);
        }
    }

    // A broker may answer that a topic does not exist for a moment after another has created it.
    private void awaitAsConfigured(Admin admin) {
        for (int look = 1; ; look++) {
            List<String> missing = new ArrayList<>();
            List<String> faults = new ArrayList<>();
            check(admin, missing, faults);
            boolean mayStillCome = settings.createTopics() && faults.isEmpty() && look < LOOKS_FOR_NEW_TOPICS;
            if (missing.isEmpty() && faults.isEmpty()) {
                return;
            } else if (!mayStillCome) {
                missing.forEach(name -> faults.add(name + " does not exist"));
                throw new WrongTopics("Kafka topics are not as configured: " + String.join("; ", faults));
            }
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(BETWEEN_LOOKS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while waiting for topics", stopped);
        }
    }

    private void create(Admin admin) {
        CreateTopicsResult created =
                admin.createTopics(Topics.ALL.stream().map(this::newTopic).toList());
        created.values().forEach((name, future) -> {
            try {
                future.get();
                LOG.info("Created topic {}", name);
            } catch (ExecutionException failure) {
                if (!(failure.getCause() instanceof TopicExistsException)) {
                    throw new KafkaException("cannot create topic " + name, failure.getCause());
                }
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                throw new KafkaException("interrupted while creating topics", stopped);
            }
        });
    }

    private NewTopic newTopic(Topics.Spec spec) {
        Map<String, String> configs = new HashMap<>();
        configs.put(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, Integer.toString(settings.minInSyncReplicas()));
        configs.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(MAX_MESSAGE_BYTES));
        if (spec.name().equals(Topics.SERVICE_STATUS)) {
            configs.put(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, LOG_APPEND_TIME);
        }
        if (isCompacted(spec)) {
            configs.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
        } else {
            configs.put(
                    TopicConfig.RETENTION_MS_CONFIG,
                    Long.toString(settings.retention().toMillis()));
        }
        return new NewTopic(spec.name(), partitions(spec), settings.replication()).configs(configs);
    }

    private void check(Admin admin, List<String> missing, List<String> faults) {
        Map<String, KafkaFuture<TopicDescription>> descriptions = admin.describeTopics(
                        Topics.ALL.stream().map(Topics.Spec::name).toList())
                .topicNameValues();
        Map<ConfigResource, KafkaFuture<Config>> configs = admin.describeConfigs(
                        Topics.ALL.stream().map(TopicAdministration::resource).toList())
                .values();
        for (Topics.Spec spec : Topics.ALL) {
            try {
                compare(
                        spec,
                        requireNonNull(descriptions.get(spec.name())).get(),
                        requireNonNull(configs.get(resource(spec))).get(),
                        faults);
            } catch (ExecutionException failure) {
                if (!(failure.getCause() instanceof UnknownTopicOrPartitionException)) {
                    throw new KafkaException("cannot describe topic " + spec.name(), failure.getCause());
                }
                missing.add(spec.name());
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                throw new KafkaException("interrupted while describing topics", stopped);
            }
        }
    }

    private void compare(Topics.Spec spec, TopicDescription topic, Config config, List<String> faults) {
        int partitions = topic.partitions().size();
        if (partitions != partitions(spec)) {
            faults.add(spec.name() + " has " + partitions + " partitions instead of " + partitions(spec));
        }
        int replicas = topic.partitions().getFirst().replicas().size();
        if (replicas < settings.replication()) {
            faults.add(spec.name() + " has " + replicas + " replicas instead of " + settings.replication());
        }
        int minInSync = Integer.parseInt(
                config.get(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG).value());
        if (minInSync < settings.minInSyncReplicas()) {
            faults.add(spec.name() + " has min.insync.replicas " + minInSync + " instead of "
                    + settings.minInSyncReplicas());
        }
        int largest = Integer.parseInt(
                config.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG).value());
        if (largest < MAX_MESSAGE_BYTES) {
            LOG.warn(
                    "{} admits messages of {} bytes, less than the {} with which it is made: what is larger is refused by"
                            + " TOO_LARGE",
                    spec.name(),
                    largest,
                    MAX_MESSAGE_BYTES);
        }
        boolean compacted =
                config.get(TopicConfig.CLEANUP_POLICY_CONFIG).value().contains(TopicConfig.CLEANUP_POLICY_COMPACT);
        if (compacted != isCompacted(spec)) {
            faults.add(spec.name() + (compacted ? " is compacted" : " is not compacted"));
        }
    }

    private int partitions(Topics.Spec spec) {
        return switch (spec.kind()) {
            case EVENTS_BY_DEVICE, TABLE_BY_DEVICE -> settings.partitions();
            case SMALL_TABLE -> 1;
        };
    }

    private static boolean isCompacted(Topics.Spec spec) {
        return switch (spec.kind()) {
            case EVENTS_BY_DEVICE -> false;
            case TABLE_BY_DEVICE, SMALL_TABLE -> true;
        };
    }

    private static ConfigResource resource(Topics.Spec spec) {
        return resource(spec.name());
    }

    private static ConfigResource resource(String topic) {
        return new ConfigResource(ConfigResource.Type.TOPIC, topic);
    }
}
