package dev.heliograph.systemtests.faults.plant;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Authorities, the certificate of the gateways and those of devices, with the files that the gateways read. */
public final class Certificates {
    private static final Duration A_DAY = Duration.ofDays(1);
    private static final String CERTIFICATE = "tls.crt";
    private static final String KEY = "tls.key";
    private static final String AUTHORITIES = "devices.crt";

    private final Path directory;
    private final X509Bundle servers;
    private X509Bundle devices;
    private int authorities;
    private X509Bundle server;

    /** An authority of servers and one of devices, and a certificate of the gateways that is good for a day. */
    Certificates(Path directory) {
        this.directory = directory;
        try {
            Files.createDirectories(directory);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        servers = authority("CN=Servers");
        devices = nextDeviceAuthority();
        server = renewServer(A_DAY);
        admit(devices);
    }

    /** Settings of a gateway that reads these files. */
    Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        String prefix = "heliograph.ingest.mqtt.tls.";
        settings.put(prefix + "enabled", "true");
        settings.put(prefix + "certificate", directory.resolve(CERTIFICATE).toString());
        settings.put(prefix + "private-key", directory.resolve(KEY).toString());
        settings.put(prefix + "client-certificates", "optional");
        settings.put(
                prefix + "client-authorities", directory.resolve(AUTHORITIES).toString());
        settings.put(prefix + "reload-interval", "250ms");
        return settings;
    }

    /** Gives the gateways another certificate, good for so long; they read it by themselves. */
    public X509Bundle renewServer(Duration life) {
        server = made(
                new CertificateBuilder()
                        .subject("CN=localhost")
                        .addSanDnsName("localhost")
                        .addSanIpAddress("127.0.0.1")
                        .notBefore(Instant.now().minus(A_DAY))
                        .notAfter(Instant.now().plus(life))
                        .serial(new BigInteger(64, new SecureRandom()))
                        .ecp256(),
                servers);
        write(KEY, server.getPrivateKeyPEM());
        write(CERTIFICATE, server.getCertificatePathPEM());
        return server;
    }

    /** What the gateways show at present. */
    public X509Bundle server() {
        return server;
    }

    /** What signs the gateways' certificates. */
    X509Bundle servers() {
        return servers;
    }

    /** What signs the certificates of devices at present. */
    public X509Bundle devices() {
        return devices;
    }

    /** From now on another authority signs the certificates of devices; the gateways are not told of it. */
    public X509Bundle replaceDeviceAuthority() {
        devices = nextDeviceAuthority();
        return devices;
    }

    private X509Bundle nextDeviceAuthority() {
        return authority("CN=Devices " + authorities++);
    }

    /** The gateways take devices whose certificates these have signed, and no others. */
    public void admit(X509Bundle... authorities) {
        write(
                AUTHORITIES,
                Arrays.stream(authorities).map(X509Bundle::getCertificatePEM).collect(Collectors.joining("\n")));
    }

    /** A certificate that names a device, of the present authority of devices; its life may have ended already. */
    public X509Bundle ofDevice(String tenantAndDevice, Duration life) {
        return made(
                new CertificateBuilder()
                        .subject("CN=" + tenantAndDevice)
                        .notBefore(Instant.now().minus(A_DAY))
                        .notAfter(Instant.now().plus(life))
                        .serial(new BigInteger(64, new SecureRandom()))
                        .ecp256(),
                devices);
    }

    static X509Bundle authority(String subject) {
        try {
            return new CertificateBuilder()
                    .subject(subject)
                    .setIsCertificateAuthority(true)
                    .ecp256()
                    .buildSelfSigned();
        } catch (Exception failure) {
            throw new IllegalStateException("cannot make an authority", failure);
        }
    }

    static X509Bundle made(CertificateBuilder builder, X509Bundle issuer) {
        try {
            return builder.buildIssuedBy(issuer);
        } catch (Exception failure) {
            throw new IllegalStateException("cannot make a certificate", failure);
        }
    }

    private void write(String name, String text) {
        write(directory, name, text);
    }

    // As a mounted Secret: the content changes at once, never half of it.
    static void write(Path directory, String name, String text) {
        try {
            Path fresh = Files.writeString(directory.resolve(name + ".new"), text);
            Files.move(
                    fresh,
                    directory.resolve(name),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
