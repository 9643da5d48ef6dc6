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
        }
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
