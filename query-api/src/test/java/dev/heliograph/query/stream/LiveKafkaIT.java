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
import dev.heliograph.model.wire.DeviceRecord;
import dev.heliograph.model.wire.PresenceRecord;
import dev.heliograph.model.wire.ReadingCodec;
import dev.heliograph.model.wire.ServiceStatusRecord;
import dev.heliograph.model.wire.Topics;
import dev.heliograph.model.wire.WindowRecord;
import dev.heliograph.model.wire.WindowRevisionRecord;
import dev.heliograph.query.kafka.KafkaSettings;
import dev.heliograph.query.paging.CursorSettings;
import dev.heliograph.query.paging.CursorSigner;
import dev.heliograph.query.testing.SseClient;
import dev.heliograph.query.testing.TestApi;
import dev.heliograph.query.testing.TestApi.Answer;
import dev.heliograph.query.testing.TestKafka;
import dev.heliograph.query.testing.TestTokens;
import dev.heliograph.storage.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** The stream and the outbox over a real Kafka and real sockets. */
class LiveKafkaIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");
    private static @Nullable TestKafka kafkaOrNull;
    private static @Nullable TestApi apiOrNull;

    private final TestKafka kafka = java.util.Objects.requireNonNull(kafkaOrNull);
    private final TestApi api = java.util.Objects.requireNonNull(apiOrNull);

    @BeforeAll
    static void start() {
        TestKafka kafka = new TestKafka();
        kafkaOrNull = kafka;
        apiOrNull = new TestApi(
                TestDatabase.postgres(),
                false,
                "--heliograph.kafka.bootstrap-servers=" + kafka.bootstrapServers,
                "--server.tomcat.connection-timeout=5s",
                "--heliograph.query.stream.write-deadline=5s",
                "--heliograph.query.stream.heartbeat=300ms",
                "--heliograph.query.stream.replay-records=500",
                "--heliograph.query.stream.connections-per-user=5",
                "--heliograph.query.limits.publish-wait=10s");
        await().atMost(PATIENCE)
                .until(() -> apiOrNull.context.getBean(LiveFeed.class).reading());
    }

    @AfterAll
    static void stop() {
        if (apiOrNull != null) {
            apiOrNull.close();
        }
        if (kafkaOrNull != null) {
            kafkaOrNull.close();
        }
    }

    @Test
    void givenOpenStream_whenReadingsArePublished_thenEachComesOnceAndWholeWithStates() {
        String token = TestTokens.of("live", "viewer");
        try (SseClient client = SseClient.open(api, "topics=samples&device=d1&device=d2", token)) {
            awaitHello(client);
            assertThat(client.headers.get("content-type")).startsWith("text/event-stream");
            assertThat(client.headers)
                    .containsEntry("cache-control", "no-store")
                    .containsKey("x-request-id");

            for (int i = 0; i < 200; i++) {
                publish("live", i % 2 == 0 ? "d1" : "d2", i);
            }
            publish("live", "d3", 1_000);

            await().atMost(PATIENCE).until(() -> numbers(client).size() >= 200);
            assertThat(numbers(client)).hasSize(200).doesNotHaveDuplicates();
            assertThat(client.torn).isNull();
            // Devices are told in the order of their partitions, which may be read in any order.
            assertThat(texts(client, "d1").getFirst()).isEqualTo("a \"b\"\n0");
            await().atMost(PATIENCE).until(() -> client.comments.get() > 0);
        }
    }

    @Test
    void givenLastEventId_whenResumed_thenNothingIsMissingAndNothingIsTwice() {
        String token = TestTokens.of("resume", "viewer");
        List<Double> seen = new ArrayList<>();
        String id;
        try (SseClient client = SseClient.open(api, "topics=samples&device=d", token)) {
            awaitHello(client);
            for (int i = 0; i < 20; i++) {
                publish("resume", "d", i);
            }
            await().atMost(PATIENCE).until(() -> numbers(client).size() == 20);
            await().atMost(PATIENCE).until(() -> client.lastId != null);
            seen.addAll(numbers(client));
            id = java.util.Objects.requireNonNull(client.lastId);
        }
        for (int i = 20; i < 40; i++) {
            publish("resume", "d", i);
        }
        try (SseClient client = SseClient.resume(api, "topics=samples&device=d", token, id)) {
            awaitHello(client);
            for (int i = 40; i < 60; i++) {
                publish("resume", "d", i);
            }
            await().atMost(PATIENCE).until(() -> seen.size() + numbers(client).size() >= 60);
            seen.addAll(numbers(client));
            assertThat(client.named("reset")).isEmpty();
        }
        assertThat(seen).hasSize(60).doesNotHaveDuplicates();
    }

    @Test
    void givenOpenStream_whenItsSubscriptionsChange_thenItShowsTheNewOnesAndResumesWithThem() {
        String token = TestTokens.of("change", "viewer");
        String id;
        try (SseClient client = SseClient.open(api, "topics=samples&device=d1", token)) {
            awaitHello(client);
            String connection =
                    client.named("hello").getFirst().data().path("connection").asString();
            publish("change", "d1", 1);
            await().atMost(PATIENCE).until(() -> numbers(client).size() == 1);

            String path = "/api/v1/stream/" + connection + "/subscriptions";
            String wanted = """
                {"subscriptions": [{"topics": ["samples"], "devices": ["d2"]},
                                   {"topics": ["presence", "alerts"], "devices": ["*"]}]}
                """;
            assertThat(api.post(path, TestTokens.of("other", "admin"), wanted).status())
                    .isEqualTo(404);
            assertThat(api.post("/api/v1/stream/nonsense/subscriptions", token, wanted)
                            .status())
                    .isEqualTo(404);
            assertThat(api.post(path, token, "{\"subscriptions\": []}").status())
                    .isEqualTo(400);
            assertThat(api.post(path, token, "{\"subscriptions\": [{\"topics\": [\"samples\"]}]}")
                            .status())
                    .isEqualTo(400);
            assertThat(api.post(
                                    path,
                                    token,
                                    wanted.replace(
                                            "{\"subscriptions\"", "{\"samplesPerSecond\": 21, \"subscriptions\""))
                            .status())
                    .isEqualTo(400);
            assertThat(api.post(path, token, wanted).status()).isEqualTo(204);

            await().atMost(PATIENCE).until(() -> !client.named("subscribed").isEmpty());
            publish("change", "d1", 2);
            publish("change", "d2", 3);
            kafka.send(Topics.PRESENCE, "change/d7", presence("change", "d7", "late"));
            await().atMost(PATIENCE)
                    .until(() -> numbers(client).size() == 2 && states(client).size() == 1);
            assertThat(numbers(client)).containsExactly(1.0, 3.0);
            await().atMost(PATIENCE).until(() -> client.lastId != null);
            id = java.util.Objects.requireNonNull(client.lastId);
        }
        publish("change", "d2", 4);
        try (SseClient client = SseClient.resume(api, "topics=samples&device=d2", token, id)) {
            await().atMost(PATIENCE).until(() -> !numbers(client).isEmpty());
            assertThat(client.named("reset")).isEmpty();
            assertThat(numbers(client)).last().isEqualTo(4.0);
        }
    }

    @Test
    void givenUnknownForeignOrOldPosition_whenResumed_thenResetAndThenLive() {
        String mine = TestTokens.of("reset", "viewer");
        String foreign;
        try (SseClient other = SseClient.open(api, "topics=samples&device=d", TestTokens.of("reset-other", "viewer"))) {
            awaitHello(other);
            await().atMost(PATIENCE).until(() -> other.lastId != null);
            foreign = java.util.Objects.requireNonNull(other.lastId);
        }
        String old;
        try (SseClient client = SseClient.open(api, "topics=samples&device=d", mine)) {
            awaitHello(client);
            await().atMost(PATIENCE).until(() -> client.lastId != null);
            old = java.util.Objects.requireNonNull(client.lastId);
        }
        for (int i = 0; i < 600; i++) {
            kafka.sendLater(Topics.READINGS, "reset/d", reading("reset", "d", i));
        }
        publish("reset", "d", 601);
        await().atMost(PATIENCE).untilAsserted(() -> {
            try (SseClient client = SseClient.resume(api, "topics=samples&device=d", mine, old)) {
                await().atMost(PATIENCE).until(() -> !client.named("reset").isEmpty());
                assertThat(client.named("reset")
                                .getFirst()
                                .data()
                                .path("reason")
                                .asString())
                        .isEqualTo("too-old");
            }
        });
        for (String id : List.of("garbage", foreign, old.substring(1), "x".repeat(4_000))) {
            try (SseClient client = SseClient.resume(api, "topics=samples&device=d", mine, id)) {
                await().atMost(PATIENCE).until(() -> !client.named("reset").isEmpty());
                assertThat(client.named("reset")
                                .getFirst()
                                .data()
                                .path("reason")
                                .asString())
                        .isEqualTo("unknown-position");
            }
        }
    }

    @Test
    void givenTwoTenants_whenBothPublishForTheSameNames_thenEachSeesItsOwn() {
        try (SseClient a =
                        SseClient.open(api, "topics=samples,presence&device=same", TestTokens.of("wall-a", "viewer"));
                SseClient b =
                        SseClient.open(api, "topics=presence,alerts&device=*", TestTokens.of("wall-b", "viewer"))) {
            awaitHello(a);
            awaitHello(b);
            publish("wall-a", "same", 1);
            publish("wall-b", "same", 2);
            // A record that contradicts its key belongs to nobody.
            kafka.send(Topics.PRESENCE, "wall-a/same", presence("wall-b", "same", "offline"));
            kafka.send(Topics.PRESENCE, "wall-b/same", presence("wall-b", "same", "silent"));
            kafka.send(Topics.PRESENCE, "wall-a/same", presence("wall-a", "same", "late"));

            await().atMost(PATIENCE)
                    .until(() -> !a.named("presence").isEmpty()
                            && !b.named("presence").isEmpty());
            await().atMost(PATIENCE).until(() -> !numbers(a).isEmpty());
            assertThat(numbers(a)).containsExactly(1.0);
            assertThat(states(a)).containsExactly("late");
            assertThat(states(b)).containsExactly("silent");
        }
    }

    @Test
    void givenRevisions_whenTheWriterTellsThem_thenViewersOfWindowsAndSamplesAreTold() {
        String token = TestTokens.of("revised", "viewer");
        try (SseClient windows = SseClient.open(api, "topics=windows&device=d", token);
                SseClient samples = SseClient.open(api, "topics=samples&device=d", token);
                SseClient other =
                        SseClient.open(api, "topics=windows&device=d", TestTokens.of("revised-2", "viewer"))) {
            awaitHello(windows);
            awaitHello(samples);
            awaitHello(other);
            kafka.send(Topics.WINDOW_REVISIONS, "revised/d", revision("revised", 4));
            kafka.send(Topics.WINDOW_REVISIONS, "revised-2/d", revision("revised-2", 1));

            await().atMost(PATIENCE)
                    .until(() -> !windows.named("windows").isEmpty()
                            && !windows.named("changed").isEmpty()
                            && !samples.named("changed").isEmpty()
                            && !other.named("windows").isEmpty());
            assertThat(windows.named("windows")
                            .getFirst()
                            .data()
                            .path(0)
                            .path("rev")
                            .asInt())
                    .isEqualTo(4);
            assertThat(other.named("windows")
                            .getFirst()
                            .data()
                            .path(0)
                            .path("rev")
                            .asInt())
                    .isEqualTo(1);
            assertThat(samples.named("windows")).isEmpty();
            assertThat(samples.named("changed")
                            .getFirst()
                            .data()
                            .path(0)
                            .path("windowsTold")
                            .asBoolean())
                    .isTrue();
        }
    }

    private static byte[] revision(String tenant, int rev) {
        WindowRecord window = new WindowRecord(
                1,
                tenant,
                "d",
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
        return WindowRevisionRecord.CODEC.encode(
                new WindowRevisionRecord(1, tenant, "d", "n", 0, 10_000_000, List.of(window), 5));
    }

    @Test
    void givenStalledReader_whenMuchIsPublished_thenItIsClosedAndTheOthersMissNothing() {
        String token = TestTokens.of("slow", "viewer");
        double closedBefore = slowClosed();
        int devices = 40;
        StringBuilder query = new StringBuilder("topics=samples");
        for (int i = 0; i < devices; i++) {
            query.append("&device=d").append(i);
        }
        try (SseClient stalled = new SseClient(api.port, "/api/v1/stream?" + query, token, null, 2_048);
                SseClient well = SseClient.open(api, query.toString(), token)) {
            awaitHello(well);
            Set<Double> sent = new HashSet<>();
            int[] next = {0};
            await().atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> {
                        // A reader that keeps up is never more than a few batches behind, on a slow machine as well.
                        boolean keepsUp = numbers(well).size() > next[0] - 300;
                        for (int i = 0; i < 100 && keepsUp; i++) {
                            int number = next[0]++;
                            sent.add((double) number);
                            kafka.sendLater(
                                    Topics.READINGS,
                                    "slow/d" + number % devices,
                                    reading("slow", "d" + number % devices, number));
                        }
                        return slowClosed() > closedBefore;
                    });
            await().atMost(PATIENCE).until(() -> well.ended || new HashSet<>(numbers(well)).containsAll(sent));
            assertThat(well.ended).as("the reader that keeps up was closed").isFalse();
            assertThat(numbers(well)).doesNotHaveDuplicates();
            assertThat(well.torn).isNull();
            stalled.read();
            await().atMost(PATIENCE).until(() -> stalled.ended);
            assertThat(stalled.torn).isNull();
        }
    }

    @Test
    void givenAFaultOfOurs_whenATickFails_thenViewersAreToldAndTheStreamGoesOn() throws Exception {
        AtomicInteger faults = new AtomicInteger();
        LiveHub hub = new LiveHub(
                new CursorSigner(new CursorSettings("")),
                new JsonMapper(),
                () -> {
                    if (faults.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                        throw new IllegalStateException("a fault");
                    }
                    return System.nanoTime();
                },
                Duration.ofSeconds(30),
                Duration.ofSeconds(5),
                new StreamMetrics(new SimpleMeterRegistry(), Clock.systemUTC()));
        StreamSettings settings = api.context.getBean(StreamSettings.class);
        StreamMetrics metrics = new StreamMetrics(new SimpleMeterRegistry(), Clock.systemUTC());
        LiveFeed feed = new LiveFeed(new KafkaSettings(kafka.bootstrapServers, Map.of()), settings, hub, metrics);
        TenantId tenant = new TenantId("fault");
        Subscription subscription = Subscription.of(
                tenant, List.of(View.of(List.of("samples"), List.of("d"), null)), Subscription.EVERY_SAMPLE, settings);
        Connection viewer = new Connection("ana", subscription, settings, metrics);
        feed.start();
        try {
            await().atMost(PATIENCE).until(feed::reading);
            hub.join(viewer);
            faults.set(1);

            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(textOf(viewer)).contains("interrupted"));
            await().atMost(PATIENCE).until(feed::reading);
            publish("fault", "d", 7);

            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(textOf(viewer)).contains("[7.0]"));
        } finally {
            feed.stop();
        }
    }

    /** What waits for a viewer. */
    private static String textOf(Connection viewer) throws InterruptedException {
        StringBuilder text = new StringBuilder();
        viewer.take(Duration.ZERO).forEach(frame -> text.append(new String(frame.bytes(), StandardCharsets.UTF_8)));
        return text.toString();
    }

    @Test
    void givenTokenThatEnds_whenStreamIsOpen_thenItIsClosed() {
        String token = TestTokens.signed(claims -> claims.claim("tenant", "expiry")
                .claim("roles", List.of("viewer"))
                .expirationTime(Date.from(Instant.now().plusSeconds(2))));
        try (SseClient client = SseClient.open(api, "topics=presence", token)) {
            awaitHello(client);
            await().atMost(PATIENCE).until(() -> client.ended);
        }
    }

    @Test
    void givenFiveStreamsOfOneUser_whenASixthIsOpened_then429AndAfterOneIsClosed200() {
        String token = TestTokens.of("seats", "viewer");
        List<SseClient> open = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            SseClient client = SseClient.open(api, "topics=presence", token);
            awaitHello(client);
            open.add(client);
        }
        Answer sixth = api.get("/api/v1/stream?topics=presence", token);
        assertThat(sixth.status()).isEqualTo(429);
        assertThat(sixth.header("Retry-After")).isNotNull();
        open.forEach(SseClient::close);
        await().atMost(PATIENCE).untilAsserted(() -> {
            try (SseClient again = SseClient.open(api, "topics=presence", token)) {
                await().atMost(Duration.ofSeconds(5)).until(() -> again.status != 0);
                assertThat(again.status).isEqualTo(200);
            }
        });
    }

    @Test
    void givenHeartbeatsOfServices_whenSystemIsStreamed_thenStagesHaveRates() {
        String token = TestTokens.of("system", "viewer");
        try (SseClient client = SseClient.open(api, "topics=system", token)) {
            long start = Micros.of(Instant.now());
            for (int i = 0; i < 3; i++) {
                kafka.send(
                        Topics.SERVICE_STATUS,
                        "ingest-gateway/g1",
                        ServiceStatusRecord.CODEC.encode(new ServiceStatusRecord(
                                1,
                                "ingest-gateway",
                                "g1",
                                "0.1.0",
                                start,
                                start + i * 1_000_000L,
                                "up",
                                null,
                                Map.of("connections", 7.0),
                                Map.of("readings", i * 50L))));
            }
            await().atMost(PATIENCE)
                    .until(() -> client.named("system").stream()
                            .anyMatch(event -> Math.abs(event.data()
                                                    .path("stages")
                                                    .path(1)
                                                    .path("ratePerSecond")
                                                    .asDouble()
                                            - 50)
                                    < 0.01));
            Answer system = api.get("/api/v1/system", token);
            assertThat(system.json().path("stages").path(2).path("state").asString())
                    .isEqualTo("ok");
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(api.get("/api/v1/system", token)
                                    .json()
                                    .path("stages")
                                    .path(6)
                                    .path("instances")
                                    .size())
                            .isEqualTo(1));
        }
    }

    @Test
    void givenRegistration_whenAnswered_thenKafkaHasIt() {
        String admin = TestTokens.of("outbox", "admin");

        Answer answer = api.post(
                "/api/v1/devices:register",
                admin,
                "{\"devices\":[{\"id\":\"a\"},{\"id\":\"b\"}],\"issueCredentials\":true}");

        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(devices("outbox/")).containsExactlyInAnyOrder("a", "b");
    }

    private List<String> devices(String prefix) {
        List<String> found = new ArrayList<>();
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers),
                new StringDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(Topics.DEVICES).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    if (record.key().startsWith(prefix)) {
                        DeviceRecord device = DeviceRecord.CODEC.decode(record.value());
                        assertThat(device.credentials()).hasSize(1);
                        found.add(device.device());
                    }
                }
            }
        }
        return found;
    }

    private double slowClosed() {
        return api.context
                .getBean(io.micrometer.core.instrument.MeterRegistry.class)
                .get("heliograph.sse.slow.closed")
                .counter()
                .count();
    }

    private static void awaitHello(SseClient client) {
        await().atMost(PATIENCE).until(() -> !client.named("hello").isEmpty());
    }

    private static List<String> texts(SseClient client, String device) {
        List<String> texts = new ArrayList<>();
        for (var event : client.named("states")) {
            event.data().forEach(series -> {
                if (series.path("device").asString().equals(device)) {
                    series.path("values").forEach(value -> texts.add(value.asString()));
                }
            });
        }
        return texts;
    }

    private static List<Double> numbers(SseClient client) {
        List<Double> numbers = new ArrayList<>();
        client.named("samples")
                .forEach(event -> event.data()
                        .forEach(series -> series.path("values").forEach(value -> numbers.add(value.asDouble()))));
        return numbers;
    }

    private static List<String> states(SseClient client) {
        List<String> states = new ArrayList<>();
        client.named("presence")
                .forEach(event -> event.data()
                        .forEach(entry -> states.add(entry.path("state").asString())));
        return states;
    }

    private void publish(String tenant, String device, int number) {
        kafka.send(Topics.READINGS, tenant + "/" + device, reading(tenant, device, number));
    }

    private static byte[] reading(String tenant, String device, int number) {
        long time = Micros.of(START.plusMillis(number));
        List<Sample> samples = List.of(
                new Sample.Measurement(new MetricName("n"), number),
                new Sample.State(new MetricName("mode"), "a \"b\"\n" + number));
        return ReadingCodec.encode(
                new Reading(DeviceKey.of(tenant, device), time, time, null, samples, null, Transport.MQTT, Set.of()));
    }

    private static byte[] presence(String tenant, String device, String state) {
        return PresenceRecord.CODEC.encode(
                new PresenceRecord(1, tenant, device, state, null, Micros.of(START), null, null, null, null, null));
    }
}
