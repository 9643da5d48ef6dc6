package dev.heliograph.ingest.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.heliograph.ingest.intake.Event;
import dev.heliograph.ingest.kafka.KafkaEventSink;
import dev.heliograph.ingest.kafka.KafkaSettings;
import dev.heliograph.ingest.ledger.Claims;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/**
 * The first records of a partition, sent while its leader is only just getting ready: all are acknowledged soon, none is
 * stuck behind another that overtook it (KAFKA-15591).
 */
class FirstWritesIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int TOPICS = 6;
    private static final int PARTITIONS = 24;
    private static final int RECORDS = 4_000;
    private static final byte[] VALUE = new byte[300];

    @TempDir
    Path directory;

    @Test
    void givenTopicsThatWereJustCreated_whenWrittenToAtOnce_thenEveryRecordIsAcknowledged() throws Exception {
        try (EmbeddedKafka kafka = new EmbeddedKafka(directory);
                Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            for (int number = 0; number < TOPICS; number++) {
                String topic = "new-" + number;
                try (KafkaEventSink sink = new KafkaEventSink(settings(kafka), new Claims(() -> 1))) {
                    admin.createTopics(List.of(new NewTopic(topic, PARTITIONS, (short) 1)))
                            .all()
                            .get();
                    warmUp(sink, topic);
                    AtomicInteger acknowledged = new AtomicInteger();
                    for (int i = 0; i < RECORDS; i++) {
                        sink.send(new Event(topic, "demo/d" + i, VALUE, i), failure -> {
                            if (failure == null) {
                                acknowledged.incrementAndGet();
                            }
                        });
                    }

                    await().atMost(PATIENCE).until(() -> acknowledged.get() == RECORDS);

                    assertThat(kafka.readAll(topic)).hasSize(RECORDS);
                }
            }
        }
    }

    private static void warmUp(KafkaEventSink sink, String topic) {
        await().atMost(PATIENCE)
                .ignoreExceptionsMatching(KafkaException.class::isInstance)
                .until(() -> {
                    sink.warmUp(List.of(topic));
                    return true;
                });
    }

    private static KafkaSettings settings(EmbeddedKafka kafka) {
        return new Binder(new MapConfigurationPropertySource(
                        Map.of("heliograph.kafka.bootstrap-servers", kafka.bootstrapServers())))
                .bindOrCreate("heliograph.kafka", KafkaSettings.class);
    }
}
