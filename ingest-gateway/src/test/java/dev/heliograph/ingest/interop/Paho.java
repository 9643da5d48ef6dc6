package dev.heliograph.ingest.interop;

import dev.heliograph.ingest.interop.DeviceClient.Login;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/** What both versions of Eclipse Paho, and others, need. */
final class Paho {
    private Paho() {}

    static String uri(Login login) {
        String scheme = switch (login.way()) {
            case TCP -> "tcp";
            case TLS -> "ssl";
            case WEB_SOCKET -> "ws";
            case WEB_SOCKET_TLS -> "wss";
        };
        return scheme + "://127.0.0.1:" + login.port() + (login.way().isWebSocket() ? "/mqtt" : "");
    }

    static TrustManagerFactory trust(Path authority) throws Exception {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (var in = Files.newInputStream(authority)) {
            store.setCertificateEntry(
                    "authority", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        return trust;
    }

    static SSLSocketFactory trusting(Path authority) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust(authority).getTrustManagers(), null);
        return context.getSocketFactory();
    }
}
