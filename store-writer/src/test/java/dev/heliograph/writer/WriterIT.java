package dev.heliograph.writer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.id.MetricName;
import dev.heliograph.model.reading.Reading;
import dev.heliograph.model.reading.ReadingFlag;
import dev.heliograph.model.reading.Sample;
import dev.heliograph.model.reading.Transport;
import dev.heliograph.model.testing.KafkaNode;
import dev.heliograph.model.wire.ReadingCodec;
import dev.heliograph.model.wire.ServiceStatusRecord;
import dev.heliograph.model.wire.Topics;
import dev.heliograph.model.wire.WindowRecord;
import dev.heliograph.model.wire.WindowRevisionRecord;
import dev.heliograph.storage.TestDatabase;
import dev.heliograph.writer.plan.TestRecords;
import dev.heliograph.writer.store.Tables;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.ConfigurableApplicationContext;

/** The writer between a real Kafka and a real database, wired as an application wires it. */
class WriterIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static KafkaNode kafka;
    private static KafkaProducer<byte[], byte[]> producer;

    private final List<ConfigurableApplicationContext> applications = new ArrayList<>();
    private PGSimpleDataSource database;
    private Tables tables;
    private String consumer;
    private long before;

    @BeforeAll
    static void startKafka(@TempDir Path directory) throws InterruptedException, ExecutionException {
        kafka = new KafkaNode(directory.resolve("kafka"));
        kafka.createTopics(3);
        producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        kafka.bootstrapServers(),
                        "acks",
                        "all",
                        "max.in.flight.requests.per.connection",
                        "1"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    @AfterAll
    static void stopKafka() {
        producer.close();
        kafka.close();
    }

    @BeforeEach
    void open() {
        database = (PGSimpleDataSource) TestDatabase.postgres();
        tables = new Tables(database);
        consumer = "writer-" + database.getDatabaseName();
        // Every test reads the topics from their beginning into a database of its own.
        try (KafkaConsumer<byte[], byte[]> reader = new KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            before = reader
                    .endOffsets(Stream.of(0, 1, 2)
                            .map(partition -> new TopicPartition(Topics.READINGS, partition))
                            .toList())
                    .values()
                    .stream()
                    .mapToLong(Long::longValue)
                    .sum();
        }
    }

    @AfterEach
    void stop() {
        applications.forEach(ConfigurableApplicationContext::close);
    }

    @Test
    void givenReadings_whenApplicationRuns_thenStoredAndReadyAndHeartbeatSent() {
        ConfigurableApplicationContext application = application(1);
        send("it-1", 0, 100);

        awaitStored("it-1", 100);

        HealthIndicator health = application.getBean("storeWriterHealthIndicator", HealthIndicator.class);
        await().atMost(PATIENCE).until(() -> health.health().getStatus(), Status.UP::equals);
        await().atMost(PATIENCE).until(() -> heartbeat().counters().get("measurements") >= 100L);
        assertThat(heartbeat().state()).isEqualTo("up");
    }

    @Test
    void givenConnectionsCutAgainAndAgain_whenWriting_thenEveryReadingIsStoredOnce() {
        application(2);
        for (int round = 0; round < 10; round++) {
            send("it-2", round * 200, 200);
            long goal = round * 200L / 2;
            await().atMost(PATIENCE).until(() -> stored("it-2") >= goal);
            cut();
        }

        awaitStored("it-2", 2_000);
        assertThat(tables.number("SELECT count(*) FROM ledger WHERE received <> stored + duplicate + quarantined"))
                .isZero();
        assertThat(tables.number("SELECT sum(duplicate) FROM ledger")).isZero();
    }

    @Test
    void givenDatabaseAway_whenItReturns_thenWriterGoesOnAndSaidSo() {
        ConfigurableApplicationContext application = application(1);
        HealthIndicator health = application.getBean("storeWriterHealthIndicator", HealthIndicator.class);
        send("it-3", 0, 50);
        awaitStored("it-3", 50);
        allowConnections(false);
        cut();
        send("it-3", 50, 50);
        await().atMost(PATIENCE).until(() -> health.health().getStatus(), Status.OUT_OF_SERVICE::equals);
        // Another member joins while the database is away: partitions move without anybody knowing their positions.
        application(1);
        send("it-3", 100, 50);

        allowConnections(true);

        awaitStored("it-3", 150);
        await().atMost(PATIENCE).until(() -> health.health().getStatus(), Status.UP::equals);
    }

    @Test
    void givenWriterStoppedInTheMiddle_whenAnotherTakesOver_thenEveryReadingIsStoredOnce() {
        ConfigurableApplicationContext first = application(1);
        send("it-4", 0, 3_000);
        await().atMost(PATIENCE).until(() -> stored("it-4") > 0);
        application(2);
        first.close();
        send("it-4", 3_000, 1_000);

        awaitStored("it-4", 4_000);

        assertThat(tables.number("SELECT sum(duplicate) FROM ledger")).isZero();
        assertThat(tables.number("SELECT sum(next_offset) FROM consumer_offset WHERE topic = 'readings'"))
                .isEqualTo(before + 4_000);
    }

    @Test
    void givenHistory_whenItsWindowsAreMade_thenTheTopicOfRevisionsTellsThemOnceTheyAreStored() {
        application(1);
        Reading reading = new Reading(
                DeviceKey.of("demo", "it-5"),
                TestRecords.at(-86_400),
                TestRecords.at(0),
                null,
                List.of(new Sample.Measurement(new MetricName("temperature"), 21)),
                null,
                Transport.HTTP,
                Set.of(ReadingFlag.BACKFILL));
        byte[] key = reading.device().toString().getBytes(StandardCharsets.UTF_8);
        producer.send(new ProducerRecord<>(Topics.READINGS, key, ReadingCodec.encode(reading)));

        WindowRevisionRecord revision = revisionOf("it-5");

        assertThat(revision.from()).isEqualTo(TestRecords.at(-86_400));
        assertThat(revision.windows()).extracting(WindowRecord::size).containsExactlyInAnyOrder("10s", "1m", "1h");
        assertThat(revision.windows()).extracting(WindowRecord::sum).containsOnly(21.0);
        assertThat(tables.number("SELECT count(*) FROM window_10s JOIN series ON id = series_id WHERE device = 'it-5'"))
                .isEqualTo(1);
        await().atMost(PATIENCE).until(() -> tables.number("SELECT count(*) FROM revision_notice") == 0);
    }

    /** What is told of a device, as soon as it is. */
    private static WindowRevisionRecord revisionOf(String device) {
        try (KafkaConsumer<byte[], byte[]> reader = new KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = Stream.of(0, 1, 2)
                    .map(partition -> new TopicPartition(Topics.WINDOW_REVISIONS, partition))
                    .toList();
            reader.assign(partitions);
            reader.seekToBeginning(partitions);
            List<WindowRevisionRecord> told = new ArrayList<>();
            await().atMost(PATIENCE).until(() -> {
                reader.poll(Duration.ofMillis(200)).forEach(record -> {
                    WindowRevisionRecord revision = WindowRevisionRecord.CODEC.decode(record.value());
                    if (revision.device().equals(device)) {
                        assertThat(new String(record.key(), StandardCharsets.UTF_8))
                                .isEqualTo("demo/" + device);
                        told.add(revision);
                    }
                });
                return !told.isEmpty();
            });
            return told.getFirst();
        }
    }

    private ConfigurableApplicationContext application(int threads) {
        ConfigurableApplicationContext application = new SpringApplicationBuilder(WriterConfiguration.class)
                .web(WebApplicationType.NONE)
                .properties(
                        "spring.main.banner-mode=off",
                        "heliograph.kafka.bootstrap-servers=" + kafka.bootstrapServers(),
                        "heliograph.kafka.properties[session.timeout.ms]=10000",
                        "heliograph.database.url=" + database.getUrl(),
                        "heliograph.database.username=" + database.getUser(),
                        "heliograph.database.password=" + database.getPassword(),
                        "heliograph.writer.consumer=" + consumer,
                        "heliograph.writer.threads=" + threads,
                        "heliograph.writer.max-batch-records=200",
                        "heliograph.writer.first-retry=50ms",
                        "heliograph.writer.longest-retry=200ms",
                        "heliograph.writer.database.acquire-timeout=1s")
                .run();
        applications.add(application);
        return application;
    }

    private static void send(String prefix, int from, int count) {
        for (int i = from; i < from + count; i++) {
            Reading reading = new Reading(
                    DeviceKey.of("demo", prefix + "-" + i % 10),
                    TestRecords.at(i),
                    TestRecords.at(i),
                    null,
                    List.of(new Sample.Measurement(new MetricName("temperature"), i)),
                    null,
                    Transport.MQTT,
                    Set.of());
            byte[] key = reading.device().toString().getBytes(StandardCharsets.UTF_8);
            producer.send(new ProducerRecord<>(Topics.READINGS, key, ReadingCodec.encode(reading)));
        }
        producer.flush();
    }

    private long stored(String prefix) {
        return tables.number(
                "SELECT count(*) FROM measurement JOIN series ON id = series_id WHERE device LIKE '" + prefix + "-%'");
    }

    private void awaitStored(String prefix, long count) {
        await().atMost(PATIENCE).until(() -> stored(prefix), stored -> stored == count);
        await().atMost(PATIENCE)
                .until(() -> tables.number(
                                "SELECT coalesce(sum(next_offset), 0) FROM consumer_offset WHERE topic = 'readings'")
                        >= before + count);
        assertThat(stored(prefix)).isEqualTo(count);
    }

    private void cut() {
        server().execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '"
                + database.getDatabaseName() + "' AND pid <> pg_backend_pid()");
    }

    private void allowConnections(boolean allowed) {
        server().execute("ALTER DATABASE " + database.getDatabaseName() + " ALLOW_CONNECTIONS " + allowed);
    }

    /** The same server, by its maintenance database. */
    private Tables server() {
        PGSimpleDataSource server = new PGSimpleDataSource();
        server.setUrl(database.getUrl());
        server.setDatabaseName("postgres");
        server.setUser(database.getUser());
        server.setPassword(database.getPassword());
        return new Tables(server);
    }

    private static ServiceStatusRecord heartbeat() {
        try (KafkaConsumer<byte[], byte[]> reader = new KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            TopicPartition status = new TopicPartition(Topics.SERVICE_STATUS, 0);
            reader.assign(List.of(status));
            long end = reader.endOffsets(List.of(status)).get(status);
            reader.seek(status, Math.max(0, end - 1));
            List<byte[]> values = new ArrayList<>();
            await().atMost(PATIENCE).until(() -> {
                reader.poll(Duration.ofMillis(200)).forEach(record -> values.add(record.value()));
                return !values.isEmpty();
            });
            return ServiceStatusRecord.CODEC.decode(values.getLast());
        }
    }
}
