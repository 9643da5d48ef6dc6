package dev.heliograph.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.id.MetricName;
import dev.heliograph.model.reading.Micros;
import dev.heliograph.model.reading.Reading;
import dev.heliograph.model.reading.ReadingFlag;
import dev.heliograph.model.reading.Sample;
import dev.heliograph.model.reading.Transport;
import dev.heliograph.model.testing.KafkaNode;
import dev.heliograph.model.window.WindowSize;
import dev.heliograph.model.wire.CorrectionRecord;
import dev.heliograph.model.wire.ReadingCodec;
import dev.heliograph.model.wire.Topics;
import dev.heliograph.model.wire.WindowRecord;
import dev.heliograph.model.wire.WindowRevisionRecord;
import dev.heliograph.storage.TestDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * History that comes while devices live, through a real Kafka into a real database, with the process killed in between: in
 * the end every window is what its rows say.
 */
class HistoryIT {
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final int DEVICES = 6;
    /** Readings of a device are this far apart by its clock, so that minutes and hours close within the test. */
    private static final Duration STEP = Duration.ofSeconds(7);

    private static final int ROUNDS = 1_300;
    private static final int READINGS_A_ROUND = 2;
    private static final MetricName TEMPERATURE = new MetricName("temperature");

    /** What differs between a table of windows and its recomputation; hours that are still open by no clock are left out. */
    private static final String DIFFERENCES = """
            WITH truth AS (
                SELECT series_id, date_bin('%2$s', ts, 'epoch') AS start_at, count(*) AS count, min(value) AS min,
                       max(value) AS max, round(sum(value)::numeric, 6) AS sum, (array_agg(value ORDER BY ts))[1] AS first,
                       (array_agg(value ORDER BY ts DESC))[1] AS last
                FROM measurement GROUP BY 1, 2
            ), stored AS (
                SELECT series_id, start_at, count, min, max, round(sum::numeric, 6) AS sum, first, last, phase FROM %1$s
            ), newest AS (SELECT series_id, max(ts) AS ts FROM measurement GROUP BY 1)
            SELECT s.device, coalesce(t.start_at, w.start_at), t.count, w.count, w.phase
            FROM truth t FULL JOIN stored w ON w.series_id = t.series_id AND w.start_at = t.start_at
            JOIN series s ON s.id = coalesce(t.series_id, w.series_id)
            JOIN newest n ON n.series_id = s.id
            WHERE coalesce(t.start_at, w.start_at) + interval '%2$s' + interval '3 seconds' <= n.ts
              AND (t.count, t.min, t.max, t.sum, t.first, t.last)
                  IS DISTINCT FROM (w.count, w.min, w.max, w.sum, w.first, w.last)
            """;

    @TempDir
    Path directory;

    private KafkaNode kafka;
    private Devices devices;
    private PGSimpleDataSource database;
    private final Random random = new Random(7);
    private int corrections;
    private final Instant begin = Instant.now().minus(Duration.ofHours(4));

    @BeforeEach
    void start() throws Exception {
        kafka = new KafkaNode(directory.resolve("kafka"));
        kafka.createTopics(2);
        devices = new Devices(kafka.bootstrapServers());
        database = (PGSimpleDataSource) TestDatabase.postgres();
    }

    @AfterEach
    void stop() {
        devices.close();
        kafka.close();
    }

    @Test
    void givenHistoryAmongLiveReadings_whenTheProcessIsKilled_thenEveryWindowIsWhatItsRowsSay() throws Exception {
        int sent = 0;
        StreamProcess first = process();
        try {
            for (int round = 0; round < ROUNDS / 2; round++) {
                sent += round(round);
            }
            devices.flush();
            await().atMost(PATIENCE).until(() -> number("SELECT count(*) FROM measurement") > 1_000);
        } finally {
            first.kill();
        }
        try (StreamProcess second = process()) {
            for (int round = ROUNDS / 2; round < ROUNDS; round++) {
                sent += round(round);
            }
            devices.flush();
            long all = sent;

            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(number("SELECT sum(stored + duplicate + quarantined) FROM ledger"))
                            .isEqualTo(all));
            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(number("SELECT count(*) FROM window_repair WHERE due_at <= now()"))
                        .isZero();
                assertThat(rows(DIFFERENCES.formatted("window_10s", "10 seconds")))
                        .isEmpty();
                assertThat(rows(DIFFERENCES.formatted("window_1m", "1 minute"))).isEmpty();
                assertThat(rows(DIFFERENCES.formatted("window_1h", "1 hour"))).isEmpty();
            });
            assertThat(second.isAlive()).isTrue();
            // Told by the writer alone, some of it by the one that was killed, some of that again by its successor.
            List<String> ownWindows = rows("""
                    SELECT s.device, w.size, (extract(epoch FROM w.start_at) * 1000000)::bigint, w.revision, w.count
                    FROM (SELECT '10s' AS size, series_id, start_at, revision, count FROM window_10s
                          UNION ALL SELECT '1m', series_id, start_at, revision, count FROM window_1m
                          UNION ALL SELECT '1h', series_id, start_at, revision, count FROM window_1h) AS w
                    JOIN series s ON s.id = w.series_id
                    WHERE w.start_at < now() - interval '1 year'
                    """);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(windowsTold()).containsAll(ownWindows));
            assertThat(number("SELECT count(*) FROM revision_notice")).isZero();
        }
        assertThat(number("SELECT count(*) FROM correction WHERE status = 'done'"))
                .isEqualTo(corrections);
        assertThat(number("SELECT sum(before_rows - after_rows) FROM correction WHERE action = 'delete'"))
                .isPositive();
        assertThat(number("SELECT count(*) FROM window_1h WHERE start_at < now() - interval '1 year'"))
                .isPositive();
        assertThat(
                        number(
                                "SELECT count(*) FROM latest l JOIN measurement m ON m.series_id = l.series_id AND m.ts > l.ts"))
                .isZero();
        assertThat(number("SELECT count(*) FROM presence WHERE device = 'past-only'"))
                .isZero();
        assertThat(number("SELECT count(*) FROM measurement JOIN series ON id = series_id WHERE device = 'past-only'"))
                .isPositive();
    }

    private int round(int round) throws InterruptedException {
        String device = "d" + round % DEVICES;
        Instant now = begin.plus(STEP.multipliedBy(round));
        for (int i = 0; i < READINGS_A_ROUND; i++) {
            devices.report(device, now.plusMillis(random.nextInt(9_000)), sample(random.nextInt(100)));
        }
        // Into the open minute, into a closed one, hours ago, and into a year without anything.
        past(device, now.minusMillis(random.nextInt(5_000)));
        past(device, now.minusSeconds(random.nextInt(240)));
        past(round % 5 == 0 ? "past-only" : device, now.minus(Duration.ofMinutes(random.nextInt(300))));
        past(device, now.minus(Duration.ofDays(500)).plusMillis(random.nextInt(60_000)));
        if (round % 60 == 30) {
            correct(device, "delete", now.minusSeconds(90), now.minusSeconds(random.nextInt(80)), null);
            correct(device, "offset", now.minus(Duration.ofHours(1)), now.minusSeconds(30), 0.5);
        }
        if (round % 20 == 0) {
            devices.flush();
            Thread.sleep(120); // a pace, so that results are told in between; nothing waits for it
        }
        return READINGS_A_ROUND + 4;
    }

    private static List<Sample> sample(double value) {
        return List.of(new Sample.Measurement(TEMPERATURE, value));
    }

    private void past(String device, Instant time) {
        DeviceKey key = DeviceKey.of("demo", device);
        Reading reading = new Reading(
                key,
                Micros.of(time),
                Micros.of(Instant.now()),
                null,
                sample(random.nextInt(100)),
                null,
                Transport.HTTP,
                Set.of(ReadingFlag.BACKFILL));
        devices.put(Topics.READINGS, key.toString(), ReadingCodec.encode(reading));
    }

    private void correct(String device, String action, Instant from, Instant to, @Nullable Double value) {
        CorrectionRecord correction = new CorrectionRecord(
                1,
                new UUID(random.nextLong(), random.nextLong()).toString(),
                "demo",
                device,
                TEMPERATURE.value(),
                action,
                Micros.of(from),
                Micros.of(to),
                value,
                null,
                "olga",
                "test",
                Micros.of(Instant.now()));
        corrections++;
        devices.put(Topics.READINGS, "demo/" + device, CorrectionRecord.CODEC.encode(correction));
    }

    /** Every window that the topic of revisions named, with its revision and count; what it told as a range, as it is stored. */
    private Set<String> windowsTold() throws SQLException {
        Set<String> told = new HashSet<>();
        List<WindowRevisionRecord> ranges = new ArrayList<>();
        for (byte[] value : revisions()) {
            WindowRevisionRecord revision = WindowRevisionRecord.CODEC.decode(value);
            List<WindowRecord> windows = revision.windows();
            if (windows == null) {
                ranges.add(revision);
            } else {
                windows.forEach(window -> told.add(window.device() + " " + window.size() + " " + window.start() + " "
                        + window.rev() + " " + window.count()));
            }
        }
        for (WindowRevisionRecord range : ranges) {
            for (WindowSize size : WindowSize.values()) {
                told.addAll(rows("""
                        SELECT s.device, '%1$s', (extract(epoch FROM w.start_at) * 1000000)::bigint, w.revision, w.count
                        FROM window_%1$s w JOIN series s ON s.id = w.series_id
                        WHERE s.device = '%2$s' AND w.start_at < timestamptz 'epoch' + %3$d * interval '1 microsecond'
                          AND w.start_at + interval '%4$d seconds' > timestamptz 'epoch' + %5$d * interval '1 microsecond'
                        """.formatted(
                                size.label(), range.device(), range.to(), size.micros() / 1_000_000, range.from())));
            }
        }
        return told;
    }

    private List<byte[]> revisions() {
        List<byte[]> values = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> reader = new KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = reader.partitionsFor(Topics.WINDOW_REVISIONS).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            reader.assign(partitions);
            reader.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = reader.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> reader.position(end.getKey()) < end.getValue())) {
                reader.poll(Duration.ofMillis(200)).forEach(record -> values.add(record.value()));
            }
        }
        return values;
    }

    private StreamProcess process() throws Exception {
        return new StreamProcess(
                kafka.bootstrapServers(),
                directory,
                "--heliograph.writer.enabled=true",
                "--heliograph.writer.migrate-at-start=false",
                "--heliograph.writer.retention.enabled=false",
                "--heliograph.database.url=" + database.getUrl(),
                "--heliograph.database.username=" + database.getUser());
    }

    private long number(String sql) throws SQLException {
        return Long.parseLong(rows(sql).getFirst().replace("null", "0"));
    }

    private List<String> rows(String sql) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            int columns = result.getMetaData().getColumnCount();
            while (result.next()) {
                StringBuilder row = new StringBuilder();
                for (int column = 1; column <= columns; column++) {
                    row.append(column == 1 ? "" : " ").append(result.getString(column));
                }
                rows.add(row.toString());
            }
        }
        return rows;
    }
}
