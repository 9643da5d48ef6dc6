package dev.heliograph.connections.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManager;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Handshakes between a client's engine and that of a server that the test stands for. */
class RenewingSslEngineFactoryTest {
    private static final Duration A_DAY = Duration.ofDays(1);
    private static final Duration AN_HOUR = Duration.ofHours(1);

    @TempDir
    Path directory;

    private final X509Bundle first = authority("CN=First");
    private final X509Bundle second = authority("CN=Second");
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final RenewingSslEngineFactory factory = new RenewingSslEngineFactory();
    private int writes;

    @BeforeEach
    void bind() {
        new KafkaCertificates().bindTo(meters);
        log.start();
        ((Logger) LoggerFactory.getLogger(KafkaCertificates.class)).addAppender(log);
    }

    @AfterEach
    void leave() {
        factory.close();
        ((Logger) LoggerFactory.getLogger(KafkaCertificates.class)).detachAppender(log);
    }

    @Test
    void givenOneFactory_whenTheAuthorityIsReplacedWithAnOverlap_thenEachConnectionIsJudgedByTheFileOfItsTime()
            throws Exception {
        X509Bundle old = server(first, A_DAY);
        X509Bundle fresh = server(second, A_DAY);
        trust(first);
        configure();

        shake(old, null);
        assertThatThrownBy(() -> shake(fresh, null)).isInstanceOf(SSLException.class);

        double before = reloads("done");
        trust(first, second);
        shake(old, null);
        shake(fresh, null);

        trust(second);
        assertThatThrownBy(() -> shake(old, null)).isInstanceOf(SSLException.class);
        shake(fresh, null);
        assertThat(reloads("done") - before).isEqualTo(2);
    }

    @Test
    void givenACertificateThatHasEnded_whenConnecting_thenItIsRefusedCountedAndNamed() throws Exception {
        trust(first);
        configure();
        double before = refused();

        assertThatThrownBy(() -> shake(context(server(first, AN_HOUR.negated()), null), null, "localhost", 9094))
                .isInstanceOf(SSLHandshakeException.class);

        assertThat(refused() - before).isEqualTo(1);
        assertThat(log.list)
                .anySatisfy(line -> assertThat(line.getFormattedMessage())
                        .contains("localhost:9094")
                        .contains("CN=kafka")
                        .contains("issued by CN=First")
                        .contains("NotAfter"));
        assertThat(meters.get("heliograph.kafka.broker.certificate.expiry")
                        .gauge()
                        .value())
                .isNegative();
    }

    @Test
    void givenAServerOfAnotherName_whenConnecting_thenItIsRefused() throws Exception {
        trust(first);
        configure();

        assertThatThrownBy(() -> shake(server(first, A_DAY), null, "elsewhere"))
                .isInstanceOf(SSLHandshakeException.class);
    }

    @Test
    void givenACertificateOfOurOwn_whenItIsRenewed_thenTheNextConnectionShowsIt() throws Exception {
        trust(first);
        X509Bundle old = client(AN_HOUR);
        own(old);
        configure();
        double oldEnds = ownSeconds();
        SSLEngine before = shake(server(first, A_DAY), first);

        X509Bundle fresh = client(A_DAY);
        own(fresh);
        SSLEngine after = shake(server(first, A_DAY), first);

        assertThat(before.getSession().getPeerCertificates()[0]).isEqualTo(old.getCertificate());
        assertThat(after.getSession().getPeerCertificates()[0]).isEqualTo(fresh.getCertificate());
        assertThat(oldEnds).isBetween(3_000.0, 3_600.0);
        assertThat(ownSeconds()).isBetween(80_000.0, 86_400.0);
    }

    @Test
    void givenFilesThatAreBroken_whenConnecting_thenTheFormerOnesAreInForceAndItIsCounted() throws Exception {
        trust(first);
        configure();
        shake(server(first, A_DAY), null);
        double before = reloads("failed");

        write("authorities.crt", "-----BEGIN CERTIFICATE-----\nhalf of it");
        shake(server(first, A_DAY), null);

        assertThat(reloads("failed")).isGreaterThan(before);
        trust(first);
        shake(server(first, A_DAY), null);
    }

    @Test
    void givenFilesThatAreBroken_whenAClientIsMade_thenItIsNot() throws Exception {
        write("authorities.crt", "nothing of use");

        assertThatThrownBy(this::configure).isInstanceOf(KafkaException.class);
    }

    private void configure() {
        Map<String, Object> given = new HashMap<>(Map.of(
                "bootstrap.servers",
                "localhost:9093",
                "security.protocol",
                "SSL",
                "ssl.truststore.type",
                "PEM",
                "ssl.truststore.location",
                directory.resolve("authorities.crt").toString()));
        if (Files.exists(directory.resolve("own.pem"))) {
            given.put("ssl.keystore.type", "PEM");
            given.put("ssl.keystore.location", directory.resolve("own.pem").toString());
        }
        given.put("key.serializer", ByteArraySerializer.class);
        given.put("value.serializer", ByteArraySerializer.class);
        // With the defaults that a client of Kafka has.
        factory.configure(new ProducerConfig(given).values());
    }

    private void trust(X509Bundle... authorities) throws IOException {
        write(
                "authorities.crt",
                Stream.of(authorities).map(X509Bundle::getCertificatePEM).collect(Collectors.joining("\n")));
    }

    private void own(X509Bundle certificate) throws IOException {
        write("own.pem", certificate.getPrivateKeyPEM() + "\n" + certificate.getCertificatePathPEM());
    }

    private void write(String name, String text) throws IOException {
        Path file = Files.writeString(directory.resolve(name), text);
        // Two writes within the resolution of the file system are two.
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(++writes)));
    }

    private double refused() {
        return meters.get("heliograph.kafka.certificate.refused")
                .functionCounter()
                .count();
    }

    private double reloads(String outcome) {
        return meters.get("heliograph.kafka.certificate.reloads")
                .tag("outcome", outcome)
                .functionCounter()
                .count();
    }

    private double ownSeconds() {
        return meters.get("heliograph.kafka.certificate.expiry").gauge().value();
    }

    private static X509Bundle authority(String subject) {
        try {
            return new CertificateBuilder()
                    .subject(subject)
                    .setIsCertificateAuthority(true)
                    .ecp256()
                    .buildSelfSigned();
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static X509Bundle server(X509Bundle issuer, Duration life) throws Exception {
        return leaf("CN=kafka", life).addSanDnsName("localhost").buildIssuedBy(issuer);
    }

    private X509Bundle client(Duration life) throws Exception {
        return leaf("CN=gateway", life).buildIssuedBy(first);
    }

    private static CertificateBuilder leaf(String subject, Duration life) {
        return new CertificateBuilder()
                .subject(subject)
                .notBefore(Instant.now().minus(A_DAY))
                .notAfter(Instant.now().plus(life))
                .ecp256();
    }

    /** The server's end of a connection that stands. */
    private SSLEngine shake(X509Bundle server, @Nullable X509Bundle clients) throws Exception {
        return shake(server, clients, "localhost");
    }

    private SSLEngine shake(X509Bundle server, @Nullable X509Bundle clients, String host) throws Exception {
        return shake(context(server, clients), clients, host, 9093);
    }

    private SSLEngine shake(SSLContext context, @Nullable X509Bundle clients, String host, int port) throws Exception {
        SSLEngine server = context.createSSLEngine();
        server.setUseClientMode(false);
        server.setNeedClientAuth(clients != null);
        SSLEngine client = factory.createClientSslEngine(host, port, "https");
        ByteBuffer toServer = ByteBuffer.allocate(65_536);
        ByteBuffer toClient = ByteBuffer.allocate(65_536);
        client.beginHandshake();
        server.beginHandshake();
        for (int turn = 0; turn < 100 && (isShaking(client) || isShaking(server)); turn++) {
            step(client, toServer, toClient);
            step(server, toClient, toServer);
        }
        assertThat(isShaking(client) || isShaking(server)).isFalse();
        return server;
    }

    private static SSLContext context(X509Bundle server, @Nullable X509Bundle clients) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        KeyManagerFactory keys = server.toKeyManagerFactory();
        TrustManager[] trust = clients == null ? null : new TrustManager[] {clients.toTrustManager()};
        context.init(keys.getKeyManagers(), trust, null);
        return context;
    }

    private static boolean isShaking(SSLEngine engine) {
        return engine.getHandshakeStatus() != SSLEngineResult.HandshakeStatus.NOT_HANDSHAKING;
    }

    private static void step(SSLEngine engine, ByteBuffer out, ByteBuffer in) throws SSLException {
        ByteBuffer plain = ByteBuffer.allocate(65_536);
        in.flip();
        while (in.hasRemaining() && engine.unwrap(in, plain).bytesConsumed() > 0) {
            runTasks(engine);
        }
        in.compact();
        runTasks(engine);
        while (engine.getHandshakeStatus() == SSLEngineResult.HandshakeStatus.NEED_WRAP) {
            engine.wrap(ByteBuffer.allocate(0), out);
            runTasks(engine);
        }
    }

    private static void runTasks(SSLEngine engine) {
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
        }
    }
}
