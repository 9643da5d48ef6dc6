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
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
        Optional<Path> mosquitto = Stream.of("/usr/sbin/mosquitto", "/usr/local/sbin/mosquitto", "/usr/bin/mosquitto")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
        assumeThat(mosquitto).as("mosquitto is installed").isPresent();
        int port = freePort();
        Process broker = startBroker(mosquitto.orElseThrow(), port);
        try (EmbeddedKafka kafka = new EmbeddedKafka(directory.resolve("kafka"))) {
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
        } finally {
            broker.destroy();
        }
    }

    private static RunningGateway start(EmbeddedKafka kafka, int port) {
        return new RunningGateway(
                kafka,
                "--heliograph.ingest.mqtt.enabled=false",
                "--heliograph.ingest.subscription.broker-uri=tcp://127.0.0.1:" + port);
    }

    // No receive maximum: Paho gives a place of its window back on another thread, after it has woken who waits for the
    // PUBACK, so on a busy machine a publisher that sends one message at a time fills Mosquitto's window of 20.
    private Process startBroker(Path mosquitto, int port) throws Exception {
        Path config = directory.resolve("mosquitto.conf");
        Files.writeString(config, """
                listener %d 127.0.0.1
                allow_anonymous true
                persistence false
                max_inflight_messages 0
                """.formatted(port));
        Process broker = new ProcessBuilder(mosquitto.toString(), "-c", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("mosquitto.log").toFile())
                .start();
        await().atMost(PATIENCE).until(() -> {
            try (java.net.Socket probe = new java.net.Socket(InetAddress.getLoopbackAddress(), port)) {
                return probe.isConnected();
            } catch (java.io.IOException notYet) {
                return false;
            }
        });
        return broker;
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

    private static int freePort() throws Exception {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }
}
