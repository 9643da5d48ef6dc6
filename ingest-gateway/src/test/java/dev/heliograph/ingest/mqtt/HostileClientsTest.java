package dev.heliograph.ingest.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.heliograph.ingest.TestSettings;
import dev.heliograph.ingest.intake.LimitSettings;
import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.wire.Topics;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Slow, half-open and malicious peers on real sockets: each is bounded in memory and time, and harms nobody. D48. */
class HostileClientsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final DeviceKey DEVICE = DeviceKey.of("demo", "boiler-7");
    private static final String GOOD = "{\"t\":1}";

    private final List<AutoCloseable> open = new ArrayList<>();
    private @Nullable RunningEndpoint running;

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable resource : open) {
            resource.close();
        }
        if (running != null) {
            running.close();
        }
    }

    @Test
    void givenAConnectThatComesByteByByte_whenTheConnectTimeoutPasses_thenItIsClosed() throws Exception {
        start(TestSettings.noLimits(), "connect-timeout=400ms");
        RawClient slow = client();
        AtomicBoolean closed = trickle(slow, RawClient.connect("boiler-7", "demo/boiler-7", "secret", 60), 50);

        assertThat(slow.answer()).isEqualTo("closed");
        await().atMost(PATIENCE).untilTrue(closed);
        assertThat(running.count("heliograph.ingest.closed", "reason", "connect_timeout"))
                .isEqualTo(1);
        assertThat(running.gauge("heliograph.ingest.connections.pending")).isZero();
    }

    @Test
    void givenAPublishThatComesByteByByte_whenThePacketTimeoutPasses_thenTheConnectionEnds() throws Exception {
        start(TestSettings.noLimits(), "packet-timeout=300ms");
        RawClient slow = connected("boiler-7");
        trickle(slow, RawClient.publish("boiler-7", 1, "{\"t\":1" + " ".repeat(200) + "}"), 50);

        assertThat(slow.answer()).isEqualTo("DISCONNECT 82");
        assertThat(running.count("heliograph.ingest.closed", "reason", "packet_timeout"))
                .isEqualTo(1);
    }

    @Test
    void givenATopicThatIsLongerThanItsPacket_whenNothingFollows_thenThePacketTimeoutEndsIt() throws Exception {
        start(TestSettings.noLimits(), "packet-timeout=300ms");
        RawClient malformed = connected("boiler-7");

        malformed.send((byte) 0x32, (byte) 6, (byte) 0xFF, (byte) 0xFF, (byte) 'a', (byte) 0, (byte) 1, (byte) 0);

        assertThat(malformed.answer()).isEqualTo("DISCONNECT 82");
    }

    @Test
    void givenASilentDevice_whenOneAndAHalfKeepAlivesPass_thenItIsTakenForGone() throws Exception {
        start(TestSettings.noLimits());
        RawClient silent = client();
        silent.send(RawClient.connect("boiler-7", "demo/boiler-7", RunningEndpoint.PASSWORD, 1));
        assertThat(silent.answer()).isEqualTo("CONNACK 00");
        long began = System.nanoTime();

        assertThat(silent.answer()).isEqualTo("DISCONNECT 8D");

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThanOrEqualTo(Duration.ofMillis(1_400));
        await().atMost(PATIENCE).until(() -> running.presence(DEVICE).equals(List.of("connected", "disconnected")));
    }

    @Test
    void givenADeviceThatIsNotReadBecauseKafkaIsAway_whenItsKeepAlivePasses_thenItStaysConnected() throws Exception {
        start(TestSettings.noLimits(), "receive-maximum=1");
        RawClient device = client();
        device.send(RawClient.connect(4, "boiler-7", "demo/boiler-7", RunningEndpoint.PASSWORD, 1));
        assertThat(device.answer()).isEqualTo("CONNACK 00");
        running.hold();
        device.send(RawClient.publish(4, "boiler-7", 1, GOOD));
        await().atMost(PATIENCE).until(() -> running.budget.messages() == 1);

        // Two whole keep-alives, in which its pings lie unread in the socket.
        await().pollDelay(Duration.ofMillis(2_200)).atMost(PATIENCE).until(() -> true);
        assertThat(running.endpoint.connections()).isEqualTo(1);
        running.release();

        assertThat(device.answer()).isEqualTo("PUBACK 00");
    }

    @ParameterizedTest
    @ValueSource(strings = {"pings", "subscribes", "refusals"})
    void givenAPeerThatNeverReads_whenItAsksForAnswers_thenItIsNoLongerReadAndThenClosed(String what) throws Exception {
        start(TestSettings.noLimits(), "write-timeout=1s", "errors-per-minute=1000000");
        RawClient deaf = client();
        deaf.socket().setReceiveBufferSize(4_096);
        deaf.send(RawClient.connect(4, "boiler-7", "demo/boiler-7", RunningEndpoint.PASSWORD, 60));
        assertThat(deaf.answer()).isEqualTo("CONNACK 00");
        byte[] asking = switch (what) {
            case "pings" -> new byte[] {(byte) 0xC0, 0};
            case "subscribes" -> RawClient.subscribe(4, 9, "#", "a", "b", "c", "d", "e", "f", "g");
            default -> RawClient.publish(4, "boiler-7", 1, "{\"t\":null}");
        };
        deaf.send(RawClient.subscribe(4, 9, "iot/v1/demo/boiler-7/errors"));
        byte[] flood = new byte[asking.length * (65_536 / asking.length)];
        for (int i = 0; i < flood.length; i += asking.length) {
            System.arraycopy(asking, 0, flood, i, asking.length);
        }
        AtomicBoolean ended = new AtomicBoolean();
        long[] sent = new long[1];
        Thread.ofVirtual().start(() -> {
            try {
                OutputStream out = deaf.socket().getOutputStream();
                while (sent[0] < 1L << 30) {
                    out.write(flood);
                    sent[0] += flood.length;
                }
            } catch (IOException closed) {
                ended.set(true);
            }
        });

        await().atMost(PATIENCE).untilTrue(ended);
        assertThat(sent[0]).as("bytes that were taken from it").isLessThan(64 << 20);
        assertThat(running.count("heliograph.ingest.closed", "reason", "write_timeout"))
                .isEqualTo(1);
        assertServed("boiler-8");
    }

    @Test
    void givenManySocketsOfOneAddress_whenTheyDoNotConnect_thenFurtherOnesAreTurnedAwayUntilTheirTimeIsOver()
            throws Exception {
        start(TestSettings.noLimits(), "admission.max-pending-per-address=20", "connect-timeout=1s");
        for (int i = 0; i < 20; i++) {
            client();
        }
        await().atMost(PATIENCE).until(() -> running.gauge("heliograph.ingest.connections.pending") == 20);

        assertThat(client().answer()).isEqualTo("closed");
        assertThat(running.count("heliograph.ingest.closed", "reason", "address"))
                .isEqualTo(1);
        await().atMost(PATIENCE).until(() -> running.gauge("heliograph.ingest.connections.pending") == 0);
        assertServed("boiler-7");
    }

    @Test
    void givenAFloodOfConnects_whenItGoesOn_thenItsRateIsKeptAndConnectedDevicesAreServed() throws Exception {
        start(TestSettings.noLimits(), "admission.connects-per-second-per-address=5");
        RawClient device = connected("boiler-7");
        int turnedAway = 0;

        for (int i = 0; i < 300; i++) {
            try (RawClient one = new RawClient(running.endpoint.port())) {
                one.send(RawClient.connect("boiler-8", "demo/boiler-8", RunningEndpoint.PASSWORD, 60));
                turnedAway += one.answer().equals("closed") ? 1 : 0;
            } catch (IOException reset) {
                turnedAway++;
            }
        }

        assertThat(turnedAway).isGreaterThan(100);
        device.send(RawClient.publish("boiler-7", 1, GOOD));
        assertThat(device.answer()).isEqualTo("PUBACK 00");
    }

    @Test
    void givenRefusedConnects_whenTheyGoOn_thenTheyAreAnsweredLateAndGoodOnesOfTheSameAddressAreNot() throws Exception {
        start(TestSettings.noLimits(), "admission.failures-per-minute-per-address=2", "admission.failure-delay=1500ms");
        for (int i = 0; i < 2; i++) {
            assertThat(refused()).isEqualTo("CONNACK 86");
        }
        long began = System.nanoTime();
        RawClient late = client();
        late.send(RawClient.connect("boiler-7", "demo/boiler-7", "guessed", 60));

        assertServed("boiler-8");
        assertThat(late.socket().getInputStream().available())
                .as("no answer yet")
                .isZero();
        assertThat(late.answer()).isEqualTo("CONNACK 86");

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThanOrEqualTo(Duration.ofMillis(1_400));
        assertThat(running.count("heliograph.ingest.connects", "outcome", "credentials"))
                .isEqualTo(3);
    }

    @Test
    void givenAHotDevice_whenItFloods_thenItIsToldAndOthersAreServed() throws Exception {
        start(TestSettings.limits("device-messages-per-second=20", "burst=1s"));
        RawClient hot = connected("boiler-7");
        RawClient other = connected("boiler-8");
        int told = 0;

        // As fast as it can within its window of 100, and the other beside it within its rate.
        for (int round = 1; round <= 20; round++) {
            for (int i = 1; i <= 100; i++) {
                hot.send(RawClient.publish("boiler-7", i, GOOD));
            }
            other.send(RawClient.publish("boiler-8", round, GOOD));
            assertThat(other.answer()).isEqualTo("PUBACK 00");
            for (int i = 1; i <= 100; i++) {
                String answer = hot.answer();
                assertThat(answer).isIn("PUBACK 00", "PUBACK 97");
                told += answer.equals("PUBACK 97") ? 1 : 0;
            }
        }

        assertThat(told).as("of 2,000").isGreaterThan(1_000);
        assertThat(running.count("heliograph.ingest.throttled", "scope", "device", "quantity", "messages"))
                .isEqualTo(told);
    }

    @Test
    void givenAnOutageOfKafka_whenOneDeviceFillsWhatItCan_thenThereIsRoomForOthersAndTheBoundHolds() throws Exception {
        start(TestSettings.noLimits(), "receive-maximum=2000");
        running.hold();
        RawClient greedy = client();
        greedy.send(RawClient.connect(4, "boiler-7", "demo/boiler-7", RunningEndpoint.PASSWORD, 60));
        assertThat(greedy.answer()).isEqualTo("CONNACK 00");
        Thread.ofVirtual().start(() -> flood(greedy));

        // Half of the budget of 2,000, and what one read of the socket had brought beyond.
        await().atMost(PATIENCE).until(() -> running.budget.messages() >= 1_000);
        RawClient other = connected("boiler-8");
        other.send(RawClient.publish("boiler-8", 1, GOOD));
        await().atMost(PATIENCE)
                .until(() -> running.events(Topics.READINGS).stream()
                        .anyMatch(event -> event.key().equals("demo/boiler-8")));

        assertThat(running.budget.messages()).isLessThan(1_000 + 65_536 / 40);
        running.release();
        assertThat(other.answer()).isEqualTo("PUBACK 00");
        assertThat(greedy.answer()).isEqualTo("PUBACK 00");
    }

    private void start(LimitSettings limits, String... settings) {
        running = new RunningEndpoint(limits, settings);
        running.register("boiler-7");
        running.register("boiler-8");
    }

    private RawClient client() throws IOException {
        RawClient client = new RawClient(running.endpoint.port());
        open.add(client);
        return client;
    }

    private RawClient connected(String device) throws IOException {
        RawClient client = RawClient.connected(running.endpoint.port(), device);
        open.add(client);
        return client;
    }

    private String refused() throws IOException {
        RawClient client = client();
        client.send(RawClient.connect("boiler-7", "demo/boiler-7", "guessed", 60));
        return client.answer();
    }

    private void assertServed(String device) throws IOException {
        RawClient client = connected(device);
        client.send(RawClient.publish(device, 1, GOOD));
        assertThat(client.answer()).as("a good device beside it").isEqualTo("PUBACK 00");
    }

    private static void flood(RawClient client) {
        try {
            for (int i = 0; i < 20_000; i++) {
                client.send(RawClient.publish(4, "boiler-7", i % 60_000 + 1, GOOD));
            }
        } catch (IOException closed) {
            // The test has ended, or the endpoint has had enough.
        }
    }

    private static AtomicBoolean trickle(RawClient client, byte[] bytes, int everyMillis) {
        AtomicBoolean closed = new AtomicBoolean();
        Thread.ofVirtual().start(() -> {
            try {
                for (byte one : bytes) {
                    client.send(one);
                    Thread.sleep(everyMillis);
                }
            } catch (IOException | InterruptedException end) {
                closed.set(true);
            }
        });
        return closed;
    }
}
