package dev.heliograph.writer.consume;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.heliograph.model.id.MetricName;
import dev.heliograph.model.reading.Sample;
import dev.heliograph.model.wire.LedgerClaimRecord;
import dev.heliograph.model.wire.LedgerStamp;
import dev.heliograph.model.wire.Topics;
import dev.heliograph.storage.TestDatabase;
import dev.heliograph.writer.plan.CorrectionStep;
import dev.heliograph.writer.plan.Place;
import dev.heliograph.writer.plan.TestRecords;
import dev.heliograph.writer.plan.TopicRecord;
import dev.heliograph.writer.store.FaultyDatabase;
import dev.heliograph.writer.store.JdbcStore;
import dev.heliograph.writer.store.Store;
import dev.heliograph.writer.store.StoreFailure;
import dev.heliograph.writer.store.Tables;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A run with failures at random points, killed writers, and two writers that each believe to own the partitions must leave
 * the tables that an undisturbed run leaves.
 */
class ExactlyOnceTest {
    private static final int ROUNDS_BOUND = 5_000;
    private static final List<String> TABLES = List.of(
            "SELECT tenant, device, metric, ts, value, received_at FROM measurement JOIN series ON id = series_id"
                    + " ORDER BY 1, 2, 3, 4",
            "SELECT device, metric, ts, value FROM state_change JOIN series ON id = series_id ORDER BY 1, 2, 3",
            "SELECT device, metric, ts, value, text FROM latest JOIN series ON id = series_id ORDER BY 1, 2",
            "SELECT device, metric, start_at, phase, CASE phase WHEN 2 THEN 0 ELSE revision END, count, mean FROM window_10s JOIN series ON id ="
                    + " series_id ORDER BY 1, 2, 3",
            "SELECT id, tenant, device, reason, metric, received_at, count FROM quarantine ORDER BY 1, 6",
            "SELECT tenant, minute, received, stored, duplicate, quarantined FROM ledger ORDER BY 1, 2",
            "SELECT tenant, minute, source, seen, claimed, hinted, positions FROM ledger_source ORDER BY 1, 2, 3",
            "SELECT device, run, highest, missing, filled, resets, jumps, gaps FROM device_sequence ORDER BY 1",
            "SELECT device, state, since FROM presence ORDER BY 1",
            "SELECT device, at, state FROM presence_change ORDER BY 1, 2, 3",
            "SELECT device, metric, start_at, count, sum, min, max FROM window_1h JOIN series ON id = series_id ORDER BY 1, 2, 3",
            "SELECT id, status, before_rows, before_fingerprint, after_rows, after_fingerprint FROM correction ORDER BY 1",
            "SELECT topic, partition, next_offset FROM consumer_offset ORDER BY 1, 2");

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void givenFaultsAndKilledWriters_whenAllIsWritten_thenTablesEqualThoseOfAnUndisturbedRun(long seed) {
        List<TopicRecord> topic = topic(seed);
        DataSource calm = TestDatabase.postgres();
        try (HikariDataSource pool = pool(calm)) {
            writeAll(topic, new JdbcStore(pool, "w", 1_000), seed, () -> {});
        }
        DataSource rough = TestDatabase.postgres();
        FaultyDatabase faulty;
        try (HikariDataSource pool = pool(rough)) {
            faulty = new FaultyDatabase(pool, seed, 0.03);

            writeAll(topic, new JdbcStore(faulty.asDataSource(), "w", 5), seed + 100, faulty::heal);
        }

        assertThat(faulty.faults()).isGreaterThan(5);
        for (String table : TABLES) {
            assertThat(new Tables(rough).rows(table)).as(table).isEqualTo(new Tables(calm).rows(table));
        }
        assertThat(new Tables(rough)
                        .number("SELECT count(*) FROM ledger WHERE received <> stored + duplicate + quarantined"))
                .isZero();
        assertThat(new Tables(rough).rows("SELECT minute, source, owed FROM ledger_open"))
                .as("nothing that a gateway claims is owed")
                .isEmpty();
        assertThat(new Tables(rough).number("SELECT sum(seen - claimed) FROM ledger_source"))
                .as("the last source was killed before its last claims")
                .isPositive();
        assertThat(new Tables(rough).number("SELECT sum(received) FROM ledger"))
                .isEqualTo(topic.stream()
                        .filter(record -> List.of(Topics.READINGS, Topics.QUARANTINE)
                                .contains(record.place().topic()))
                        .filter(record -> !CorrectionStep.isOne(record))
                        .mapToLong(record ->
                                record.place().topic().equals(Topics.QUARANTINE) ? 1 : isPoison(record) ? 3 : 2)
                        .sum());
    }

    @Test
    void givenOneBadSampleInABatch_whenWritten_thenOnlyItGoesToTheQuarantine() throws StoreFailure {
        DataSource database = TestDatabase.postgres();
        Tables tables = new Tables(database);
        tables.execute("ALTER TABLE state_change ADD CHECK (value <> 'forbidden')");
        TestRecords topic = new TestRecords();
        for (int i = 0; i < 20; i++) {
            topic.reading(
                    "boiler-1",
                    i,
                    i,
                    new Sample.Measurement(new MetricName("temperature"), i),
                    new Sample.State(new MetricName("mode"), i == 13 ? "forbidden" : "heating"));
        }
        Store store = new JdbcStore(database, "w", 100);
        BatchWriter writer = writer(store);
        store.positions(List.of(new Place(Topics.READINGS, 0))).forEach(writer::position);

        writer.write(topic.take());

        assertThat(tables.number("SELECT count(*) FROM measurement")).isEqualTo(20);
        assertThat(tables.number("SELECT count(*) FROM state_change")).isEqualTo(19);
        assertThat(tables.rows("SELECT device, metric, reason FROM quarantine"))
                .containsExactly("boiler-1 mode DATABASE");
        assertThat(tables.rows("SELECT sum(received), sum(stored), sum(quarantined) FROM ledger"))
                .containsExactly("40 39 1");
    }

    @Test
    void givenRefusalsThatPass_whenARecordStandsAlone_thenItIsStored() throws StoreFailure {
        DataSource database = TestDatabase.postgres();
        Tables tables = new Tables(database);
        tables.execute("CREATE SEQUENCE attempts");
        // A sequence does not go back with its transaction: of three attempts at a text, two are refused.
        tables.execute("""
                CREATE FUNCTION at_times() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    IF NEW.value = 'forbidden' OR nextval('attempts') % 3 <> 0 THEN
                        RAISE EXCEPTION 'not now' USING ERRCODE = '23505';
                    END IF;
                    RETURN NEW;
                END
                $$""");
        tables.execute(
                "CREATE TRIGGER at_times BEFORE INSERT ON state_change FOR EACH ROW EXECUTE FUNCTION at_times()");
        TestRecords topic = new TestRecords();
        topic.reading("boiler-1", 0, 0, new Sample.State(new MetricName("mode"), "heating"));
        topic.reading(
                "boiler-1",
                1,
                1,
                new Sample.State(new MetricName("mode"), "forbidden"),
                new Sample.State(new MetricName("valve"), "open"));
        Store store = new JdbcStore(database, "w", 100);
        BatchWriter writer = writer(store);
        store.positions(List.of(new Place(Topics.READINGS, 0))).forEach(writer::position);

        writer.write(topic.take());

        assertThat(tables.rows("SELECT metric, value FROM state_change JOIN series ON id = series_id ORDER BY ts"))
                .containsExactly("mode heating", "valve open");
        assertThat(tables.rows("SELECT device, metric, reason FROM quarantine"))
                .containsExactly("boiler-1 mode DATABASE");
    }

    @Test
    void givenBadRecordOfAnotherTopic_whenWritten_thenWholeRecordGoesToTheQuarantine() throws StoreFailure {
        DataSource database = TestDatabase.postgres();
        TestRecords topic = new TestRecords()
                .presence("boiler-1", "reporting\0", null, 0)
                .presence("boiler-2", "reporting", null, 0);
        Place presence = new Place(Topics.PRESENCE, 0);
        Store store = new JdbcStore(database, "w", 100);
        BatchWriter writer = writer(store);
        store.positions(List.of(presence)).forEach(writer::position);

        writer.write(topic.take());

        Tables tables = new Tables(database);
        assertThat(tables.rows("SELECT device FROM presence")).containsExactly("boiler-2");
        assertThat(tables.rows("SELECT topic, reason FROM quarantine")).containsExactly("presence DATABASE");
        assertThat(tables.number("SELECT count(*) FROM ledger")).isZero();
    }

    private static HikariDataSource pool(DataSource database) {
        HikariDataSource pool = new HikariDataSource();
        pool.setDataSource(database);
        pool.setMaximumPoolSize(2);
        return pool;
    }

    private static boolean isPoison(TopicRecord record) {
        byte[] value = record.value();
        return value == null || value[0] != '{';
    }

    /** 300 readings of two samples with repetitions, disorder, conflicts, and what no table can hold. */
    private static List<TopicRecord> topic(long seed) {
        Random random = new Random(seed);
        TestRecords topic = new TestRecords();
        TestGateway gateway = new TestGateway(topic);
        for (int i = 0; i < 300; i++) {
            // Three lives of two gateways; the one that is killed claims no more.
            gateway.source = i < 100 ? i % 2 : i < 200 ? 1 + i % 2 : 3;
            String device = "boiler-" + random.nextInt(7);
            int second = random.nextInt(120);
            double value = random.nextInt(20) == 0 ? 99 : second;
            String state = random.nextInt(60) == 0 ? "a\0b" : "s" + second % 3;
            gateway.send(Topics.READINGS, second + 1, 2);
            topic.sequenced(random.nextInt(10) == 0 ? i + 2L : i);
            topic.reading(
                    device,
                    second,
                    second + 1,
                    new Sample.Measurement(new MetricName("temperature"), value),
                    new Sample.State(new MetricName("mode"), state));
            switch (random.nextInt(20)) {
                case 0 -> {
                    gateway.send(Topics.READINGS, 0, 3);
                    topic.add(Topics.READINGS, device, "poison".getBytes(StandardCharsets.UTF_8));
                }
                case 1 -> topic.window(device, "temperature", "10s", second / 10 * 10, "final", i, i, i);
                case 2 -> topic.presence(device, i % 3 == 0 ? "silent\0" : "silent", "reporting", i);
                case 3 -> {
                    gateway.send(Topics.QUARANTINE, 0, 1);
                    topic.quarantine(new UUID(0, random.nextInt(10)).toString(), device, "JSON", 0);
                }
                case 4 -> gateway.claim();
                case 5 -> topic.correction(device, "temperature", "offset", second, second + 15, 1.0);
                case 6 ->
                    topic.correction(device, i % 2 == 0 ? null : "temperature", "delete", second, second + 20, null);
                default -> {}
            }
        }
        askForRepairs(topic);
        return topic.take();
    }

    /** As the stream does after a correction: for every window of which a sample came. */
    private static void askForRepairs(TestRecords topic) {
        long last = topic.all().stream()
                        .filter(record -> record.place().topic().equals(Topics.READINGS))
                        .count()
                - 1;
        for (int device = 0; device < 7; device++) {
            topic.repair("boiler-" + device, "temperature", "1h", 0, last);
            for (int second = 0; second < 120; second += 10) {
                topic.repair("boiler-" + device, "temperature", "10s", second, last);
            }
        }
    }

    /** What a gateway counts while it sends to the topic. */
    private static final class TestGateway {
        private final TestRecords topic;
        private final Map<Long, Map<Long, Long>> acknowledged = new java.util.TreeMap<>();
        private long source;

        TestGateway(TestRecords topic) {
            this.topic = topic;
        }

        void send(String to, double receivedSeconds, int units) {
            long minute = TestRecords.at(Math.floor(receivedSeconds / 60) * 60);
            Map<Long, Long> mine = acknowledged.computeIfAbsent(source, fresh -> new java.util.TreeMap<>());
            topic.stamped(new LedgerStamp(source, units, mine.getOrDefault(minute, 0L)));
            mine.merge(minute, (long) units, Long::sum);
        }

        void claim() {
            Map<String, Long> offsets = new java.util.TreeMap<>();
            for (String from : List.of(Topics.READINGS, Topics.QUARANTINE)) {
                if (topic.end(from) > 0) {
                    offsets.put(from + "-0", topic.end(from) - 1);
                }
            }
            acknowledged
                    .getOrDefault(source, Map.of())
                    .forEach((minute, units) -> topic.claim(
                            source, new LedgerClaimRecord.Line(TestRecords.TENANT, minute, units, 0, offsets)));
        }
    }

    /**
     * Two writers take turns as a random number tells, each with what it believes; a writer that is fenced or loses the
     * store reads the positions again, and now and then one is killed and replaced by one that knows nothing.
     */
    private static void writeAll(List<TopicRecord> topic, Store store, long seed, Runnable heal) {
        Random random = new Random(seed);
        Map<Place, List<TopicRecord>> log = topic.stream().collect(Collectors.groupingBy(TopicRecord::place));
        List<Reader> readers = new ArrayList<>(List.of(new Reader(store, log), new Reader(store, log)));
        for (int round = 0; round < ROUNDS_BOUND; round++) {
            int which = random.nextInt(2);
            if (random.nextInt(15) == 0) {
                readers.set(which, new Reader(store, log));
            }
            readers.get(which).round(1 + random.nextInt(40));
            if (round % 10 == 9 && readers.get(which).isAtEnd()) {
                heal.run();
                Reader last = new Reader(store, log);
                while (!last.isAtEnd()) {
                    last.round(100);
                }
                last.settle();
                return;
            }
        }
        throw new AssertionError("not written after " + ROUNDS_BOUND + " rounds");
    }

    private static BatchWriter writer(Store store) {
        return new BatchWriter(store, new WriterMetrics(new SimpleMeterRegistry()));
    }

    /** One writer and how far it believes to be. */
    private static final class Reader {
        private final Store store;
        private final Map<Place, List<TopicRecord>> log;
        private final BatchWriter writer;
        private final Map<Place, Long> read = new java.util.TreeMap<>();

        Reader(Store store, Map<Place, List<TopicRecord>> log) {
            this.store = store;
            this.log = log;
            this.writer = writer(store);
        }

        void round(int records) {
            try {
                if (read.isEmpty()) {
                    read.putAll(store.positions(log.keySet()));
                    read.forEach(writer::position);
                }
                List<TopicRecord> batch = new ArrayList<>();
                read.forEach((place, from) ->
                        log.get(place).stream().skip(from).limit(records).forEach(batch::add));
                writer.write(batch);
                batch.forEach(record -> read.put(record.place(), record.offset() + 1));
            } catch (StoreFailure failure) {
                read.clear();
            }
        }

        void settle() {
            try {
                while (writer.hasRepairsLeft()) {
                    writer.goOnRepairing();
                }
            } catch (StoreFailure failure) {
                throw new AssertionError("the store is healed", failure);
            }
        }

        boolean isAtEnd() {
            return !read.isEmpty()
                    && read.entrySet().stream()
                            .allMatch(
                                    at -> at.getValue() == log.get(at.getKey()).size());
        }
    }
}
