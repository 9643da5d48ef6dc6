package dev.heliograph.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.heliograph.simulator.fault.FaultProfile;
import dev.heliograph.simulator.mqtt.LinkSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against Mosquitto, where it is installed. */
class RealBrokerTest {
    private static final Path MOSQUITTO = Path.of("/usr/sbin/mosquitto");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path directory;

    private int port;
    private Process broker;

    @BeforeEach
    void startBroker() throws IOException {
        Assumptions.assumeTrue(Files.isExecutable(MOSQUITTO), "mosquitto is not installed");
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        launch();
    }

    @AfterEach
    void stopBroker() throws InterruptedException {
        if (broker != null) {
            broker.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void givenBroker_whenItIsKilledAndStartedAgain_thenTheFleetComesBackAndLosesNothing() throws Exception {
        URI address = URI.create("tcp://127.0.0.1:" + port);
        MqttAsyncClient subscriber = subscriber(address);
        try (SimulatedFleet fleet = SimulatedFleet.start(FleetSettings.builder(address)
                .link(LinkSettings.to(address)
                        .withBackoff(Duration.ofMillis(50), Duration.ofMillis(500))
                        .withRetainedStatus(true))
                .devices(20)
                .seed(3)
                .readingsPerSecond(100.0)
                .faults(FaultProfile.MANY)
                .build())) {
            await().atMost(PATIENCE).until(() -> fleet.statistics().acknowledged() > 50);

            broker.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
            await().atMost(PATIENCE).until(() -> fleet.statistics().connected() == 0);
            launch();

            await().atMost(PATIENCE).until(() -> fleet.statistics().connected() == 20);
            fleet.close();
            FleetStatistics end = fleet.statistics();
            assertThat(end.dropped()).isZero();
            assertThat(end.acknowledged() + end.refused()).isEqualTo(end.generated());
        } finally {
            subscriber.disconnectForcibly(0, 1, false);
            subscriber.close(true);
        }
    }

    /** Somebody to whom it all goes: to a message that nobody gets, a broker says so, and the fleet keeps it. */
    private static MqttAsyncClient subscriber(URI address) throws MqttException {
        MqttAsyncClient client = new MqttAsyncClient(address.toString(), "subscriber", new MemoryPersistence());
        MqttConnectionOptions options = new MqttConnectionOptions();
        options.setAutomaticReconnect(true);
        options.setAutomaticReconnectDelay(1, 1);
        client.setCallback(new Subscribing(client));
        client.connect(options).waitForCompletion(PATIENCE.toMillis());
        return client;
    }

    private record Subscribing(MqttAsyncClient client) implements MqttCallback {
        @Override
        public void connectComplete(boolean reconnect, String server) {
            try {
                client.subscribe("iot/v1/#", 1);
            } catch (MqttException failure) {
                throw new IllegalStateException(failure);
            }
        }

        @Override
        public void disconnected(MqttDisconnectResponse response) {}

        @Override
        public void mqttErrorOccurred(MqttException failure) {}

        @Override
        public void messageArrived(String topic, MqttMessage message) {}

        @Override
        public void deliveryComplete(IMqttToken token) {}

        @Override
        public void authPacketArrived(int reasonCode, MqttProperties properties) {}
    }

    private void launch() throws IOException {
        Path config = Files.writeString(
                directory.resolve("mosquitto.conf"), "listener " + port + " 127.0.0.1\nallow_anonymous true\n");
        broker = new ProcessBuilder(MOSQUITTO.toString(), "-c", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("mosquitto.log").toFile())
                .start();
        await().atMost(PATIENCE).ignoreExceptions().until(() -> {
            try (Socket probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return probe.isConnected();
            }
        });
    }
}
