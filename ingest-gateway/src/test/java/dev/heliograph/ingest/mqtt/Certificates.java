package dev.heliograph.ingest.mqtt;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Certificates of a test, made in it, and the files that the endpoint reads. */
public final class Certificates {
    private final Path directory;
    public final X509Bundle authority = authority("CN=Test Authority");
    X509Bundle server = server(authority, 30);

    public Certificates(Path directory) throws Exception {
        this.directory = directory;
        writeServer();
        write("ca.crt", authority.getCertificatePEM());
    }

    public Path file(String name) {
        return directory.resolve(name);
    }

    /** Settings of an endpoint with these files. */
    public String[] settings(String... more) {
        List<String> all = new java.util.ArrayList<>(List.of(
                "tls.enabled=true",
                "tls.port=0",
                "tls.certificate=" + file("tls.crt"),
                "tls.private-key=" + file("tls.key"),
                "tls.client-authorities=" + file("ca.crt"),
                "tls.reload-interval=50ms"));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    void write(String name, String text) throws Exception {
        // As a mounted Secret: the content changes at once, never half of it.
        Path fresh = Files.writeString(directory.resolve(name + ".new"), text);
        Files.move(fresh, file(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    void writeServer() throws Exception {
        write("tls.key", server.getPrivateKeyPEM());
        write("tls.crt", server.getCertificatePathPEM());
    }

    static X509Bundle authority(String subject) throws Exception {
        return new CertificateBuilder()
                .subject(subject)
                .setIsCertificateAuthority(true)
                .ecp256()
                .buildSelfSigned();
    }

    static X509Bundle server(X509Bundle issuer, int days) throws Exception {
        return new CertificateBuilder()
                .subject("CN=localhost")
                .addSanDnsName("localhost")
                .addSanIpAddress("127.0.0.1")
                .notAfter(Instant.now().plus(days, ChronoUnit.DAYS))
                .serial(new BigInteger(64, new java.security.SecureRandom()))
                .ecp256()
                .buildIssuedBy(issuer);
    }

    /** A certificate that names a device by its common name. */
    static X509Bundle device(X509Bundle issuer, String commonName) throws Exception {
        return device(issuer, commonName, null, Instant.now().plus(1, ChronoUnit.DAYS));
    }

    static X509Bundle device(X509Bundle issuer, String commonName, String uri, Instant notAfter) throws Exception {
        CertificateBuilder builder = new CertificateBuilder()
                .subject("CN=" + commonName)
                .notBefore(Instant.now().minus(2, ChronoUnit.DAYS))
                .notAfter(notAfter)
                .serial(new BigInteger(64, new java.security.SecureRandom()))
                .ecp256();
        if (uri != null) {
            builder.addSanUriName(uri);
        }
        return builder.buildIssuedBy(issuer);
    }

    /** A revocation list of an authority. */
    static String revocations(X509Bundle issuer, X509Certificate... revoked) throws Exception {
        Date now = new Date();
        X509v2CRLBuilder builder = new X509v2CRLBuilder(
                new X500Name(issuer.getCertificate().getSubjectX500Principal().getName()),
                Date.from(Instant.now().minusSeconds(60)));
        builder.setNextUpdate(Date.from(Instant.now().plus(1, ChronoUnit.DAYS)));
        for (X509Certificate certificate : revoked) {
            builder.addCRLEntry(certificate.getSerialNumber(), now, 0);
        }
        byte[] der = builder.build(new JcaContentSignerBuilder("SHA256withECDSA")
                        .build(issuer.getKeyPair().getPrivate()))
                .getEncoded();
        return "-----BEGIN X509 CRL-----\n" + Base64.getMimeEncoder().encodeToString(der)
                + "\n-----END X509 CRL-----\n";
    }
}
