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
import dev.heliograph.model.testing.WireGolden;
import dev.heliograph.model.wire.ReadingCodec;
import dev.heliograph.model.wire.Topics;
import dev.heliograph.model.wire.WindowRecord;
import dev.heliograph.model.wire.WindowRevisionRecord;
import dev.heliograph.query.paging.CursorSettings;
import dev.heliograph.query.paging.CursorSigner;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class LiveHubTest {
    private static final TenantId TENANT = new TenantId("demo");
    private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");
    private static final long TICK_NANOS = 50_000_000;
    private static final String ANA = "ana";

    private final JsonMapper json = new JsonMapper();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final StreamMetrics metrics = new StreamMetrics(meters, Clock.systemUTC());
    private long nanos;
    private final LiveHub hub = new LiveHub(
            new CursorSigner(new CursorSettings("")),
            json,
            () -> nanos,
            Duration.ofSeconds(30),
            Duration.ofSeconds(30),
            metrics);
    private long offset;
    private int published;

    @BeforeEach
    void begin() {
        hub.tick(List.of(), at(0));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void givenRandomChangesOfSubscriptions_whenReadingsCome_thenEachReaderGetsWhatItWantedAtThatTimeOnce(long seed)
            throws Exception {
        Random random = new Random(seed);
        List<Connection> readers = new ArrayList<>();
        Map<Connection, List<String>> expected = new HashMap<>();
        Map<Connection, List<String>> seen = new HashMap<>();
        for (int step = 0; step < 400; step++) {
            switch (random.nextInt(6)) {
                case 0 -> {
                    Connection reader = reader(anySubscription(random, Subscription.EVERY_SAMPLE));
                    hub.join(reader);
                    readers.add(reader);
                    expected.put(reader, new ArrayList<>());
                    seen.put(reader, new ArrayList<>());
                }
                case 1 -> {
                    if (!readers.isEmpty()) {
                        Connection reader = readers.get(random.nextInt(readers.size()));
                        assertThat(hub.resubscribe(
                                        reader.id(), ANA, anySubscription(random, Subscription.EVERY_SAMPLE)))
                                .isTrue();
                    }
                }
                case 2 -> {
                    if (readers.size() > 3) {
                        Connection gone = readers.remove(random.nextInt(readers.size()));
                        hub.leave(gone);
                    }
                }
                default -> {
                    List<String> devices = new ArrayList<>();
                    for (int i = random.nextInt(4); i > 0; i--) {
                        devices.add("d" + random.nextInt(4));
                    }
                    int first = published;
                    tick(devices);
                    for (int i = 0; i < devices.size(); i++) {
                        for (Connection reader : readers) {
                            if (reader.subscription().covers(StreamTopic.SAMPLES, devices.get(i))) {
                                expected.get(reader).add(devices.get(i) + "=" + (first + i));
                            }
                        }
                    }
                }
            }
            readers.forEach(reader -> seen.get(reader).addAll(values(take(reader))));
        }

        seen.forEach((reader, values) -> assertThat(values).containsExactlyInAnyOrderElementsOf(expected.get(reader)));
        assertThat(expected.values().stream().mapToInt(List::size).sum()).isGreaterThan(300);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 20})
    void givenReaderThatWantsFewerSamples_whenManyCome_thenThePaceHoldsAndTheNewestAlwaysArrives(int perSecond)
            throws Exception {
        Connection reader = reader(subscription(perSecond, "d0", "d1"));
        hub.join(reader);
        Map<String, Integer> count = new HashMap<>();
        Map<String, String> newest = new HashMap<>();
        int seconds = 20;
        for (int i = 0; i < seconds * 20; i++) {
            tick(List.of("d0", "d1", "d1"));
            note(reader, count, newest);
        }
        for (int i = 0; i < 21; i++) {
            tick(List.of());
            note(reader, count, newest);
        }

        assertThat(newest)
                .containsEntry("d0", String.valueOf(published - 3))
                .containsEntry("d1", String.valueOf(published - 1));
        assertThat(count.get("d0")).isBetween(seconds * perSecond - 1, seconds * perSecond + 1);
    }

    @Test
    void givenHeldSamples_whenOtherEventsPass_thenNoPositionBehindTheHeldOnesIsTold() throws Exception {
        Connection reader = reader(subscription(1, "d0"));
        hub.join(reader);
        tick(List.of("d0"));
        tick(List.of("d0"));

        List<Frame> frames = take(reader);

        // The first went out at once; the second waits, so the only position told is the one behind the first.
        assertThat(values(frames)).containsExactly("d0=0");
        assertThat(frames.getLast().id()).isEqualTo(hub.id(reader.subscription(), at(1)));
    }

    @Test
    void givenHeldSamples_whenAnotherReaderJoins_thenItGetsNoneFromBeforeAndTheOtherOneNoneTwice() throws Exception {
        Connection first = reader(subscription(1, "d0"));
        hub.join(first);
        tick(List.of("d0"));
        tick(List.of("d0"));
        Connection second = reader(subscription(1, "d0"));
        hub.join(second);
        advance(Duration.ofSeconds(2));
        tick(List.of());

        assertThat(values(take(first))).containsExactly("d0=0", "d0=1");
        assertThat(values(take(second))).isEmpty();
    }

    @Test
    void givenConnectionOfAnotherUserOrTenant_whenChanged_thenItIsNotFound() throws Exception {
        Connection reader = reader(subscription(0, "d0"));
        hub.join(reader);

        assertThat(hub.resubscribe(reader.id(), "eve", subscription(0, "d1"))).isFalse();
        assertThat(hub.resubscribe(reader.id(), ANA, new Subscription(new TenantId("other"), Set.of(view("d1")), 0)))
                .isFalse();
        assertThat(hub.resubscribe(UUID.randomUUID(), ANA, subscription(0, "d1")))
                .isFalse();
        hub.leave(reader);
        assertThat(hub.resubscribe(reader.id(), ANA, subscription(0, "d1"))).isFalse();
        assertThat(reader.subscription()).isEqualTo(subscription(0, "d0"));
    }

    @Test
    void givenChange_whenMade_thenTheStreamSaysWhere() throws Exception {
        Connection reader = reader(subscription(0, "d0"));
        hub.join(reader);
        tick(List.of("d0", "d1"));
        hub.resubscribe(reader.id(), ANA, subscription(0, "d1"));
        tick(List.of("d0", "d1"));

        List<Frame> frames = take(reader);

        assertThat(frames).extracting(Frame::single).containsExactly(null, "subscribed", null);
        assertThat(text(frames.get(1)))
                .contains("\"subscriptions\":[{\"topics\":[\"samples\"],\"devices\":[\"d1\"],\"metrics\":[]}]");
        assertThat(frames.get(1).id()).isEqualTo(frames.get(0).id());
        assertThat(values(frames)).containsExactly("d0=0", "d1=3");
    }

    @Test
    void givenPartitionThatIsNotRead_whenAViewerOfItJoins_thenItWaitsForItAndThenGetsEverything() throws Exception {
        String other = deviceOf(1);
        // The freshness is measured by the other partition, so this one is read for nothing but the viewer.
        hub.tick(List.of(record(deviceOf(0), 0)), places(7, Positions.UNREAD));
        hub.fed(true);
        Connection viewer = reader(subscription(0, other));
        CompletableFuture<Positions> joined = CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return hub.join(viewer);
                    } catch (InterruptedException stop) {
                        throw new IllegalStateException(stop);
                    }
                },
                task -> Thread.ofVirtual().start(task));

        await().atMost(Duration.ofSeconds(30))
                .until(() -> hub.plan(Map.of(StreamTopic.SAMPLES, 2)).contains(new Place(StreamTopic.SAMPLES, 1)));
        assertThat(joined).isNotDone();
        hub.tick(List.of(), places(7, 40));

        assertThat(joined.get(30, TimeUnit.SECONDS).at(new Place(StreamTopic.SAMPLES, 1)))
                .isEqualTo(40);
        hub.tick(List.of(record(other, 1)), places(7, 41));
        List<Frame> frames = take(viewer);
        assertThat(values(frames)).hasSize(1);
        assertThat(frames).extracting(Frame::single).doesNotContain("reset");
    }

    @Test
    void givenPartitionThatNobodyNeedsAnyMore_whenItIsLetGo_thenItIsNoLongerCoveredAtOnce() throws Exception {
        Connection viewer = reader(subscription(0, deviceOf(1)));
        hub.tick(List.of(), places(7, 40));
        hub.join(viewer);
        Map<StreamTopic, Integer> two = Map.of(StreamTopic.SAMPLES, 2);
        hub.tick(List.of(record(deviceOf(0), 0)), places(8, 40));
        assertThat(hub.plan(two)).hasSize(2);
        hub.leave(viewer);
        advance(Duration.ofSeconds(31));
        hub.tick(List.of(record(deviceOf(0), 0)), places(9, 40));

        assertThat(hub.plan(two)).containsExactly(new Place(StreamTopic.SAMPLES, 0));

        assertThat(hub.positions().at(new Place(StreamTopic.SAMPLES, 1))).isEqualTo(Positions.UNREAD);
        assertThat(hub.id(viewer.subscription(), hub.positions())).isNull();
        assertThat(hub.id(subscription(0, deviceOf(0)), hub.positions())).isNotNull();
    }

    @Test
    void givenViewerThatCameBeforeAnythingWasRead_whenItIs_thenItIsToldThatSomethingMayBeMissing() throws Exception {
        LiveHub early = new LiveHub(
                new CursorSigner(new CursorSettings("")),
                json,
                () -> nanos,
                Duration.ofSeconds(30),
                Duration.ofSeconds(30),
                metrics);
        Connection viewer = reader(subscription(0, "d0"));
        early.join(viewer);

        early.tick(List.of(), at(3));
        early.tick(List.of(), at(4));

        assertThat(take(viewer)).extracting(Frame::single).containsExactly("reset");
    }

    @Test
    void givenRevisions_whenTold_thenWindowsGoToTheirViewersAndTheRangeToThoseOfSamplesToo() throws Exception {
        Connection ofSamples = reader(asked("samples"));
        Connection ofWindows = reader(asked("windows"));
        Connection ofPresence = reader(asked("presence"));
        hub.tick(List.of(), everything());
        List<Connection> readers = List.of(ofSamples, ofWindows, ofPresence);
        for (Connection reader : readers) {
            hub.join(reader);
        }

        hub.tick(
                List.of(
                        revision("d0", new WindowRecord[] {window("d0", 3)}),
                        revision("d0", null),
                        revision("d1", new WindowRecord[] {window("d1", 9)})),
                everything());

        assertThat(text(take(ofSamples).getFirst()))
                .contains("event: changed", "\"windowsTold\":true", "\"windowsTold\":false")
                .doesNotContain("event: windows", "\"device\":\"d1\"");
        assertThat(text(take(ofWindows).getFirst()))
                .contains("event: changed", "event: windows", "\"phase\":\"revised\",\"rev\":3")
                .doesNotContain("\"device\":\"d1\"");
        assertThat(take(ofPresence)).isEmpty();
    }

    @Test
    void givenRevisionOfAnotherTenantUnderOurKey_whenTold_thenItIsNobodys() throws Exception {
        Connection ours = reader(asked("windows"));
        hub.tick(List.of(), everything());
        hub.join(ours);
        WindowRevisionRecord foreign =
                new WindowRevisionRecord(1, "other", "d0", "n", 0, 1, List.of(window("d0", 1)), 2);

        hub.tick(
                List.of(new ConsumerRecord<>(
                        Topics.WINDOW_REVISIONS,
                        0,
                        0,
                        "demo/d0".getBytes(StandardCharsets.UTF_8),
                        WindowRevisionRecord.CODEC.encode(foreign))),
                everything());

        assertThat(take(ours)).isEmpty();
    }

    @Test
    void givenReadingOfANewerVersion_whenItComes_thenItIsPassedOverAndCountedAndTheNextIsTold() throws Exception {
        Connection viewer = reader(subscription(0, "d0"));
        hub.join(viewer);

        hub.tick(
                List.of(
                        new ConsumerRecord<>(
                                Topics.READINGS,
                                0,
                                offset++,
                                "demo/d0".getBytes(StandardCharsets.UTF_8),
                                WireGolden.changed("reading", "\"v\":1", "\"v\":2")),
                        record("d0", 0)),
                at(offset));

        assertThat(meters.counter("heliograph.query.unreadable", "topic", Topics.READINGS)
                        .count())
                .isEqualTo(1);
        assertThat(values(take(viewer))).containsExactly("d0=0");
    }

    private Subscription asked(String topic) {
        return new Subscription(TENANT, Set.of(View.of(List.of(topic), List.of("d0"), null)), 0);
    }

    private static Positions everything() {
        Map<StreamTopic, long[]> next = new HashMap<>();
        StreamTopic.live().forEach(topic -> next.put(topic, new long[] {5}));
        return new Positions(next);
    }

    private static ConsumerRecord<byte[], byte[]> revision(String device, WindowRecord @Nullable [] windows) {
        WindowRevisionRecord value = new WindowRevisionRecord(
                1, "demo", device, "n", 0, windows == null ? 9 : 10, windows == null ? null : List.of(windows), 1);
        return new ConsumerRecord<>(
                Topics.WINDOW_REVISIONS,
                0,
                0,
                ("demo/" + device).getBytes(StandardCharsets.UTF_8),
                WindowRevisionRecord.CODEC.encode(value));
    }

    private static WindowRecord window(String device, int rev) {
        return new WindowRecord(
                1,
                "demo",
                device,
                "n",
                "10s",
                0,
                10_000_000,
                "revised",
                rev,
                1,
                2,
                2,
                2,
                2,
                3,
                2,
                3,
                2,
                0,
                4,
                null,
                null,
                null);
    }

    /** A device whose readings are in this one of two partitions. */
    private static String deviceOf(int partition) {
        for (int i = 0; ; i++) {
            if (Need.partitionOf(TENANT, "d" + i, 2) == partition) {
                return "d" + i;
            }
        }
    }

    private static Positions places(long first, long second) {
        return new Positions(Map.of(StreamTopic.SAMPLES, new long[] {first, second}));
    }

    private void note(Connection reader, Map<String, Integer> count, Map<String, String> newest) {
        for (String value : values(take(reader))) {
            String[] parts = value.split("=");
            count.merge(parts[0], 1, Integer::sum);
            newest.put(parts[0], parts[1]);
        }
    }

    private Connection reader(Subscription subscription) {
        Duration second = Duration.ofSeconds(1);
        return new Connection(
                ANA,
                subscription,
                new StreamSettings(
                        second, second, second, 1, 1, 9, 9, 9, 1_000_000, 1_000, second, 1, 1, 1_000, second, second,
                        second),
                metrics);
    }

    private static Subscription anySubscription(Random random, int samplesPerSecond) {
        List<String> devices = new ArrayList<>();
        for (int device = 0; device < 4; device++) {
            if (random.nextBoolean()) {
                devices.add("d" + device);
            }
        }
        // Two views of which some devices are in both: nothing may come twice.
        List<View> views = List.of(view(devices.toArray(String[]::new)), view("d" + random.nextInt(4)));
        return new Subscription(TENANT, Set.copyOf(views), samplesPerSecond);
    }

    private static Subscription subscription(int samplesPerSecond, String... devices) {
        return new Subscription(TENANT, Set.of(view(devices)), samplesPerSecond);
    }

    private static View view(String... devices) {
        return new View(Set.of(StreamTopic.SAMPLES), devices.length == 0 ? Set.of("none") : Set.of(devices), Set.of());
    }

    private void tick(List<String> devices) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (String device : devices) {
            records.add(record(device, 0));
        }
        nanos += TICK_NANOS;
        hub.tick(records, at(offset));
    }

    private ConsumerRecord<byte[], byte[]> record(String device, int partition) {
        int number = published++;
        long time = Micros.of(START.plusMillis(number));
        byte[] value = ReadingCodec.encode(new Reading(
                DeviceKey.of(TENANT.value(), device),
                time,
                time,
                null,
                List.of(new Sample.Measurement(new MetricName("n"), number)),
                null,
                Transport.MQTT,
                Set.of()));
        byte[] key = ("demo/" + device).getBytes(StandardCharsets.UTF_8);
        return new ConsumerRecord<>(Topics.READINGS, partition, offset++, key, value);
    }

    private static Positions at(long offset) {
        return new Positions(Map.of(StreamTopic.SAMPLES, new long[] {offset}));
    }

    private void advance(Duration time) {
        nanos += time.toNanos();
    }

    private static List<Frame> take(Connection reader) {
        try {
            return reader.take(Duration.ZERO);
        } catch (InterruptedException stop) {
            throw new IllegalStateException(stop);
        }
    }

    private List<String> values(List<Frame> frames) {
        List<String> values = new ArrayList<>();
        for (Frame frame : frames) {
            for (String line : text(frame).split("\n")) {
                if (frame.single() == null && line.startsWith("data: ")) {
                    for (JsonNode series : json.readTree(line.substring("data: ".length()))) {
                        for (JsonNode value : series.path("values")) {
                            values.add(series.path("device").asString() + "=" + Math.round(value.asDouble()));
                        }
                    }
                }
            }
        }
        return values;
    }

    private static String text(Frame frame) {
        return new String(frame.bytes(), StandardCharsets.UTF_8);
    }
}
