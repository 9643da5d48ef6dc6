package dev.heliograph.ingest.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.heliograph.ingest.TestSettings;
import dev.heliograph.ingest.funnel.Admission;
import dev.heliograph.ingest.funnel.Funnel;
import dev.heliograph.ingest.funnel.FunnelLimits;
import dev.heliograph.ingest.funnel.TopicMappings;
import dev.heliograph.ingest.intake.Allowances;
import dev.heliograph.ingest.intake.InFlightBudget;
import dev.heliograph.ingest.intake.Intake;
import dev.heliograph.ingest.intake.IntakeCounters;
import dev.heliograph.ingest.intake.PresenceEvents;
import dev.heliograph.ingest.intake.UnackedWatch;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.InstantSource;
import java.util.HexFormat;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The endpoint on real sockets. */
class MqttEndpointTest {
    private static final int CONNACK = 0x20;

    // CONNECT, MQTT 5, client id boiler-7, user demo/boiler-7, password secret.
    private static final byte[] CONNECT = HexFormat.of()
            .parseHex("102c00044d51545405c2003c00" + "0008626f696c65722d37" + "000d64656d6f2f626f696c65722d37"
                    + "0006736563726574");

    @TempDir
    Path directory;

    private final Wire wire = new Wire();
    private X509Bundle certificate;
    private MqttEndpoint endpoint;

    @BeforeEach
    void start() throws Exception {
        certificate = new CertificateBuilder()
                .subject("CN=localhost")
                .addSanDnsName("localhost")
                .setIsCertificateAuthority(true)
                .ecp256()
                .buildSelfSigned();
        Path chain = Files.writeString(directory.resolve("tls.crt"), certificate.getCertificatePathPEM());
        Path key = Files.writeString(directory.resolve("tls.key"), certificate.getPrivateKeyPEM());
        MqttSettings settings = TestSettings.mqtt(
                "host=127.0.0.1",
                "port=0",
                "tls.enabled=true",
                "tls.port=0",
                "tls.minimum=tls-1-2",
                "tls.certificate=" + chain,
                "tls.private-key=" + key,
                "event-loop-threads=1",
                "connect-timeout=3s",
                "max-packet-bytes=1024");
        InFlightBudget budget = new InFlightBudget(100, 1_000_000);
        Intake intake = new Intake(
                new Funnel(FunnelLimits.DEFAULTS, TopicMappings.DEFAULTS, Admission.ALL),
                wire.sink,
                budget,
                new IntakeCounters(new SimpleMeterRegistry()),
                new UnackedWatch(System::nanoTime));
        endpoint = new MqttEndpoint(
                settings,
                wire.devices,
                TopicMappings.DEFAULTS,
                intake,
                new PresenceEvents(wire.sink, InstantSource.system()),
                new Allowances(TestSettings.noLimits(), budget, System::nanoTime),
                null,
                InstantSource.system(),
                () -> true,
                new SimpleMeterRegistry());
        endpoint.start();
    }

    @AfterEach
    void stop() {
        endpoint.stop();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void givenACurrentTls_whenConnected_thenTheDeviceIsServed(String protocol) throws Exception {
        try (SSLSocket socket = tls(protocol)) {
            socket.getOutputStream().write(CONNECT);

            assertThat(socket.getInputStream().read()).isEqualTo(CONNACK);
        }
    }

    @Test
    void givenAnOldTls_whenConnected_thenTheHandshakeFails() throws Exception {
        try (SSLSocket socket = tls("TLSv1.1")) {
            assertThatThrownBy(socket::startHandshake).isInstanceOf(SSLException.class);
        }
    }

    @Test
    void givenARevokedKey_whenTheTableChanges_thenTheConnectionIsCutOff() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), endpoint.port())) {
            socket.getOutputStream().write(CONNECT);
            assertThat(socket.getInputStream().read()).isEqualTo(CONNACK);

            wire.devices.remove(Wire.DEVICE);

            assertThat(socket.getInputStream().readAllBytes())
                    .as("DISCONNECT 0x87")
                    .contains(0xE0, 0x87);
            await().until(() -> endpoint.connections() == 0);
        }
    }

    @Test
    void givenASocketThatSaysNothing_whenTheConnectTimeoutPasses_thenItIsClosed() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), endpoint.port())) {
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void givenAConnectedDevice_whenTheEndpointStops_thenItIsTold() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), endpoint.port())) {
            socket.getOutputStream().write(CONNECT);
            assertThat(socket.getInputStream().read()).isEqualTo(CONNACK);

            endpoint.stop();

            assertThat(socket.getInputStream().readAllBytes())
                    .as("DISCONNECT 0x8B")
                    .contains(0xE0, 0x8B);
        }
    }

    private SSLSocket tls(String protocol) throws Exception {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        trusted.setCertificateEntry("endpoint", certificate.getCertificate());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        SSLSocket socket = (SSLSocket)
                context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), endpoint.tlsPort());
        socket.setEnabledProtocols(new String[] {protocol});
        return socket;
    }
}
