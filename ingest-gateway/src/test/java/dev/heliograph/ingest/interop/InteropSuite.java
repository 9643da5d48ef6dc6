package dev.heliograph.ingest.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.heliograph.ingest.TestSettings;
import dev.heliograph.ingest.interop.DeviceClient.Connection;
import dev.heliograph.ingest.interop.DeviceClient.Login;
import dev.heliograph.ingest.interop.DeviceClient.Refused;
import dev.heliograph.ingest.interop.DeviceClient.Way;
import dev.heliograph.ingest.mqtt.Certificates;
import dev.heliograph.ingest.mqtt.RunningEndpoint;
import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.wire.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every client must be able to do with the endpoint; run once for each client. */
abstract class InteropSuite {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final AtomicInteger NUMBER = new AtomicInteger();

    @TempDir
    Path directory;

    private RunningEndpoint running;
    private DeviceKey device;
    private Login login;

    abstract DeviceClient client();

    @BeforeEach
    void start() throws Exception {
        Certificates certificates = new Certificates(directory);
        running = new RunningEndpoint(
                TestSettings.noLimits(),
                certificates.settings("tls.minimum=tls-1-2", "web-socket.port=0", "web-socket.tls-port=0"));
        device = running.register("pump-" + NUMBER.incrementAndGet());
        login = new Login(
                Way.TCP,
                running.endpoint.port(),
                certificates.file("ca.crt"),
                device.device().value(),
                device.toString(),
                RunningEndpoint.PASSWORD,
                null);
    }

    @AfterEach
    void stop() {
        running.close();
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void givenAWayIn_whenPublished_thenItIsAcknowledgedAndStored(Way way) throws Exception {
        assumeThat(client().hasWebSocket() || !way.isWebSocket())
                .as("the client speaks WebSocket")
                .isTrue();
        int port = switch (way) {
            case TCP -> running.endpoint.port();
            case TLS -> running.endpoint.tlsPort();
            case WEB_SOCKET -> running.endpoint.webSocketPort();
            case WEB_SOCKET_TLS -> running.endpoint.webSocketTlsPort();
        };
        try (Connection connection = client().connect(login.by(way, port))) {
            assertThat(connection.publish(telemetry(), "{\"flow\":1.5}", 1)).isZero();
            // Larger than a frame of WebSocket and than one read of a socket.
            assertThat(connection.publish(telemetry(), large(), 1)).isZero();
        }

        assertThat(running.events(Topics.READINGS)).hasSize(2);
    }

    @Test
    void givenQos0_whenPublished_thenItIsStored() throws Exception {
        try (Connection connection = client().connect(login)) {
            connection.publish(telemetry(), "{\"flow\":1}", 0);

            await().atMost(PATIENCE).until(() -> running.events(Topics.READINGS).size() == 1);
        }
    }

    @Test
    void givenAWrongPassword_whenConnecting_thenItIsRefused() {
        Throwable refused = catchThrowable(
                () -> client().connect(login.withPassword("guessed")).close());

        assertThat(refused)
                .isInstanceOfSatisfying(
                        Refused.class, it -> assertThat(it.code()).isEqualTo(client().isMqtt5() ? 0x86 : 4));
    }

    @Test
    void givenTheTopicOfAnother_whenPublished_thenTheClientLearnsIt() throws Exception {
        try (Connection connection = client().connect(login)) {
            if (client().isMqtt5()) {
                assertThat(connection.publish("iot/v1/demo/other/telemetry", "{\"flow\":1}", 1))
                        .isEqualTo(0x87);
                assertThat(connection.isConnected()).isTrue();
            } else {
                assumeOneConnection();
                catchThrowable(() -> connection.publish("iot/v1/demo/other/telemetry", "{\"flow\":1}", 1));
                await().atMost(PATIENCE).until(() -> !connection.isConnected());
            }
        }
        assertThat(running.events(Topics.READINGS)).isEmpty();
    }

    @Test
    void givenABadPayload_whenPublished_thenItsCodeAndTheErrorsTopicSaySo() throws Exception {
        try (Connection connection = client().connect(login)) {
            BlockingQueue<String> errors = connection.subscribe("iot/v1/" + device + "/errors");

            int code = connection.publish(telemetry(), "{\"flow\":NaN}", 1);

            assertThat(code).isEqualTo(client().isMqtt5() ? 0x99 : 0);
            assumeOneConnection();
            assertThat(errors.poll(20, TimeUnit.SECONDS)).contains("NON_FINITE", "/flow");
        }
        assertThat(running.events(Topics.QUARANTINE)).hasSize(1);
    }

    @Test
    void givenAForeignFilter_whenSubscribed_thenItIsRefused() throws Exception {
        try (Connection connection = client().connect(login)) {
            Throwable refused = catchThrowable(() -> connection.subscribe("iot/v1/demo/other/errors"));

            assertThat(refused)
                    .isInstanceOfSatisfying(
                            Refused.class, it -> assertThat(it.code()).isEqualTo(client().isMqtt5() ? 0x87 : 0x80));
        }
    }

    @Test
    void givenAConnectedDevice_whenItConnectsAgain_thenTheFirstConnectionIsTakenOver() throws Exception {
        assumeOneConnection();
        Connection first = client().connect(login.withWill("iot/v1/" + device + "/status"));
        try (Connection second = client().connect(login)) {
            await().atMost(PATIENCE).until(() -> !first.isConnected());
            if (client().showsDisconnectCode()) {
                await().atMost(PATIENCE).until(() -> first.disconnectCode() == 0x8E);
            }
            assertThat(second.isConnected()).isTrue();
        }
        first.close();
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(running.presence(device))
                        .as("it has begun anew; no Will, and no going in between")
                        .containsExactly("connected", "connected", "disconnected"));
    }

    @Test
    void givenAWill_whenTheConnectionBreaks_thenPresenceIsTold() throws Exception {
        Connection connection = client().connect(login.withWill("iot/v1/" + device + "/status"));

        connection.vanish();

        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(running.presence(device)).containsExactly("connected", "will", "disconnected"));
    }

    @Test
    void givenAWill_whenTheDeviceLeavesPolitely_thenItIsNotPublished() throws Exception {
        assumeOneConnection();
        client().connect(login.withWill("iot/v1/" + device + "/status")).close();

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(running.presence(device)).containsExactly("connected", "disconnected"));
    }

    @Test
    void givenABrokenConnection_whenTheDeviceComesBack_thenItGoesOn() throws Exception {
        Connection broken = client().connect(login);
        assertThat(broken.publish(telemetry(), "{\"flow\":1}", 1)).isZero();
        broken.vanish();

        try (Connection again = client().connect(login)) {
            for (int i = 0; i < 5; i++) {
                assertThat(again.publish(telemetry(), "{\"flow\":" + i + "}", 1))
                        .isZero();
            }
        }

        assertThat(running.events(Topics.READINGS)).hasSize(6);
    }

    @Test
    void givenAConnectedDevice_whenItIsDisabled_thenItIsCutOffAndNotLetInAgain() throws Exception {
        Connection connection = client().connect(login);

        running.register(device.device().value(), false);

        await().atMost(PATIENCE).until(() -> !connection.isConnected());
        assertThat(catchThrowable(() -> client().connect(login).close())).isInstanceOf(Refused.class);
        connection.close();
    }

    private void assumeOneConnection() {
        assumeThat(client().isOneConnection())
                .as("the client publishes, subscribes and leaves on one connection")
                .isTrue();
    }

    private String telemetry() {
        return "iot/v1/" + device + "/telemetry";
    }

    private static String large() {
        return "{\"flow\":1" + " ".repeat(150_000) + "}";
    }
}
