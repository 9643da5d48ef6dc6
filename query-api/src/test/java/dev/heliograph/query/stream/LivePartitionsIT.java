package dev.heliograph.query.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.id.MetricName;
import dev.heliograph.model.id.TenantId;
import dev.heliograph.model.reading.Micros;
import dev.heliograph.model.reading.Reading;
import dev.heliograph.model.reading.Sample;
import dev.heliograph.model.reading.Transport;
import dev.heliograph.model.wire.ReadingCodec;
import dev.heliograph.model.wire.Topics;
import dev.heliograph.query.kafka.KafkaSettings;
import dev.heliograph.query.paging.CursorSettings;
import dev.heliograph.query.paging.CursorSigner;
import dev.heliograph.query.testing.TestKafka;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What an instance reads of a real Kafka for its viewers, and that none of them misses anything by it. */
class LivePartitionsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");
    private static final long SEED = 20_261_126;
    private static TestKafka kafka;

    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final JsonMapper json = new JsonMapper();
    private final StreamMetrics metrics = new StreamMetrics(meters, Clock.systemUTC());
    private final StreamSettings settings = new StreamSettings(
            Duration.ofMillis(20),
            PATIENCE,
            PATIENCE,
            100,
            100,
            20,
            200,
            100,
            1_000_000,
            1_000,
            PATIENCE,
            50_000,
            4,
            200_000,
            Duration.ofMillis(100),
            PATIENCE,
            PATIENCE);
    private final LiveHub hub = new LiveHub(
            new CursorSigner(new CursorSettings("")),
            json,
            System::nanoTime,
            settings.linger(),
            settings.joinWait(),
            metrics);
    private final KafkaSettings access = new KafkaSettings(kafka.bootstrapServers, Map.of());
    private final LiveFeed feed = new LiveFeed(access, settings, hub, metrics);
    private final Replay replay = new Replay(access, settings, hub, json);

    @BeforeAll
    static void start() {
        kafka = new TestKafka();
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    @AfterEach
    void stopFeed() {
        feed.stop();
    }

    @Test
    void givenKeysOfDevices_whenProduced_thenTheyAreWhereTheyAreLookedFor() throws Exception {
        TenantId tenant = new TenantId("where");
        for (int i = 0; i < 100; i++) {
            String device = "device-" + i;
            int partition = kafka.sendLater(Topics.READINGS, "where/" + device, reading(tenant, device, i))
                    .get()
                    .partition();

            assertThat(Need.partitionOf(tenant, device, TestKafka.PARTITIONS)).isEqualTo(partition);
        }
    }

    @Test
    void givenOneViewerOfOneDevice_whenManyReport_thenOnlyItsPartitionsAreRead() throws Exception {
        TenantId tenant = new TenantId("one");
        feed.start();
        await().atMost(PATIENCE).until(feed::reading);
        // Nobody looks: one partition stays, by which the freshness is measured.
        await().atMost(PATIENCE).until(() -> {
            publish(tenant, deviceOf(tenant, 0), 0);
            return partitionsRead() == 1;
        });
        String device = deviceOf(tenant, 0);
        Viewer viewer = new Viewer(tenant, device);
        viewer.join(null);
        await().atMost(PATIENCE).until(() -> partitionsRead() == 2); // of the readings and of the revisions
        double recordsBefore = counted("heliograph.sse.read.records");
        double bytesBefore = counted("heliograph.sse.read.bytes");
        int rounds = 200;
        for (int i = 1; i <= rounds; i++) {
            for (int partition = 0; partition < TestKafka.PARTITIONS; partition++) {
                kafka.sendLater(
                        Topics.READINGS,
                        "one/" + deviceOf(tenant, partition),
                        reading(tenant, deviceOf(tenant, partition), i));
            }
        }
        await().atMost(PATIENCE).until(() -> viewer.take().size() >= rounds);

        double records = counted("heliograph.sse.read.records") - recordsBefore;
        double bytes = counted("heliograph.sse.read.bytes") - bytesBefore;
        System.out.printf(
                "one viewer of one device: %.0f of %d records read, %.0f bytes%n",
                records, rounds * TestKafka.PARTITIONS, bytes);
        assertThat(records).isBetween((double) rounds, rounds + 20.0);
        viewer.leave();
    }

    @Test
    void givenViewersThatComeAndGo_whenPartitionsAreTakenAndLetGo_thenNobodyMissesOrSeesTwice() throws Exception {
        TenantId tenant = new TenantId("flap");
        feed.start();
        await().atMost(PATIENCE).until(feed::reading);
        List<String> devices = IntStream.range(0, TestKafka.PARTITIONS)
                .mapToObj(partition -> deviceOf(tenant, partition))
                .toList();
        AtomicInteger published = new AtomicInteger();
        Thread publisher = Thread.ofPlatform().start(() -> {
            while (!Thread.currentThread().isInterrupted() && published.get() < 20_000) {
                int number = published.getAndIncrement();
                String device = devices.get(number % devices.size());
                kafka.sendLater(Topics.READINGS, "flap/" + device, reading(tenant, device, number));
                LockSupport.parkNanos(500_000);
            }
        });
        Random random = new Random(SEED);
        List<Viewer> viewers = new ArrayList<>();
        devices.forEach(device -> viewers.add(new Viewer(tenant, device)));
        int resumed = 0;
        for (int round = 0; round < 60; round++) {
            Viewer viewer = viewers.get(random.nextInt(viewers.size()));
            if (viewer.isIn()) {
                viewer.leave();
            } else {
                viewer.join(viewer.lastId);
                resumed++;
            }
            int until = published.get() + random.nextInt(300);
            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(5)).until(() -> published.get() >= until);
            for (Viewer one : viewers) {
                one.take();
            }
        }
        publisher.interrupt();
        publisher.join();
        int end = published.get();
        for (Viewer viewer : viewers) {
            if (!viewer.isIn()) {
                viewer.join(viewer.lastId);
            }
            int newest = end - devices.size() + Math.floorMod(viewer.remainder - end, devices.size());
            await().atMost(PATIENCE).until(() -> viewer.take().contains(newest));
        }

        assertThat(resumed).isGreaterThan(10);
        for (Viewer viewer : viewers) {
            List<Integer> seen = viewer.take();
            assertThat(seen).doesNotHaveDuplicates();
            assertThat(seen).isSorted();
            int step = devices.size();
            for (int i = 1; i < seen.size(); i++) {
                assertThat(seen.get(i) - seen.get(i - 1)).isEqualTo(step);
            }
            viewer.leave();
        }
    }

    /** One viewer of one device, without HTTP between it and the hub. */
    private final class Viewer {
        private final Subscription subscription;
        private final List<Integer> seen = new ArrayList<>();
        private @Nullable Connection connection;
        private @Nullable String lastId;
        /** Its numbers leave this remainder when they are divided by the number of devices. */
        private final int remainder;

        Viewer(TenantId tenant, String device) {
            subscription =
                    Subscription.of(tenant, List.of(View.of(List.of("samples"), List.of(device), null)), 0, settings);
            remainder = Need.partitionOf(tenant, device, TestKafka.PARTITIONS);
        }

        boolean isIn() {
            return connection != null;
        }

        void join(@Nullable String from) throws Exception {
            Connection fresh = new Connection("ana", subscription, settings, metrics);
            Positions joined = hub.join(fresh);
            connection = fresh;
            if (from == null) {
                lastId = hub.id(subscription, joined);
            } else {
                Replay.Outcome outcome = replay.between(
                        subscription, hub.positionOf(subscription, from).orElseThrow(), joined, this::note);
                assertThat(outcome.reason()).isEmpty();
                lastId = hub.id(subscription, joined);
            }
            assertThat(lastId).isNotNull();
        }

        void leave() throws Exception {
            take();
            Connection open = Objects.requireNonNull(connection);
            hub.leave(open);
            take();
            connection = null;
        }

        List<Integer> take() throws Exception {
            Connection open = connection;
            if (open != null) {
                open.take(Duration.ZERO).forEach(this::note);
            }
            return seen;
        }

        private void note(Frame frame) {
            assertThat(frame.single()).as("an event of its own").isNull();
            for (String line : new String(frame.bytes(), StandardCharsets.UTF_8).split("\n")) {
                if (line.startsWith("data: ")) {
                    for (JsonNode series : json.readTree(line.substring("data: ".length()))) {
                        series.path("values").forEach(value -> seen.add((int) Math.round(value.asDouble())));
                    }
                }
            }
            lastId = frame.id() == null ? lastId : frame.id();
        }
    }

    private double partitionsRead() {
        return meters.get("heliograph.sse.partitions").gauge().value();
    }

    private double counted(String name) {
        return meters.get(name).counter().count();
    }

    private static String deviceOf(TenantId tenant, int partition) {
        for (int i = 0; ; i++) {
            if (Need.partitionOf(tenant, "d" + i, TestKafka.PARTITIONS) == partition) {
                return "d" + i;
            }
        }
    }

    private static void publish(TenantId tenant, String device, int number) {
        kafka.send(Topics.READINGS, tenant.value() + "/" + device, reading(tenant, device, number));
    }

    private static byte[] reading(TenantId tenant, String device, int number) {
        long time = Micros.of(START.plusMillis(number));
        return ReadingCodec.encode(new Reading(
                DeviceKey.of(tenant.value(), device),
                time,
                time,
                null,
                List.of(new Sample.Measurement(new MetricName("n"), number)),
                null,
                Transport.MQTT,
                Set.of()));
    }
}
