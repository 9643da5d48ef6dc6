package dev.heliograph.ingest.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.heliograph.ingest.registry.DeviceTable;
import dev.heliograph.ingest.subscription.BrokerSubscription;
import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.reading.Reading;
import dev.heliograph.model.wire.QuarantineRecord;
import dev.heliograph.model.wire.ReadingCodec;
import dev.heliograph.model.wire.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.eclipse.paho.mqttv5.common.packet.UserProperty;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What the gateway does with readings of a broker, whichever it is. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SubscriptionSuite {
    static final Duration PATIENCE = Duration.ofSeconds(40);

    @TempDir
    static Path directory;

    private TestBroker broker;
    private EmbeddedKafka kafka;

    /** Starts the broker; skips the suite where it is not there. */
    abstract TestBroker broker(Path directory) throws IOException;

    /** How often the broker may deliver one message when sessions are resumed, although it is acknowledged. */
    int mostDeliveries() {
        return 1;
    }

    @BeforeAll
    void start() throws IOException {
        broker = broker(directory);
        kafka = new EmbeddedKafka(directory.resolve("kafka"));
    }

    @AfterAll
    @SuppressWarnings("ConstantValue") // null where the suite was skipped
    void stop() {
        if (kafka != null) {
            kafka.close();
        }
        if (broker != null) {
            broker.close();
        }
    }

    @Test
    void givenABroker_whenTheGatewayRestarts_thenEveryMessageArrivesOnceAndStrangersAreQuarantined() throws Exception {
        DeviceKey device = DeviceKey.of("demo", "meter-1");
        try (Publisher publisher = new Publisher("restart")) {
            try (RunningGateway gateway = gateway("restart", List.of(device))) {
                assertThat(gateway.bean(BrokerSubscription.class).connected()).isEqualTo(2);
                publisher.publish(device, 0, 30);
                publisher.publish(DeviceKey.of("demo", "stranger"), 0, 1);
                publisher.publishAs(DeviceKey.of("demo", "meter-9"), device, 30);
                await().atMost(PATIENCE).until(() -> sequences(device).size() == 30);
            }
            publisher.publish(device, 31, 61);
            try (RunningGateway gateway = gateway("restart", List.of(device))) {
                await().atMost(PATIENCE).until(() -> sequences(device).size() == 60);
                assertThat(gateway.bean(BrokerSubscription.class).connected()).isEqualTo(2);
            }
        }

        assertThat(readings(device)).as("each once").hasSizeBetween(60, 60 * mostDeliveries());
        assertThat(reasons("stranger")).containsOnly("UNKNOWN_DEVICE").hasSizeBetween(1, mostDeliveries());
        assertThat(reasons("meter-9").size() + reasons("meter-1").size()).isBetween(1, mostDeliveries());
    }

    @Test
    void givenLimitsOfSenders_whenOneSendsTooFast_thenItsExcessIsQuarantinedButNotWhatTheBrokerHadKept()
            throws Exception {
        DeviceKey hot = DeviceKey.of("demo", "hot");
        DeviceKey calm = DeviceKey.of("demo", "calm");
        String[] limits = {
            "--heliograph.ingest.limits.device-messages-per-second=1", "--heliograph.ingest.limits.burst=10s"
        };
        // One connection: Artemis ends one of two that ask for a new shared subscription at once, and limits rest after
        // that.
        try (Publisher publisher = new Publisher("limits")) {
            try (RunningGateway gateway = gateway("limits", 1, List.of(hot, calm), limits)) {
                publisher.publish(hot, 0, 200);
                publisher.publish(calm, 0, 5);
                await().atMost(PATIENCE)
                        .until(() -> readings(hot).size() + reasons("hot").size() == 200);
                await().atMost(PATIENCE).until(() -> readings(calm).size() == 5);
                assertThat(gateway.bean(BrokerSubscription.class).connected()).isEqualTo(1);
            }
            int taken = readings(hot).size();
            // Ten at once, and one for each second that the rest took.
            assertThat(taken).isBetween(10, 60);
            assertThat(reasons("hot")).containsOnly("RATE");
            assertThat(reasons("calm")).isEmpty();

            publisher.publish(hot, 200, 400);
            try (RunningGateway gateway = gateway("limits", 1, List.of(hot, calm), limits)) {
                await().atMost(PATIENCE)
                        .until(() -> sequences(hot).tailSet(200L).size() == 200);
                assertThat(readings(hot)).hasSizeBetween(taken + 200, taken + 200 + 400 * (mostDeliveries() - 1));
                assertThat(gateway.bean(BrokerSubscription.class).connected()).isEqualTo(1);
            }
        }
    }

    @Test
    void givenKafkaAway_whenMessagesCome_thenTheBrokerKeepsThemUntilItIsBack() throws Exception {
        DeviceKey device = DeviceKey.of("demo", "meter-2");
        try (Publisher publisher = new Publisher("outage");
                RunningGateway gateway = gateway("outage", List.of(device))) {
            publisher.publish(device, 0, 10);
            await().atMost(PATIENCE).until(() -> sequences(device).size() == 10);
            kafka.stop();
            publisher.publish(device, 10, 40);
            kafka.start();

            await().atMost(PATIENCE).until(() -> sequences(device).size() == 40);
            assertThat(gateway.bean(BrokerSubscription.class).connected()).isEqualTo(2);
        }
    }

    /** A gateway with a subscription of its own name, once it knows the devices and stands at the broker. */
    RunningGateway gateway(String name, List<DeviceKey> devices) {
        return gateway(name, 2, devices);
    }

    private RunningGateway gateway(String name, int connections, List<DeviceKey> devices, String... settings) {
        String filter = "$share/" + name + "/iot/v1/+/+/telemetry/#";
        String[] all = Stream.concat(
                        Stream.of(
                                "--heliograph.ingest.mqtt.enabled=false",
                                "--heliograph.ingest.subscription.client-id=" + name,
                                "--heliograph.ingest.subscription.connections=" + connections,
                                "--heliograph.ingest.subscription.filter=" + filter,
                                "--heliograph.ingest.subscription.broker-uri=tcp://127.0.0.1:" + broker.port()),
                        Stream.of(settings))
                .toArray(String[]::new);
        RunningGateway gateway = new RunningGateway(kafka, all);
        devices.forEach(device -> kafka.register(device, "unused", true));
        DeviceTable table = gateway.bean(DeviceTable.class);
        await().atMost(PATIENCE).until(() -> devices.stream().allMatch(table::isEnabled));
        await().atMost(PATIENCE)
                .until(() -> gateway.bean(BrokerSubscription.class).connected() == connections);
        return gateway;
    }

    private List<Reading> readings(DeviceKey device) {
        return kafka.readAll(Topics.READINGS).stream()
                .map(kept -> ReadingCodec.decode(kept.value()))
                .filter(reading -> reading.device().equals(device))
                .toList();
    }

    SortedSet<Long> sequences(DeviceKey device) {
        return readings(device).stream()
                .map(Reading::sequence)
                .collect(Collectors.toCollection(() -> new TreeSet<>(Comparator.<Long>naturalOrder())));
    }

    private List<String> reasons(String device) {
        return kafka.readAll(Topics.QUARANTINE).stream()
                .map(kept -> QuarantineRecord.CODEC.decode(kept.value()))
                .filter(record -> device.equals(record.device()))
                .map(QuarantineRecord::reason)
                .toList();
    }

    /** A client of the broker that sends what devices would. */
    final class Publisher implements AutoCloseable {
        private final MqttAsyncClient client;

        Publisher(String name) throws Exception {
            client = new MqttAsyncClient(
                    "tcp://127.0.0.1:" + broker.port(), "publisher-" + name, new MemoryPersistence());
            MqttConnectionOptions options = new MqttConnectionOptions();
            options.setCleanStart(true);
            client.connect(options).waitForCompletion(10_000);
        }

        void publish(DeviceKey device, int from, int to) throws Exception {
            for (int sequence = from; sequence < to; sequence++) {
                send(device, message(sequence));
            }
        }

        /** As a broker that says who is connected. */
        void publishAs(DeviceKey principal, DeviceKey topicOf, int sequence) throws Exception {
            MqttMessage message = message(sequence);
            MqttProperties properties = new MqttProperties();
            properties.setUserProperties(List.of(new UserProperty("x-principal", principal.toString())));
            message.setProperties(properties);
            send(topicOf, message);
        }

        private static MqttMessage message(int sequence) {
            String payload = "{\"seq\":" + sequence + ",\"metrics\":{\"power\":" + sequence + "}}";
            return new MqttMessage(payload.getBytes(UTF_8), 1, false, null);
        }

        private void send(DeviceKey device, MqttMessage message) throws Exception {
            client.publish("iot/v1/" + device + "/telemetry", message).waitForCompletion(10_000);
        }

        @Override
        public void close() throws Exception {
            client.disconnect().waitForCompletion(5_000);
            client.close();
        }
    }
}
