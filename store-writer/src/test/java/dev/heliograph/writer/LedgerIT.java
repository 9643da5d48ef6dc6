package dev.heliograph.writer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.id.MetricName;
import dev.heliograph.model.reading.Micros;
import dev.heliograph.model.reading.Reading;
import dev.heliograph.model.reading.Sample;
import dev.heliograph.model.reading.Transport;
import dev.heliograph.model.testing.KafkaNode;
import dev.heliograph.model.wire.LedgerClaimRecord;
import dev.heliograph.model.wire.LedgerStamp;
import dev.heliograph.model.wire.QuarantineRecord;
import dev.heliograph.model.wire.ReadingCodec;
import dev.heliograph.model.wire.Topics;
import dev.heliograph.storage.TestDatabase;
import dev.heliograph.writer.store.Tables;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The ledger between a real Kafka and a real database: what is broken on purpose is found, to the tenant, the minute and the
 * number; and nothing that only looks like a loss is taken for one.
 */
class LedgerIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int PARTITIONS = 3;
    private static KafkaNode kafka;
    private static KafkaProducer<byte[], byte[]> producer;

    private final List<ConfigurableApplicationContext> applications = new ArrayList<>();
    private MeterRegistry meters = new SimpleMeterRegistry();
    // The minutes of the test lie in the recent past, where the watch looks; each test has a tenant of its own.
    private final Instant noon = Instant.now().truncatedTo(ChronoUnit.MINUTES).minusSeconds(600);
    private final String tenant = "t" + Long.toString(System.nanoTime(), 36);
    private PGSimpleDataSource database;
    private Tables tables;

    @BeforeAll
    static void startKafka(@TempDir Path directory) throws InterruptedException, ExecutionException {
        kafka = new KafkaNode(directory.resolve("kafka"));
        kafka.createTopics(PARTITIONS);
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
    }

    @AfterEach
    void stop() {
        applications.forEach(ConfigurableApplicationContext::close);
    }

    @Test
    void givenRecordsThatKafkaDeletedBeforeTheyWereStored_whenWriterGoesOn_thenLedgerNamesTenantMinuteAndNumber()
            throws Exception {
        Gateway gateway = new Gateway(1);
        for (int i = 0; i < 200; i++) {
            gateway.reading("boiler-" + i % 7, i);
        }
        gateway.claim();
        ConfigurableApplicationContext first = writer("a");
        await().atMost(PATIENCE).until(() -> settled("a"));
        first.close();
        int mark = gateway.sent.size();
        for (int i = 200; i < 400; i++) {
            gateway.reading("boiler-" + i % 7, i);
        }
        gateway.claim();
        // Two thirds of what came in the meantime to one partition is deleted behind everybody's back, to its end or
        // not.
        int partition = gateway.sent.get(mark).partition();
        List<Gateway.Sent> late = gateway.sent.subList(mark, gateway.sent.size()).stream()
                .filter(sent -> sent.partition() == partition)
                .toList();
        long until = late.get(late.size() * 2 / 3).offset();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            admin.deleteRecords(
                            Map.of(new TopicPartition(Topics.READINGS, partition), RecordsToDelete.beforeOffset(until)))
                    .all()
                    .get();
        }
        Map<String, Long> lost = new TreeMap<>();
        late.stream()
                .filter(sent -> sent.offset() < until)
                .forEach(sent -> lost.merge(sent.minute(), sent.units(), Long::sum));

        writer("a");

        await().atMost(PATIENCE).until(() -> owed("passed").equals(lost));
        assertThat(lost).hasSizeGreaterThan(1);
        assertThat(owed("true")).as("nothing else is owed").isEqualTo(lost);
        // The gauge is about all tenants, those of the other tests in the same topics included.
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(
                                meters.get("heliograph.ledger.missing").gauge().value())
                        .isEqualTo(tables.number("SELECT sum(owed_by_claim) FROM ledger_open WHERE passed")));
        assertThat(meters.get("heliograph.ledger.oldest.missing.seconds")
                        .gauge()
                        .value())
                .isBetween(1.0, 3_600.0);
    }

    @Test
    void givenEverythingOfAPartitionDeletedAndNothingComingAfter_whenWriterStarts_thenItIsMissingAtOnce()
            throws Exception {
        Gateway gateway = new Gateway(2);
        gateway.reading("boiler-1", 0);
        Gateway.Sent only = gateway.sent.getFirst();
        gateway.claim();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            TopicPartition partition = new TopicPartition(Topics.READINGS, only.partition());
            admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(only.offset() + 1)))
                    .all()
                    .get();
        }

        writer("a");

        await().atMost(PATIENCE).until(() -> owed("passed").equals(Map.of(only.minute(), 2L)));
    }

    @Test
    void givenWriterThatSeeksOverOneRecord_whenItGoesOn_thenThatOneIsMissing() {
        Gateway gateway = new Gateway(3);
        for (int i = 0; i < 50; i++) {
            gateway.reading("boiler-" + i % 5, i);
        }
        gateway.claim();
        ConfigurableApplicationContext first = writer("a");
        await().atMost(PATIENCE).until(() -> settled("a"));
        first.close();
        gateway.reading("boiler-3", 70);
        Gateway.Sent skipped = gateway.sent.getLast();
        gateway.claim();
        tables.execute(
                "UPDATE consumer_offset SET next_offset = next_offset + 1 WHERE topic = 'readings' AND partition = "
                        + skipped.partition());

        writer("a");

        await().atMost(PATIENCE).until(() -> owed("passed").equals(Map.of(skipped.minute(), 2L)));
        assertThat(owed("true")).isEqualTo(Map.of(skipped.minute(), 2L));
    }

    /**
     * Gateways that are killed without a last claim, repetitions, conflicts, poison, refusals, connections cut, writers
     * stopped and started, and in the end a backup of the middle restored and written on from: never anything owed.
     */
    @ParameterizedTest
    @ValueSource(longs = {11, 12})
    void givenKillsRetriesDuplicatesPoisonAndARestoredBackup_whenAllIsRead_thenNothingIsMissing(long seed) {
        Random random = new Random(seed);
        List<Gateway> gateways = new ArrayList<>(List.of(new Gateway(seed * 100), new Gateway(seed * 100 + 1)));
        List<Gateway> all = new ArrayList<>(gateways);
        ConfigurableApplicationContext application = writer("a");
        String backup = null;
        for (int i = 0; i < 600; i++) {
            int which = random.nextInt(2);
            Gateway gateway = gateways.get(which);
            switch (random.nextInt(12)) {
                case 0 -> gateway.poison("boiler-" + i % 7, i / 4);
                case 1 -> gateway.refusal("boiler-" + i % 7, i / 4);
                case 2 -> gateway.reading("boiler-" + i % 7, random.nextInt(1 + i / 4));
                case 3 -> gateway.claim();
                default -> gateway.reading("boiler-" + i % 7, i / 4);
            }
            if (random.nextInt(60) == 0) {
                Gateway next = new Gateway(seed * 100 + all.size());
                gateways.set(which, next);
                all.add(next);
            }
            if (i % 150 == 75) {
                cut();
            }
            if (i == 300) {
                application.close();
                backup = database.getDatabaseName() + "_backup";
                copy(database.getDatabaseName(), backup);
                application = writer("a");
            }
        }
        gateways.forEach(Gateway::claim);
        await().atMost(PATIENCE).until(() -> settled("a"));
        checkNothingIsOwed(all);
        application.close();
        List<String> before = tables.rows(LEDGER.formatted(tenant));

        String lost = database.getDatabaseName();
        server().execute("DROP DATABASE " + lost);
        copy(backup, lost);
        writer("a");

        await().atMost(PATIENCE).until(() -> settled("a"));
        checkNothingIsOwed(all);
        assertThat(tables.rows(LEDGER.formatted(tenant))).isEqualTo(before);
    }

    private static final String LEDGER =
            "SELECT minute, received, stored, duplicate, quarantined FROM ledger WHERE tenant = '%s' ORDER BY 1";

    private void checkNothingIsOwed(List<Gateway> all) {
        assertThat(owed("true")).isEmpty();
        assertThat(tables.number("SELECT count(*) FROM ledger WHERE received <> stored + duplicate + quarantined"))
                .isZero();
        assertThat(tables.number("SELECT sum(received) FROM ledger WHERE tenant = '" + tenant + "'"))
                .isEqualTo(all.stream()
                        .flatMap(gateway -> gateway.sent.stream())
                        .mapToLong(Gateway.Sent::units)
                        .sum());
        assertThat(tables.number(
                        "SELECT count(*) FROM ledger_source WHERE seen > claimed AND tenant = '" + tenant + "'"))
                .as("some gateway was killed before its last claim")
                .isPositive();
    }

    private Map<String, Long> owed(String condition) {
        Map<String, Long> owed = new TreeMap<>();
        for (String row :
                tables.rows("SELECT to_char(minute AT TIME ZONE 'UTC', 'HH24:MI'), sum(owed) FROM ledger_open "
                        + "WHERE tenant = '" + tenant + "' AND " + condition + " GROUP BY 1")) {
            String[] columns = row.split(" ");
            owed.put(columns[0], Long.parseLong(columns[1]));
        }
        return owed;
    }

    private boolean settled(String consumer) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            Map<TopicPartition, org.apache.kafka.clients.admin.OffsetSpec> wanted = new HashMap<>();
            for (String topic : List.of(Topics.READINGS, Topics.QUARANTINE, Topics.LEDGER)) {
                IntStream.range(0, PARTITIONS)
                        .forEach(partition -> wanted.put(
                                new TopicPartition(topic, partition),
                                org.apache.kafka.clients.admin.OffsetSpec.latest()));
            }
            long ends = admin.listOffsets(wanted).all().get().values().stream()
                    .mapToLong(end -> end.offset())
                    .sum();
            return tables.number("SELECT coalesce(sum(next_offset), 0) FROM consumer_offset WHERE consumer = '"
                            + consumer + "' AND topic IN ('readings', 'quarantine', 'ledger')")
                    == ends;
        } catch (InterruptedException | ExecutionException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private ConfigurableApplicationContext writer(String consumer) {
        meters = new SimpleMeterRegistry();
        ConfigurableApplicationContext application = new SpringApplicationBuilder(WriterConfiguration.class)
                .web(WebApplicationType.NONE)
                .initializers(context -> context.getBeanFactory().registerSingleton("meters", meters))
                .properties(
                        "spring.main.banner-mode=off",
                        "heliograph.kafka.bootstrap-servers=" + kafka.bootstrapServers(),
                        "heliograph.database.url=" + database.getUrl(),
                        "heliograph.database.username=" + database.getUser(),
                        "heliograph.database.password=" + database.getPassword(),
                        "heliograph.writer.consumer=" + consumer,
                        "heliograph.writer.max-batch-records=50",
                        "heliograph.writer.first-retry=50ms",
                        "heliograph.writer.longest-retry=200ms",
                        "heliograph.writer.ledger.interval=200ms",
                        "heliograph.writer.database.acquire-timeout=1s")
                .run();
        applications.add(application);
        return application;
    }

    private void cut() {
        server().execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '"
                + database.getDatabaseName() + "' AND pid <> pg_backend_pid()");
    }

    private void copy(String from, String to) {
        server().execute("CREATE DATABASE " + to + " TEMPLATE " + from);
    }

    private Tables server() {
        PGSimpleDataSource server = new PGSimpleDataSource();
        server.setUrl(database.getUrl());
        server.setDatabaseName("postgres");
        server.setUser(database.getUser());
        server.setPassword(database.getPassword());
        return new Tables(server);
    }

    /** What a gateway does: sends with a stamp, counts what was acknowledged, claims it now and then. */
    private final class Gateway {
        private record Sent(String minute, long units, int partition, long offset) {}

        private final long source;
        private final List<Sent> sent = new ArrayList<>();
        private final Map<Long, Long> acknowledged = new TreeMap<>();
        private final Map<String, Long> offsets = new TreeMap<>();

        Gateway(long source) {
            this.source = source;
        }

        void reading(String device, int second) {
            Instant time = noon.plusSeconds(second);
            Reading reading = new Reading(
                    DeviceKey.of(tenant, device),
                    Micros.of(time),
                    Micros.of(time),
                    null,
                    List.of(
                            new Sample.Measurement(new MetricName("temperature"), sent.size() % 3),
                            new Sample.State(new MetricName("mode"), "heating")),
                    null,
                    Transport.MQTT,
                    Set.of());
            send(Topics.READINGS, device, time, ReadingCodec.encode(reading), 2);
        }

        void poison(String device, int second) {
            send(Topics.READINGS, device, noon.plusSeconds(second), new byte[] {1}, 4);
        }

        void refusal(String device, int second) {
            Instant time = noon.plusSeconds(second);
            QuarantineRecord refusal = new QuarantineRecord(
                    1,
                    UUID.randomUUID().toString(),
                    tenant,
                    device,
                    "topic",
                    "mqtt",
                    "JSON",
                    "no JSON",
                    null,
                    Micros.of(time),
                    1,
                    "00",
                    new byte[] {1});
            send(Topics.QUARANTINE, device, time, QuarantineRecord.CODEC.encode(refusal), 1);
        }

        private void send(String topic, String device, Instant time, byte[] value, int units) {
            long minute = Micros.of(time.truncatedTo(ChronoUnit.MINUTES));
            LedgerStamp stamp = new LedgerStamp(source, units, acknowledged.getOrDefault(minute, 0L));
            List<Header> headers = List.of(new RecordHeader(LedgerStamp.HEADER, stamp.encode()));
            byte[] key = (tenant + "/" + device).getBytes(StandardCharsets.UTF_8);
            RecordMetadata at = await(new ProducerRecord<>(topic, null, time.toEpochMilli(), key, value, headers));
            acknowledged.merge(minute, (long) units, Long::sum);
            offsets.merge(topic + "-" + at.partition(), at.offset(), Math::max);
            sent.add(new Sent(time.toString().substring(11, 16), units, at.partition(), at.offset()));
        }

        void claim() {
            List<LedgerClaimRecord.Line> lines = new ArrayList<>();
            acknowledged.forEach((minute, units) ->
                    lines.add(new LedgerClaimRecord.Line(tenant, minute, units, 0, new TreeMap<>(offsets))));
            LedgerClaimRecord claim = new LedgerClaimRecord(
                    1, LedgerClaimRecord.text(source), "gateway", Micros.of(Instant.now()), lines);
            await(new ProducerRecord<>(
                    Topics.LEDGER,
                    claim.source().getBytes(StandardCharsets.UTF_8),
                    LedgerClaimRecord.CODEC.encode(claim)));
        }

        private RecordMetadata await(ProducerRecord<byte[], byte[]> message) {
            try {
                return producer.send(message).get();
            } catch (InterruptedException | ExecutionException failure) {
                throw new IllegalStateException(failure);
            }
        }
    }
}
