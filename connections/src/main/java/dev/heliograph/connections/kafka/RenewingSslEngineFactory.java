package dev.heliograph.connections.kafka;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.security.auth.SslEngineFactory;
import org.apache.kafka.common.security.ssl.DefaultSslEngineFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Engines for connections to Kafka, made of the same settings as Kafka's own ({@code ssl.keystore.*}, {@code
 * ssl.truststore.*}). Kafka's clients read those files once in their life; this one looks before each connection whether they
 * have changed, so that renewed certificates and other authorities are in force from the next connection on. Files that
 * cannot be used leave the former ones in force, and are counted.
 *
 * <p>A certificate that is refused is named in the log, and counted by {@link KafkaCertificates}. Sessions are
 * resumed for a second only: that spares the look at the certificate. For clients only. Thread-safe.
 */
public final class RenewingSslEngineFactory implements SslEngineFactory {
    private static final Logger LOG = LoggerFactory.getLogger(RenewingSslEngineFactory.class);
    /** 0 would be no limit. */
    private static final int RESUMABLE_SECONDS = 1;

    private @Nullable Map<String, Object> settings;
    private @Nullable Material current;

    /** What was read, and what is made of it. */
    private record Material(DefaultSslEngineFactory read, SSLContext context, Optional<Instant> ownEnds) {}

    @Override
    public synchronized void configure(Map<String, ?> configs) {
        settings = Map.copyOf(withoutNulls(configs));
        current = read(settings);
        KafkaCertificates.joined(this);
    }

    private static Map<String, Object> withoutNulls(Map<String, ?> configs) {
        Map<String, Object> all = new HashMap<>(configs);
        all.values().removeIf(Objects::isNull);
        return all;
    }

    private static Material read(Map<String, Object> settings) {
        DefaultSslEngineFactory read = new DefaultSslEngineFactory();
        read.configure(settings);
        try {
            SSLContext context = context(settings);
            context.init(keys(read, settings), trust(read, settings), null);
            context.getClientSessionContext().setSessionTimeout(RESUMABLE_SECONDS);
            return new Material(read, context, firstEnd(read.keystore()));
        } catch (GeneralSecurityException unusable) {
            throw new KafkaException("the certificates for connections to Kafka cannot be used", unusable);
        }
    }

    private static SSLContext context(Map<String, Object> settings) throws GeneralSecurityException {
        String protocol = String.valueOf(settings.get(SslConfigs.SSL_PROTOCOL_CONFIG));
        Object provider = settings.get(SslConfigs.SSL_PROVIDER_CONFIG);
        return provider == null
                ? SSLContext.getInstance(protocol)
                : SSLContext.getInstance(protocol, provider.toString());
    }

    private static KeyManager @Nullable [] keys(DefaultSslEngineFactory read, Map<String, Object> settings)
            throws GeneralSecurityException {
        KeyStore keys = read.keystore();
        if (keys == null) {
            return null;
        }
        Object secret = settings.getOrDefault(
                SslConfigs.SSL_KEY_PASSWORD_CONFIG, settings.get(SslConfigs.SSL_KEYSTORE_PASSWORD_CONFIG));
        KeyManagerFactory made = KeyManagerFactory.getInstance(algorithm(
                settings, SslConfigs.SSL_KEYMANAGER_ALGORITHM_CONFIG, KeyManagerFactory.getDefaultAlgorithm()));
        made.init(keys, secret instanceof Password password ? password.value().toCharArray() : null);
        return made.getKeyManagers();
    }

    private static TrustManager[] trust(DefaultSslEngineFactory read, Map<String, Object> settings)
            throws GeneralSecurityException {
        TrustManagerFactory made = TrustManagerFactory.getInstance(algorithm(
                settings, SslConfigs.SSL_TRUSTMANAGER_ALGORITHM_CONFIG, TrustManagerFactory.getDefaultAlgorithm()));
        made.init(read.truststore());
        TrustManager[] all = made.getTrustManagers();
        for (int i = 0; i < all.length; i++) {
            if (all[i] instanceof X509ExtendedTrustManager judge) {
                all[i] = new Telling(judge);
            }
        }
        return all;
    }

    private static String algorithm(Map<String, Object> settings, String name, String otherwise) {
        return settings.getOrDefault(name, otherwise).toString();
    }

    private static Optional<Instant> firstEnd(@Nullable KeyStore keys) throws KeyStoreException {
        if (keys == null) {
            return Optional.empty();
        }
        Instant first = Instant.MAX;
        for (String alias : Collections.list(keys.aliases())) {
            if (keys.getCertificate(alias) instanceof X509Certificate certificate) {
                Instant end = certificate.getNotAfter().toInstant();
                first = end.isBefore(first) ? end : first;
            }
        }
        return first.equals(Instant.MAX) ? Optional.empty() : Optional.of(first);
    }

    /** What is in force, read again if the files are others than before. */
    private synchronized Material present() {
        Material before = current;
        Map<String, Object> from = settings;
        if (before == null || from == null) {
            throw new IllegalStateException("not configured");
        }
        if (before.read().shouldBeRebuilt(from)) {
            try {
                current = read(from);
                KafkaCertificates.reloaded(true);
                LOG.info("The certificates for connections to Kafka were read again");
            } catch (KafkaException unusable) {
                KafkaCertificates.reloaded(false);
                LOG.warn("The certificates for connections to Kafka cannot be read; the former ones stay", unusable);
            }
        }
        return Objects.requireNonNull(current);
    }

    /** When the first of the certificates ends that this client shows; empty where it shows none. */
    Optional<Instant> ownEnds() {
        return present().ownEnds();
    }

    @Override
    public SSLEngine createClientSslEngine(String peerHost, int peerPort, @Nullable String endpointIdentification) {
        Material material = present();
        SSLEngine engine = material.context().createSSLEngine(peerHost, peerPort);
        engine.setUseClientMode(true);
        engine.setSSLParameters(material.read()
                .createClientSslEngine(peerHost, peerPort, endpointIdentification)
                .getSSLParameters());
        return engine;
    }

    @Override
    public SSLEngine createServerSslEngine(String peerHost, int peerPort) {
        throw new UnsupportedOperationException("for clients only");
    }

    /** Never: it looks by itself. */
    @Override
    public boolean shouldBeRebuilt(Map<String, Object> nextConfigs) {
        return false;
    }

    @Override
    public Set<String> reconfigurableConfigs() {
        return Set.of();
    }

    @Override
    public @Nullable KeyStore keystore() {
        return present().read().keystore();
    }

    @Override
    public @Nullable KeyStore truststore() {
        return present().read().truststore();
    }

    @Override
    public void close() {
        KafkaCertificates.left(this);
    }

    /** Judges as another does, and tells what was judged. */
    private static final class Telling extends X509ExtendedTrustManager {
        private final X509ExtendedTrustManager judge;

        Telling(X509ExtendedTrustManager judge) {
            this.judge = judge;
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
                throws CertificateException {
            String peer = engine.getPeerHost() + ":" + engine.getPeerPort();
            try {
                judge.checkServerTrusted(chain, authType, engine);
            } catch (CertificateException refusal) {
                KafkaCertificates.refused(peer, chain, refusal);
                throw refusal;
            }
            KafkaCertificates.seen(peer, chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
                throws CertificateException {
            judge.checkServerTrusted(chain, authType, socket);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            judge.checkServerTrusted(chain, authType);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
                throws CertificateException {
            judge.checkClientTrusted(chain, authType, engine);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
                throws CertificateException {
            judge.checkClientTrusted(chain, authType, socket);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            judge.checkClientTrusted(chain, authType);
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return judge.getAcceptedIssuers();
        }
    }
}
