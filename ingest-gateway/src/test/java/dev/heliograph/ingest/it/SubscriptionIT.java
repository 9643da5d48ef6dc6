package dev.heliograph.ingest.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.heliograph.ingest.subscription.BrokerSubscription;
import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.wire.QuarantineRecord;
import dev.heliograph.model.wire.ReadingCodec;
import dev.heliograph.model.wire.Topics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Readings from an Eclipse Mosquitto that runs as a process of its own; skipped where it is not installed. */
class SubscriptionIT {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final DeviceKey DEVICE = DeviceKey.of("demo", "meter-1");

    @TempDir
    Path directory;

    @Test
    void givenMosquitto_whenTheGatewayRestarts_thenEveryMessageArrivesOnceAndStrangersAreQuarantined()
            throws Exception {
        Optional<Path> mosquitto = Mosquitto.find();
        assumeThat(mosquitto).as("mosquitto is installed").isPresent();
        try (Mosquitto broker = Mosquitto.start(mosquitto.orElseThrow(), directory);
                EmbeddedKafka kafka = new EmbeddedKafka(directory.resolve("kafka"))) {
            int port = broker.port();
            MqttAsyncClient publisher;
            try (RunningGateway gateway = start(kafka, port)) {
                kafka.register(DEVICE, "unused", true);
                await().atMost(PATIENCE)
                        .until(() -> gateway.bean(dev.heliograph.ingest.registry.DeviceTable.class)
                                .isEnabled(DEVICE));
                await().atMost(PATIENCE)
                        .until(() -> gateway.bean(BrokerSubscription.class).connected() == 2);
                publisher = new MqttAsyncClient("tcp://127.0.0.1:" + port, "publisher", new MemoryPersistence());
                publisher.connect().waitForCompletion(10_000);
                publish(publisher, "iot/v1/" + DEVICE + "/telemetry", 0, 30);
                publish(publisher, "iot/v1/demo/stranger/telemetry", 0, 1);
                await().atMost(PATIENCE).until(() -> sequences(kafka).size() == 30);
            }
            publish(publisher, "iot/v1/" + DEVICE + "/telemetry", 30, 60);
            try (RunningGateway gateway = start(kafka, port)) {
                await().atMost(PATIENCE)
                        .until(() -> gateway.bean(BrokerSubscription.class).connected() == 2);
                await().atMost(PATIENCE).until(() -> sequences(kafka).size() == 60);
            }

            assertThat(kafka.readAll(Topics.READINGS)).as("each once").hasSize(60);
            assertThat(kafka.readAll(Topics.QUARANTINE))
                    .map(kept -> QuarantineRecord.CODEC.decode(kept.value()).reason())
                    .containsExactly("UNKNOWN_DEVICE");
            publisher.disconnect().waitForCompletion(5_000);
            publisher.close();
        }
    }

    @Test
    void givenABrokerThatForgotTheSessions_whenItIsBack_thenTheGatewaySubscribesAgainAndCountsIt() throws Exception {
        Optional<Path> mosquitto = Mosquitto.find();
        assumeThat(mosquitto).as("mosquitto is installed").isPresent();
        try (Mosquitto broker = Mosquitto.start(mosquitto.orElseThrow(), directory);
                EmbeddedKafka kafka = new EmbeddedKafka(directory.resolve("kafka"));
                RunningGateway gateway = start(kafka, broker.port())) {
            kafka.register(DEVICE, "unused", true);
            await().atMost(PATIENCE)
                    .until(() -> gateway.bean(BrokerSubscription.class).connected() == 2);
            Counter forgotten = gateway.bean(MeterRegistry.class)
                    .get("heliograph.ingest.subscription.forgotten")
                    .counter();
            assertThat(forgotten.count())
                    .as("first connections of this process")
                    .isZero();

            broker.killAndRestart();

            await().atMost(PATIENCE).until(() -> forgotten.count() == 2);
            MqttAsyncClient publisher =
                    new MqttAsyncClient("tcp://127.0.0.1:" + broker.port(), "publisher", new MemoryPersistence());
            publisher.connect().waitForCompletion(10_000);
            publish(publisher, "iot/v1/" + DEVICE + "/telemetry", 0, 5);
            await().atMost(PATIENCE).until(() -> sequences(kafka).size() == 5);
            publisher.disconnect().waitForCompletion(5_000);
            publisher.close();
        }
    }

    private static RunningGateway start(EmbeddedKafka kafka, int port) {
        return new RunningGateway(
                kafka,
                "--heliograph.ingest.mqtt.enabled=false",
                "--heliograph.ingest.subscription.broker-uri=tcp://127.0.0.1:" + port);
    }

    private static void publish(MqttAsyncClient client, String topic, int from, int to) throws Exception {
        for (int sequence = from; sequence < to; sequence++) {
            String payload = "{\"seq\":" + sequence + ",\"metrics\":{\"power\":" + sequence + "}}";
            client.publish(topic, payload.getBytes(UTF_8), 1, false).waitForCompletion(10_000);
        }
    }

    private static TreeSet<Long> sequences(EmbeddedKafka kafka) {
        return kafka.readAll(Topics.READINGS).stream()
                .map(kept -> ReadingCodec.decode(kept.value()).sequence())
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
