package dev.heliograph.ingest.tls;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CertificateException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * What one state of the files amounts to, checked as a whole: nothing of it is used unless all of it is usable.
 *
 * @param context what makes the handlers of connections
 * @param expiry when the server's certificate, or the first of its chain to do so, expires
 * @param devices judges the certificates of devices; null where none are asked for
 */
record TlsMaterial(
        SslContext context, Instant expiry, @Nullable X509TrustManager devices) {
    private static final byte[] PROBE =
            "a key and its certificate".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

    /**
     * Makes it.
     *
     * @throws GeneralSecurityException if a file does not hold what it should, or key and certificate do not belong together
     */
    static TlsMaterial of(TlsSettings settings, TlsFiles files) throws GeneralSecurityException, IOException {
        List<X509Certificate> chain = Pem.certificates(files.certificate());
        PrivateKey key = Pem.privateKey(files.privateKey());
        requirePair(key, chain.getFirst());
        SslContextBuilder builder = SslContextBuilder.forServer(key, chain.toArray(X509Certificate[]::new))
                .sslProvider(SslProvider.JDK)
                .protocols(settings.minimum().protocols());
        X509TrustManager devices = null;
        byte[] authorities = files.clientAuthorities();
        if (settings.clientCertificates() != TlsSettings.ClientCertificates.NONE && authorities != null) {
            devices = trusting(Pem.certificates(authorities), files.revoked());
            builder.trustManager(devices)
                    .clientAuth(
                            settings.clientCertificates() == TlsSettings.ClientCertificates.REQUIRED
                                    ? ClientAuth.REQUIRE
                                    : ClientAuth.OPTIONAL);
        }
        Instant expiry = chain.stream()
                .map(certificate -> certificate.getNotAfter().toInstant())
                .min(Instant::compareTo)
                .orElseThrow();
        return new TlsMaterial(builder.build(), expiry, devices);
    }

    /** Whether devices with this chain are still let in: trusted, in its time, not revoked. */
    boolean trusts(X509Certificate[] chain) {
        if (devices == null) {
            return false;
        }
        try {
            devices.checkClientTrusted(chain, chain[0].getPublicKey().getAlgorithm());
            return true;
        } catch (CertificateException refused) {
            return false;
        }
    }

    /** A TLS engine notices only in a handshake, and then every time, that a key is not that of its certificate. */
    private static void requirePair(PrivateKey key, X509Certificate certificate) throws GeneralSecurityException {
        String algorithm = switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> key.getAlgorithm();
        };
        Signature signer = Signature.getInstance(algorithm);
        signer.initSign(key);
        signer.update(PROBE);
        byte[] signature = signer.sign();
        Signature verifier = Signature.getInstance(algorithm);
        verifier.initVerify(certificate.getPublicKey());
        verifier.update(PROBE);
        if (!verifier.verify(signature)) {
            throw new GeneralSecurityException("the private key is not that of the certificate");
        }
    }

    private static X509TrustManager trusting(List<X509Certificate> authorities, byte @Nullable [] revoked)
            throws GeneralSecurityException, IOException {
        KeyStore anchors = KeyStore.getInstance(KeyStore.getDefaultType());
        anchors.load(null, null);
        for (int i = 0; i < authorities.size(); i++) {
            anchors.setCertificateEntry("authority-" + i, authorities.get(i));
        }
        PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, new X509CertSelector());
        parameters.setRevocationEnabled(revoked != null);
        if (revoked != null) {
            parameters.addCertStore(CertStore.getInstance(
                    "Collection", new CollectionCertStoreParameters(Pem.revocationLists(revoked))));
            PKIXRevocationChecker checker =
                    (PKIXRevocationChecker) CertPathBuilder.getInstance("PKIX").getRevocationChecker();
            // From the lists at hand only: a handshake must not wait for another server.
            checker.setOptions(EnumSet.of(
                    PKIXRevocationChecker.Option.PREFER_CRLS,
                    PKIXRevocationChecker.Option.NO_FALLBACK,
                    PKIXRevocationChecker.Option.ONLY_END_ENTITY));
            parameters.addCertPathChecker(checker);
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(new CertPathTrustManagerParameters(parameters));
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509TrustManager judge) {
                return judge;
            }
        }
        throw new IllegalStateException("every Java platform judges X.509 certificates");
    }
}
