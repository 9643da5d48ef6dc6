package dev.heliograph.ingest.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.heliograph.ingest.registry.DeviceTable;
import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.reading.Reading;
import dev.heliograph.model.reading.ReadingFlag;
import dev.heliograph.model.reading.Sample;
import dev.heliograph.model.wire.LedgerClaimRecord;
import dev.heliograph.model.wire.LedgerStamp;
import dev.heliograph.model.wire.QuarantineRecord;
import dev.heliograph.model.wire.ReadingCodec;
import dev.heliograph.model.wire.ReplayAnswer;
import dev.heliograph.model.wire.ReplayRequest;
import dev.heliograph.model.wire.ServiceStatusRecord;
import dev.heliograph.model.wire.SessionRecord;
import dev.heliograph.model.wire.Topics;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The gateway as it runs, between real clients and a real broker. */
class GatewayIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String PASSWORD = "a device key of 256 bits";

    @TempDir
    static Path directory;

    static EmbeddedKafka kafka;
    static RunningGateway gateway;

    @BeforeAll
    static void start() {
        kafka = new EmbeddedKafka(directory);
        gateway = new RunningGateway(kafka, "--heliograph.ingest.replay.secret=" + SECRET);
    }

    @AfterAll
    static void stop() {
        gateway.close();
        kafka.close();
    }

    @Test
    void givenARegisteredDevice_whenItPublishes_thenThePubAckMeansThatKafkaHasTheReading() throws Exception {
        DeviceKey device = register("boiler-1");
        try (Device connected = new Device(device, PASSWORD)) {
            IMqttToken token = connected.publish("telemetry", "{\"temperature\":21.4,\"mode\":\"heating\"}");

            assertThat(token.getReasonCodes()).containsExactly(0);
        }
        assertThat(readings(device)).singleElement().satisfies(reading -> {
            assertThat(reading.samples()).hasSize(2);
            assertThat(reading.samples().getFirst()).isInstanceOf(Sample.Measurement.class);
        });
    }

    @Test
    void givenABadPayload_whenPublished_thenTheDeviceIsToldAndTheQuarantineKeepsIt() throws Exception {
        DeviceKey device = register("boiler-2");
        try (Device connected = new Device(device, PASSWORD)) {
            connected.subscribeErrors();

            IMqttToken token = connected.publish("telemetry", "{\"temperature\":NaN}");

            assertThat(token.getReasonCodes()).containsExactly(0x99);
            assertThat(connected.errors.poll(10, java.util.concurrent.TimeUnit.SECONDS))
                    .contains("NON_FINITE", "/temperature");
        }
        assertThat(quarantine(device)).singleElement().satisfies(kept -> {
            assertThat(kept.reason()).isEqualTo("NON_FINITE");
            assertThat(kept.metric()).isEqualTo("temperature");
            assertThat(new String(kept.payload(), UTF_8)).isEqualTo("{\"temperature\":NaN}");
            assertThat(kept.sha256()).hasSize(64);
        });
    }

    @Test
    void givenReadingsAndRefusals_whenAcknowledged_thenClaimsAndStampsAddUpToWhatIsInKafka() throws Exception {
        DeviceKey device = register("boiler-claims");
        try (Device connected = new Device(device, PASSWORD)) {
            for (int i = 0; i < 20; i++) {
                connected.publish("telemetry", "{\"temperature\":" + i + ",\"mode\":\"heating\"}");
            }
            connected.publish("telemetry", "{\"temperature\":NaN,\"humidity\":1}");
        }

        await().atMost(PATIENCE).untilAsserted(() -> {
            long samples = kafka.readAll(Topics.READINGS).stream()
                    .mapToLong(
                            kept -> ReadingCodec.decode(kept.value()).samples().size())
                    .sum();
            long refusals = kafka.readAll(Topics.QUARANTINE).size();
            java.util.Map<String, Long> claimed = new java.util.TreeMap<>();
            kafka.readAll(Topics.LEDGER).forEach(kept -> {
                LedgerClaimRecord claim = LedgerClaimRecord.CODEC.decode(kept.value());
                claim.lines()
                        .forEach(line -> claimed.merge(
                                claim.source() + line.tenant() + line.minute(), line.acknowledged(), Math::max));
            });
            assertThat(claimed.values().stream().mapToLong(Long::longValue).sum())
                    .isEqualTo(samples + refusals);
        });
        assertThat(kafka.readAll(Topics.READINGS)).allSatisfy(kept -> {
            LedgerStamp stamp = LedgerStamp.decode(
                    kept.headers().lastHeader(LedgerStamp.HEADER).value());
            assertThat(stamp.units())
                    .isEqualTo(ReadingCodec.decode(kept.value()).samples().size());
        });
    }

    @Test
    void givenARefusedMessage_whenReplayedAfterItsDeviceIsKnown_thenItGoesTheWayOfAnyOtherAndKeepsItsTime()
            throws Exception {
        DeviceKey device = register("boiler-replayed");
        byte[] payload = "{\"temperature\":21.5,\"humidity\":NaN}".getBytes(UTF_8);
        long received = 1_790_000_000_000_000L;
        ReplayRequest.Message message = new ReplayRequest.Message(
                "one",
                "demo",
                device.device().value(),
                "iot/v1/" + device + "/telemetry",
                "mqtt",
                null,
                null,
                received,
                payload);
        ReplayRequest.Message foreign = new ReplayRequest.Message(
                "two", "other", null, "iot/v1/" + device + "/telemetry", "subscription", null, null, received, payload);

        ReplayAnswer preview = replay(true, SECRET, message, foreign);
        assertThat(readings(device)).isEmpty();
        ReplayAnswer done = replay(false, SECRET, message, foreign);

        for (ReplayAnswer answer : List.of(preview, done)) {
            assertThat(answer.results().getFirst().outcome()).isEqualTo(ReplayAnswer.PARTIAL);
            assertThat(answer.results().getFirst().refusals().getFirst().reason())
                    .isEqualTo("NON_FINITE");
            assertThat(answer.results().getLast().outcome()).isEqualTo(ReplayAnswer.REFUSED);
        }
        assertThat(preview.results().getFirst().preview())
                .containsExactly(new ReplayAnswer.Sample("boiler-replayed", received, "temperature", "21.5", null));
        assertThat(readings(device)).singleElement().satisfies(reading -> {
            assertThat(reading.timeMicros()).isEqualTo(received);
            assertThat(reading.receivedMicros()).isGreaterThan(received);
        });
        assertThat(quarantine(device))
                .as("what is refused again makes no second row")
                .isEmpty();
        assertThat(replayStatus("wrong-secret-0123456789")).isEqualTo(404);
    }

    @Test
    void givenHistoryThatWasRefused_whenReplayed_thenItIsHistoryStill() throws Exception {
        DeviceKey device = DeviceKey.of("demo", "logger-replayed");
        kafka.register(device, PASSWORD, true, true);
        await().atMost(PATIENCE).until(() -> gateway.bean(DeviceTable.class).mayBackfill(device));
        long ts = Instant.now().minus(100, ChronoUnit.DAYS).toEpochMilli();
        byte[] bad = ("{\"ts\":" + ts + ",\"metrics\":{\"t\":NaN,\"u\":2}}").getBytes(UTF_8);
        assertThat(post(device, PASSWORD, "application/json", new String(bad, UTF_8), "?mode=backfill")
                        .statusCode())
                .isEqualTo(202);
        QuarantineRecord kept = quarantine(device).getFirst();
        assertThat(kept.mode()).isEqualTo(QuarantineRecord.BACKFILL);

        ReplayAnswer answer = replay(
                false,
                SECRET,
                new ReplayRequest.Message(
                        "one",
                        "demo",
                        device.device().value(),
                        kept.topic(),
                        kept.transport(),
                        kept.contentType(),
                        kept.mode(),
                        kept.received(),
                        kept.payload()));

        assertThat(answer.results().getFirst().outcome()).isEqualTo(ReplayAnswer.PARTIAL);
        assertThat(readings(device)).hasSize(2).allSatisfy(reading -> {
            assertThat(reading.flags()).contains(ReadingFlag.BACKFILL);
            assertThat(reading.timeMicros()).isEqualTo(ts * 1_000);
        });
    }

    private static final String SECRET = "replay-secret-0123456789";

    private static ReplayAnswer replay(boolean dryRun, String secret, ReplayRequest.Message... messages)
            throws IOException, InterruptedException {
        HttpResponse<byte[]> response = HttpClient.newHttpClient()
                .send(
                        replayRequest(secret, new ReplayRequest(1, dryRun, List.of(messages))),
                        HttpResponse.BodyHandlers.ofByteArray());
        assertThat(response.statusCode()).isEqualTo(200);
        return ReplayAnswer.CODEC.decode(response.body());
    }

    private static int replayStatus(String secret) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        replayRequest(secret, new ReplayRequest(1, true, List.of())),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private static HttpRequest replayRequest(String secret, ReplayRequest body) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.httpPort() + ReplayRequest.PATH))
                .header(ReplayRequest.SECRET_HEADER, secret)
                .POST(HttpRequest.BodyPublishers.ofByteArray(ReplayRequest.CODEC.encode(body)))
                .build();
    }

    @Test
    void givenAWrongPassword_whenConnecting_thenItIsRefused() {
        DeviceKey device = register("boiler-3");

        assertThatThrownBy(() -> new Device(device, "guessed"))
                .isInstanceOfSatisfying(
                        MqttException.class,
                        refused -> assertThat(refused.getReasonCode()).isEqualTo(0x86));
    }

    @Test
    void givenTheTopicOfAnother_whenPublishedTo_thenItIsNotAuthorised() throws Exception {
        DeviceKey device = register("boiler-4");
        try (Device connected = new Device(device, PASSWORD)) {
            IMqttToken token = connected.publishTo("iot/v1/demo/boiler-1/telemetry", "{\"t\":1}");

            assertThat(token.getReasonCodes()).containsExactly(0x87);
        }
        assertThat(readings(device)).isEmpty();
    }

    @Test
    void givenAConnectedDevice_whenItsKeyIsRevoked_thenItIsDisconnectedWithinSeconds() throws Exception {
        DeviceKey device = register("boiler-5");
        try (Device connected = new Device(device, PASSWORD)) {
            kafka.register(device, PASSWORD, false);

            await().atMost(Duration.ofSeconds(5)).until(() -> !connected.client.isConnected());
            assertThat(connected.disconnectCodes).contains(0x87);
        }
    }

    @Test
    void givenADevice_whenItComesAndGoes_thenPresenceIsTold() throws Exception {
        DeviceKey device = register("boiler-6");
        try (Device connected = new Device(device, PASSWORD)) {
            connected.publish("status", "online");
        }

        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(sessions(device)).containsExactly("connected", "status-online", "disconnected"));
    }

    @Test
    void givenAWill_whenTheConnectionBreaks_thenPresenceIsTold() throws Exception {
        DeviceKey device = register("boiler-7");
        Device connected = new Device(device, PASSWORD);

        connected.client.disconnectForcibly(0, 100, false);
        connected.client.close(true);

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(sessions(device)).containsExactly("connected", "will", "disconnected"));
    }

    @Test
    void givenHttp_whenPosted_thenTheAnswerSaysWhatWasTaken() throws Exception {
        DeviceKey device = register("boiler-8");

        HttpResponse<String> answer = post(device, PASSWORD, "application/json", "[{\"t\":1},{\"t\":null}]");

        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(answer.body()).contains("\"accepted\":1", "\"index\":1", "\"reason\":\"TYPE\"");
        assertThat(answer.headers().firstValue("X-Request-Id")).isPresent();
        assertThat(readings(device)).hasSize(1);
    }

    @Test
    void givenNumberedReadings_whenTheyComeByConnectionsAndRequests_thenOnlyAGapWithinOneIsMarked() throws Exception {
        DeviceKey device = register("boiler-numbered");

        try (Device first = new Device(device, PASSWORD)) {
            first.publish("telemetry", "{\"seq\":1,\"t\":1}");
            first.publish("telemetry", "{\"seq\":2,\"t\":1}");
            first.publish("telemetry", "{\"seq\":5,\"t\":1}");
        }
        // At another instance meanwhile, for all that this one knows.
        try (Device again = new Device(device, PASSWORD)) {
            again.publish("telemetry", "{\"seq\":105,\"t\":1}");
            again.publish("telemetry", "{\"seq\":106,\"t\":1}");
        }
        post(device, PASSWORD, "application/json", "{\"seq\":200,\"t\":1}");
        post(device, PASSWORD, "application/json", "[{\"seq\":300,\"t\":1},{\"seq\":302,\"t\":1}]");

        assertThat(readings(device)).extracting(Reading::sequence).contains(1L, 2L, 5L, 105L, 106L, 200L, 300L, 302L);
        assertThat(readings(device))
                .filteredOn(reading -> reading.flags().contains(ReadingFlag.SEQ_GAP))
                .extracting(Reading::sequence)
                .containsExactly(5L, 302L);
    }

    @Test
    void givenEveryFormat_whenPosted_thenEachPartHasItsAnswerAndTheRestIsInKafka() throws Exception {
        DeviceKey device = register("boiler-13");

        HttpResponse<String> senml = post(
                device,
                PASSWORD,
                "application/senml+json",
                "[{\"n\":\"a\",\"u\":\"V\",\"v\":1},{\"n\":\"b\",\"v\":true}]");
        HttpResponse<String> lines =
                post(device, PASSWORD, "text/plain; charset=utf-8", "m v=1\nbroken\nm v=2", "?precision=ms");
        byte[] cborBody = HexFormat.of().parseHex("82a1617401a16174f6");
        HttpResponse<String> cbor =
                post(device, PASSWORD, "application/cbor", HttpRequest.BodyPublishers.ofByteArray(cborBody), "");

        assertThat(senml.body()).contains("\"items\":2", "\"accepted\":1", "\"index\":1", "\"reason\":\"TYPE\"");
        assertThat(lines.body()).contains("\"items\":3", "\"accepted\":2", "\"index\":1", "\"reason\":\"LINE\"");
        assertThat(cbor.body()).contains("\"items\":2", "\"accepted\":1", "\"index\":1", "\"reason\":\"TYPE\"");
        assertThat(List.of(senml, lines, cbor)).allMatch(answer -> answer.statusCode() == 202);
        assertThat(readings(device)).hasSize(4);
        assertThat(post(device, PASSWORD, "text/plain", "m v=1", "?precision=h").statusCode())
                .isEqualTo(400);
    }

    @Test
    void givenHttp_whenSomethingIsWrong_thenTheAnswerIsAProblem() throws Exception {
        DeviceKey device = register("boiler-9");

        HttpResponse<String> refused = post(device, PASSWORD, "application/json", "{\"t\":");
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(refused.body()).contains("https://heliograph.dev/problems/payload", "\"reason\":\"JSON\"");
        HttpResponse<String> stranger = post(device, "guessed", "application/json", "{\"t\":1}");
        assertThat(stranger.statusCode()).isEqualTo(401);
        assertThat(stranger.headers().firstValue("WWW-Authenticate")).isPresent();
        assertThat(post(device, PASSWORD, "application/x-unheard-of", "x").statusCode())
                .isEqualTo(415);
        assertThat(post(device, PASSWORD, "application/json", "x".repeat(300_000))
                        .statusCode())
                .isEqualTo(413);
    }

    @Test
    void givenADeviceThatMay_whenItPostsHistory_thenKafkaHasItMarkedAndNoSessionBegins() throws Exception {
        DeviceKey device = DeviceKey.of("demo", "logger-1");
        kafka.register(device, PASSWORD, true, true);
        DeviceTable devices = gateway.bean(DeviceTable.class);
        await().atMost(PATIENCE).until(() -> devices.mayBackfill(device));
        Instant lastYear = Instant.now().minus(Duration.ofDays(365)).truncatedTo(ChronoUnit.MILLIS);
        String body = "[{\"ts\":%d,\"t\":1},{\"t\":2}]".formatted(lastYear.toEpochMilli());

        HttpResponse<String> live = post(device, PASSWORD, "application/json", body);
        HttpResponse<String> history = post(device, PASSWORD, "application/json", body, "?mode=backfill");

        assertThat(live.body()).contains("\"accepted\":1", "TOO_OLD");
        assertThat(history.statusCode()).isEqualTo(202);
        assertThat(history.body()).contains("\"accepted\":1", "\"index\":1", "BAD_TS");
        assertThat(readings(device)).hasSize(2).last().satisfies(reading -> {
            assertThat(reading.time()).isEqualTo(lastYear);
            assertThat(reading.flags()).containsExactly(ReadingFlag.BACKFILL);
        });
        assertThat(sessions(device)).isEmpty();
    }

    @Test
    void givenADeviceThatMayNot_whenItPostsHistory_thenItIsToldWhoMay() throws Exception {
        DeviceKey device = register("logger-2");

        HttpResponse<String> answer =
                post(device, PASSWORD, "application/json", "{\"ts\":1790000000000,\"t\":1}", "?mode=backfill");
        HttpResponse<String> unheard = post(device, PASSWORD, "application/json", "{\"t\":1}", "?mode=backfil");

        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.body())
                .contains("https://heliograph.dev/problems/backfill-not-permitted", "mayBackfill", "data:backfill");
        assertThat(unheard.statusCode()).isEqualTo(400);
        assertThat(post(device, "guessed", "application/json", "{\"t\":1}", "?mode=backfill")
                        .statusCode())
                .isEqualTo(401);
        assertThat(readings(device)).isEmpty();
        assertThat(post(device, PASSWORD, "application/json", "{\"t\":1}", "?mode=live")
                        .statusCode())
                .isEqualTo(202);
    }

    @Test
    void givenTheManagementPort_whenAsked_thenReadinessAndMetricsAnswer() throws Exception {
        assertThat(manage("/actuator/health/readiness")).contains("\"status\":\"UP\"", "gateway");
        assertThat(manage("/actuator/health/liveness")).contains("\"status\":\"UP\"");
        assertThat(manage("/actuator/prometheus"))
                .contains("heliograph_ingest_messages_total", "heliograph_ingest_connections", "heliograph_quarantine");
    }

    @Test
    void givenARunningGateway_whenASecondPasses_thenItsHeartbeatIsThere() {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(kafka.readAll(Topics.SERVICE_STATUS))
                        .map(beat -> ServiceStatusRecord.CODEC.decode(beat.value()))
                        .anySatisfy(beat -> {
                            assertThat(beat.service()).isEqualTo("ingest-gateway");
                            assertThat(beat.state()).isEqualTo("up");
                            assertThat(beat.gauges()).containsKeys("connections", "inflight", "oldestUnackedSeconds");
                            assertThat(beat.counters()).containsKeys("messages", "readings", "quarantined");
                        }));
    }

    private static DeviceKey register(String id) {
        DeviceKey device = DeviceKey.of("demo", id);
        kafka.register(device, PASSWORD, true);
        await().atMost(PATIENCE).until(() -> gateway.bean(DeviceTable.class).isEnabled(device));
        return device;
    }

    private static List<Reading> readings(DeviceKey device) {
        return kafka.readAll(Topics.READINGS).stream()
                .map(kept -> ReadingCodec.decode(kept.value()))
                .filter(reading -> reading.device().equals(device))
                .toList();
    }

    private static List<QuarantineRecord> quarantine(DeviceKey device) {
        return kafka.readAll(Topics.QUARANTINE).stream()
                .map(kept -> QuarantineRecord.CODEC.decode(kept.value()))
                .filter(kept -> device.device().value().equals(kept.device()))
                .toList();
    }

    private static List<String> sessions(DeviceKey device) {
        return kafka.readAll(Topics.DEVICE_SESSIONS).stream()
                .map(kept -> SessionRecord.CODEC.decode(kept.value()))
                .filter(session -> session.device().equals(device.device().value()))
                .map(SessionRecord::event)
                .toList();
    }

    private static HttpResponse<String> post(DeviceKey device, String password, String type, String body)
            throws IOException, InterruptedException {
        return post(device, password, type, body, "");
    }

    private static HttpResponse<String> post(DeviceKey device, String password, String type, String body, String query)
            throws IOException, InterruptedException {
        return post(device, password, type, HttpRequest.BodyPublishers.ofString(body), query);
    }

    private static HttpResponse<String> post(
            DeviceKey device, String password, String type, HttpRequest.BodyPublisher body, String query)
            throws IOException, InterruptedException {
        String credentials = Base64.getEncoder().encodeToString((device + ":" + password).getBytes(UTF_8));
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + gateway.httpPort() + "/api/v1/telemetry" + query))
                .header("Authorization", "Basic " + credentials)
                .header("Content-Type", type)
                .POST(body)
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        }
    }

    private static String manage(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.managementPort() + path))
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
        }
    }

    /** A device as most of them are: Eclipse Paho. */
    private static final class Device implements AutoCloseable, MqttCallback {
        final MqttAsyncClient client;
        final BlockingQueue<String> errors = new LinkedBlockingQueue<>();
        final List<Integer> disconnectCodes = new java.util.concurrent.CopyOnWriteArrayList<>();
        private final String prefix;

        Device(DeviceKey device, String password) throws MqttException {
            prefix = "iot/v1/" + device + "/";
            client = new MqttAsyncClient(
                    "tcp://127.0.0.1:" + gateway.mqttPort(), device.device().value(), new MemoryPersistence());
            client.setCallback(this);
            MqttConnectionOptions options = new MqttConnectionOptions();
            options.setUserName(device.toString());
            options.setPassword(password.getBytes(UTF_8));
            options.setWill(prefix + "status", new MqttMessage("offline".getBytes(UTF_8), 1, false, null));
            client.connect(options).waitForCompletion(10_000);
        }

        IMqttToken publish(String leaf, String payload) throws MqttException {
            return publishTo(prefix + leaf, payload);
        }

        IMqttToken publishTo(String topic, String payload) throws MqttException {
            IMqttToken token = client.publish(topic, payload.getBytes(UTF_8), 1, false);
            token.waitForCompletion(10_000);
            return token;
        }

        void subscribeErrors() throws MqttException {
            client.subscribe(prefix + "errors", 0).waitForCompletion(10_000);
        }

        @Override
        public void close() throws MqttException {
            if (client.isConnected()) {
                client.disconnect().waitForCompletion(10_000);
            }
            client.close();
        }

        @Override
        public void messageArrived(String topic, MqttMessage message) {
            errors.add(new String(message.getPayload(), UTF_8));
        }

        @Override
        public void disconnected(MqttDisconnectResponse response) {
            disconnectCodes.add(response.getReturnCode());
        }

        @Override
        public void mqttErrorOccurred(MqttException failure) {}

        @Override
        public void deliveryComplete(IMqttToken token) {}

        @Override
        public void connectComplete(boolean reconnect, String server) {}

        @Override
        public void authPacketArrived(int reasonCode, MqttProperties properties) {}
    }
}
