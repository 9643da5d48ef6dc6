package dev.heliograph.systemtests.faults.plant;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Certificates of the connections inside the installation: of Kafka, of the database, and of the services as clients of Kafka,
 * with the files that each of them reads. The services are never told that a file has changed; Kafka and the database are, as
 * their operators do.
 */
public final class InnerCertificates {
    private static final Duration A_DAY = Duration.ofDays(1);
    private static final String AUTHORITIES = "authorities.crt";
    private static final String CLIENT = "client.pem";
    private static final String SERVER = "server.crt";
    private static final String SERVER_KEY = "server.key";

    private final Path directory;
    private final String kafkaHost;
    private final String databaseHost;
    private X509Bundle authority;
    private List<X509Bundle> trusted;
    private int authorities;
    private int writings;
    private Path broker;
    private Path brokerTrust;

    /** One authority, and certificates that are good for a day. */
    InnerCertificates(Path directory, String kafkaHost, String databaseHost) {
        this.directory = directory;
        this.kafkaHost = kafkaHost;
        this.databaseHost = databaseHost;
        try {
            Files.createDirectories(directory);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        authority = nextAuthority();
        trusted = List.of(authority);
        writeTrust();
        broker = writeBroker(A_DAY);
        brokerTrust = writeBrokerTrust();
        renewClients(A_DAY);
        writeDatabase(A_DAY);
    }

    /** What a service says to Kafka's clients. */
    Map<String, String> clientSettings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("security.protocol", "SSL");
        settings.put("ssl.truststore.type", "PEM");
        settings.put("ssl.truststore.location", directory.resolve(AUTHORITIES).toString());
        settings.put("ssl.keystore.type", "PEM");
        settings.put("ssl.keystore.location", directory.resolve(CLIENT).toString());
        return settings;
    }

    /** What a service adds to the address of the database. */
    String databaseParameters() {
        return "?sslmode=verify-full&sslrootcert=" + directory.resolve(AUTHORITIES);
    }

    /** Settings of a listener of Kafka that lets in whoever shows a certificate. */
    Map<String, String> listenerSettings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("ssl.keystore.type", "PEM");
        settings.put("ssl.keystore.location", broker.toString());
        settings.put("ssl.truststore.type", "PEM");
        settings.put("ssl.truststore.location", brokerTrust.toString());
        settings.put("ssl.client.auth", "required");
        return settings;
    }

    Path databaseCertificate() {
        return directory.resolve(SERVER);
    }

    Path databaseKey() {
        return directory.resolve(SERVER_KEY);
    }

    /** Another authority signs from now on; nobody is told of it. */
    void replaceAuthority() {
        authority = nextAuthority();
    }

    /** Everybody believes the present authority, and the ones before it as well or no more. */
    void trust(boolean former) {
        trusted = former ? List.of(trusted.getLast(), authority) : List.of(authority);
        writeTrust();
        brokerTrust = writeBrokerTrust();
    }

    void renewBroker(Duration life) {
        broker = writeBroker(life);
    }

    /** Another certificate for all services; they read it by themselves. */
    void renewClients(Duration life) {
        X509Bundle client = signed("CN=heliograph", life, "heliograph");
        Certificates.write(directory, CLIENT, client.getPrivateKeyPEM() + "\n" + client.getCertificatePathPEM());
    }

    void writeDatabase(Duration life) {
        X509Bundle server = signed("CN=database", life, databaseHost);
        Certificates.write(directory, SERVER, server.getCertificatePathPEM());
        Certificates.write(directory, SERVER_KEY, server.getPrivateKeyPEM());
        try {
            // PostgreSQL reads no key that others may read.
            Files.setPosixFilePermissions(databaseKey(), PosixFilePermissions.fromString("rw-------"));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private X509Bundle nextAuthority() {
        return Certificates.authority("CN=Inner " + authorities++);
    }

    private X509Bundle signed(String subject, Duration life, String host) {
        return Certificates.made(
                new CertificateBuilder()
                        .subject(subject)
                        .addSanDnsName(host)
                        .notBefore(Instant.now().minus(A_DAY))
                        .notAfter(Instant.now().plus(life))
                        .serial(new BigInteger(64, new SecureRandom()))
                        .ecp256(),
                authority);
    }

    // A file of another name for each: Kafka is told the name.
    private Path writeBroker(Duration life) {
        X509Bundle made = signed("CN=kafka", life, kafkaHost);
        String name = "broker-" + writings++ + ".pem";
        Certificates.write(directory, name, made.getPrivateKeyPEM() + "\n" + made.getCertificatePathPEM());
        return directory.resolve(name);
    }

    private Path writeBrokerTrust() {
        String name = "broker-authorities-" + writings++ + ".crt";
        Certificates.write(directory, name, trustText());
        return directory.resolve(name);
    }

    private void writeTrust() {
        Certificates.write(directory, AUTHORITIES, trustText());
    }

    private String trustText() {
        return trusted.stream().map(X509Bundle::getCertificatePEM).collect(Collectors.joining("\n"));
    }
}
