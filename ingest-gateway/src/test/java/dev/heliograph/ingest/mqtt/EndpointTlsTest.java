package dev.heliograph.ingest.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.heliograph.ingest.TestSettings;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** TLS, certificates of devices, and their change under way. D6 as far as certificates go, F45. */
class EndpointTlsTest {
    private static final String TLS_1_3 = "TLSv1.3";
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    private final List<AutoCloseable> open = new ArrayList<>();
    private Certificates certificates;
    private @Nullable RunningEndpoint running;

    @BeforeEach
    void make() throws Exception {
        certificates = new Certificates(directory);
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable resource : open) {
            resource.close();
        }
        if (running != null) {
            running.close();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "tls-1-3, TLSv1.3, true",
        "tls-1-3, TLSv1.2, false",
        "tls-1-2, TLSv1.3, true",
        "tls-1-2, TLSv1.2, true",
        "tls-1-2, TLSv1.1, false",
    })
    void givenAMinimumVersion_whenConnectedByAnother_thenOnlyNewerOnesAreSpoken(
            String minimum, String spoken, boolean served) throws Exception {
        start("tls.minimum=" + minimum);

        if (served) {
            assertThat(connectByKey(tls(spoken, null)).answer()).isEqualTo("CONNACK 00");
        } else {
            assertThatThrownBy(() -> tls(spoken, null).startHandshake()).isInstanceOf(SSLException.class);
        }
    }

    @Test
    void givenACertificateOfADevice_whenConnectedWithoutAKey_thenItIsThatDevice() throws Exception {
        start("tls.client-certificates=required");

        RawClient client = connectByCertificate(Certificates.device(certificates.authority, "demo/boiler-7"), null);

        assertThat(client.answer()).isEqualTo("CONNACK 00");
        client.send(RawClient.publish("boiler-7", 1, "{\"t\":1}"));
        assertThat(client.answer()).isEqualTo("PUBACK 00");
        client.send(RawClient.publish("boiler-8", 2, "{\"t\":1}"));
        assertThat(client.answer()).isEqualTo("PUBACK 87");
    }

    @ParameterizedTest
    @CsvSource({
        "demo/boiler-7, , , CONNACK 00",
        "anything, heliograph://demo/boiler-7, , CONNACK 00",
        "anything, heliograph://demo/boiler-7, demo/boiler-7, CONNACK 00",
        "demo/boiler-7, , demo/boiler-8, CONNACK 87",
        "demo/boiler-8, heliograph://demo/boiler-7, demo/boiler-8, CONNACK 87",
        "anything, , , CONNACK 87",
        "anything, urn:heliograph:demo/boiler-7, , CONNACK 87",
        "demo/unknown, , , CONNACK 87",
        "demo/disabled, , , CONNACK 87",
        "demo/boiler-7/x, , , CONNACK 87",
    })
    void givenWhatACertificateNames_whenConnected_thenOnlyARegisteredDeviceIsLetIn(
            String commonName, String uri, String user, String answer) throws Exception {
        start("tls.client-certificates=required");
        running.register("disabled", false);
        X509Bundle device = Certificates.device(
                certificates.authority, commonName, uri, Instant.now().plusSeconds(600));

        assertThat(connectByCertificate(device, user).answer()).isEqualTo(answer);
    }

    @Test
    void givenCertificatesThatAreNotTrusted_whenConnected_thenTheHandshakeFails() throws Exception {
        start("tls.client-certificates=required");
        X509Bundle stranger = Certificates.authority("CN=Test Authority");
        List<X509Bundle> refused = List.of(
                Certificates.device(stranger, "demo/boiler-7"),
                Certificates.authority("CN=demo/boiler-7"),
                Certificates.device(
                        certificates.authority,
                        "demo/boiler-7",
                        null,
                        Instant.now().minusSeconds(5)));

        for (X509Bundle device : refused) {
            assertThatThrownBy(() -> connectByCertificate(device, null).answer())
                    .isInstanceOf(IOException.class);
        }
        assertThatThrownBy(() -> connectByKey(tls(TLS_1_3, null)).answer())
                .as("no certificate where one is required")
                .isInstanceOf(IOException.class);
        await().atMost(PATIENCE).until(() -> running.count("heliograph.ingest.closed", "reason", "handshake") == 4);
        assertThat(running.endpoint.connections()).isZero();
    }

    @Test
    void givenOptionalCertificates_whenNoneIsShown_thenTheKeyDecides() throws Exception {
        start("tls.client-certificates=optional");

        assertThat(connectByKey(tls(TLS_1_3, null)).answer()).isEqualTo("CONNACK 00");
        RawClient without = client(tls(TLS_1_3, null));
        without.send(RawClient.connect("boiler-7", "demo/boiler-7", "guessed", 60));
        assertThat(without.answer()).isEqualTo("CONNACK 86");
    }

    @Test
    void givenADeviceByCertificate_whenItIsDisabled_thenItIsCutOff() throws Exception {
        start("tls.client-certificates=required");
        RawClient client = connectByCertificate(Certificates.device(certificates.authority, "demo/boiler-7"), null);
        assertThat(client.answer()).isEqualTo("CONNACK 00");

        running.register("boiler-7", false);

        assertThat(client.answersUntilClosed()).containsExactly("DISCONNECT 87");
    }

    @Test
    void givenARevocationList_whenADeviceIsAddedToIt_thenItIsCutOffAndNotLetInAgain() throws Exception {
        X509Bundle revoked = Certificates.device(certificates.authority, "demo/boiler-7");
        X509Bundle good = Certificates.device(certificates.authority, "demo/boiler-8");
        certificates.write("revoked.pem", Certificates.revocations(certificates.authority));
        start("tls.client-certificates=required", "tls.revoked=" + certificates.file("revoked.pem"));
        RawClient first = connectByCertificate(revoked, null);
        RawClient second = connectByCertificate(good, null);
        assertThat(first.answer()).isEqualTo("CONNACK 00");
        assertThat(second.answer()).isEqualTo("CONNACK 00");

        certificates.write("revoked.pem", Certificates.revocations(certificates.authority, revoked.getCertificate()));

        assertThat(first.answersUntilClosed()).containsExactly("DISCONNECT 87");
        assertThatThrownBy(() -> connectByCertificate(revoked, null).answer()).isInstanceOf(IOException.class);
        second.send(RawClient.publish("boiler-8", 1, "{\"t\":1}"));
        assertThat(second.answer()).isEqualTo("PUBACK 00");
    }

    @Test
    void givenACertificateThatExpires_whenItsTimeIsOver_thenTheConnectionEnds() throws Exception {
        start("tls.client-certificates=required");
        X509Bundle device = Certificates.device(
                certificates.authority, "demo/boiler-7", null, Instant.now().plusSeconds(3));
        RawClient client = connectByCertificate(device, null);
        assertThat(client.answer()).isEqualTo("CONNACK 00");

        assertThat(client.answersUntilClosed()).containsExactly("DISCONNECT 87");
    }

    @Test
    void givenANewServerCertificate_whenTheFilesChange_thenNewConnectionsGetItAndOldOnesLive() throws Exception {
        start();
        RawClient old = connectByKey(tls(TLS_1_3, null));
        assertThat(old.answer()).isEqualTo("CONNACK 00");
        BigInteger first = serial();

        certificates.server = Certificates.server(certificates.authority, 60);
        certificates.writeServer();

        await().atMost(PATIENCE).until(() -> !serial().equals(first));
        assertThat(serial()).isEqualTo(certificates.server.getCertificate().getSerialNumber());
        old.send(RawClient.publish("boiler-7", 1, "{\"t\":1}"));
        assertThat(old.answer()).isEqualTo("PUBACK 00");
        assertThat(running.gauge("heliograph.ingest.certificate.expiry.seconds"))
                .isBetween(59 * 86_400.0, 60 * 86_400.0);
    }

    @ParameterizedTest
    @CsvSource({"tls.key, no key at all", "tls.crt, -----BEGIN CERTIFICATE-----", "ca.crt, ''", "tls.key, another key"})
    void givenABrokenFile_whenItAppears_thenTheFormerStateStaysAndIsReportedUntilItIsMended(String file, String content)
            throws Exception {
        start("tls.client-certificates=optional");
        BigInteger before = serial();
        String good = Files.readString(certificates.file(file));

        certificates.write(
                file,
                content.equals("another key")
                        ? Certificates.server(certificates.authority, 1).getPrivateKeyPEM()
                        : content);

        await().atMost(PATIENCE).until(() -> running.gauge("heliograph.ingest.certificate.broken") == 1);
        assertThat(serial()).isEqualTo(before);
        assertThat(running.count("heliograph.ingest.certificate.reloads", "outcome", "failed"))
                .isEqualTo(1);
        certificates.write(file, good);
        await().atMost(PATIENCE).until(() -> running.gauge("heliograph.ingest.certificate.broken") == 0);
    }

    @Test
    void givenANewAuthority_whenBothAreTrustedForAWhile_thenNobodyIsLockedOutBeforeTheOldOneGoes() throws Exception {
        start("tls.client-certificates=required");
        X509Bundle next = Certificates.authority("CN=Next Authority");
        X509Bundle former = Certificates.device(certificates.authority, "demo/boiler-7");
        X509Bundle renewed = Certificates.device(next, "demo/boiler-8");
        RawClient first = connectByCertificate(former, null);
        assertThat(first.answer()).isEqualTo("CONNACK 00");

        certificates.write("ca.crt", certificates.authority.getCertificatePEM() + next.getCertificatePEM());
        await().atMost(PATIENCE)
                .until(() -> running.count("heliograph.ingest.certificate.reloads", "outcome", "done") == 1);
        RawClient second = connectByCertificate(renewed, null);
        assertThat(second.answer()).isEqualTo("CONNACK 00");
        first.send(RawClient.publish("boiler-7", 1, "{\"t\":1}"));
        assertThat(first.answer()).as("both are trusted").isEqualTo("PUBACK 00");

        certificates.write("ca.crt", next.getCertificatePEM());

        assertThat(first.answersUntilClosed()).containsExactly("DISCONNECT 87");
        second.send(RawClient.publish("boiler-8", 1, "{\"t\":1}"));
        assertThat(second.answer()).isEqualTo("PUBACK 00");
    }

    @Test
    void givenAPeerThatNeverHandshakes_whenTheConnectTimeoutPasses_thenItIsClosed() throws Exception {
        start("connect-timeout=300ms");
        try (Socket silent = new Socket(InetAddress.getLoopbackAddress(), running.endpoint.tlsPort())) {
            silent.setSoTimeout(20_000);

            assertThat(silent.getInputStream().read()).isEqualTo(-1);
        }
        await().atMost(PATIENCE).until(() -> running.gauge("heliograph.ingest.connections.pending") == 0);
    }

    private void start(String... settings) {
        running = new RunningEndpoint(TestSettings.noLimits(), certificates.settings(settings));
        running.register("boiler-7");
        running.register("boiler-8");
    }

    private BigInteger serial() throws Exception {
        try (SSLSocket socket = tls(TLS_1_3, null)) {
            socket.startHandshake();
            return ((X509Certificate) socket.getSession().getPeerCertificates()[0]).getSerialNumber();
        }
    }

    private RawClient connectByKey(SSLSocket socket) throws Exception {
        RawClient client = client(socket);
        client.send(RawClient.connect("boiler-7", "demo/boiler-7", RunningEndpoint.PASSWORD, 60));
        return client;
    }

    private RawClient connectByCertificate(X509Bundle device, @Nullable String user) throws Exception {
        RawClient client = client(tls(TLS_1_3, device));
        client.send(RawClient.connect("", user, "", 60));
        return client;
    }

    private RawClient client(SSLSocket socket) throws IOException {
        RawClient client = new RawClient(socket);
        open.add(client);
        return client;
    }

    private SSLSocket tls(String protocol, @Nullable X509Bundle device) throws Exception {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        trusted.setCertificateEntry("authority", certificates.authority.getCertificate());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        KeyManager[] keys = device == null ? null : device.toKeyManagerFactory().getKeyManagers();
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys, trust.getTrustManagers(), null);
        SSLSocket socket = (SSLSocket)
                context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), running.endpoint.tlsPort());
        open.add(socket);
        socket.setSoTimeout(20_000);
        socket.setEnabledProtocols(new String[] {protocol});
        return socket;
    }
}
