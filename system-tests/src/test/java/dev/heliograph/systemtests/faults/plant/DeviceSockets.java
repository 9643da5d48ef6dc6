package dev.heliograph.systemtests.faults.plant;

import dev.heliograph.simulator.mqtt.LinkIdentity;
import dev.heliograph.simulator.mqtt.LinkSettings;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.SocketFactory;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Encrypted connections of devices: they trust the authority of the gateways and nobody else; every other device shows a
 * certificate of its own, the rest only their key.
 */
public final class DeviceSockets implements LinkSettings.Sockets {
    private static final Duration A_DAY = Duration.ofDays(1);

    private final Certificates certificates;
    private final Map<String, Renewable> devices = new ConcurrentHashMap<>();

    public DeviceSockets(Certificates certificates) {
        this.certificates = certificates;
    }

    @Override
    public SocketFactory of(LinkIdentity device) {
        return devices.computeIfAbsent(device.clientId(), name -> {
            boolean certified = devices.size() % 2 == 0;
            return new Renewable(name, certified ? fresh(name) : null);
        });
    }

    /** Every device that shows a certificate gets another, of the present authority, for its next connection. */
    public void renew() {
        devices.values().stream().filter(device -> device.certified).forEach(device -> device.use(fresh(device.name)));
    }

    private X509Bundle fresh(String device) {
        return certificates.ofDevice(device, A_DAY);
    }

    /** Sockets that show this certificate, whether the server knows its authority or not; null for none. */
    public static SSLSocketFactory showing(Certificates certificates, @Nullable X509Bundle shown) {
        try {
            KeyManager[] keys = shown == null ? null : new KeyManager[] {new Only(shown)};
            SSLContext context = SSLContext.getInstance("TLSv1.3");
            context.init(keys, new TrustManager[] {certificates.servers().toTrustManager()}, null);
            // A session that is resumed spares the look at certificates; here they are looked at with every connection.
            context.getClientSessionContext().setSessionTimeout(1);
            return context.getSocketFactory();
        } catch (GeneralSecurityException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** Sockets of one device: the certificate may change, the factory is handed out once. */
    private final class Renewable extends SSLSocketFactory {
        private final String name;
        private final boolean certified;
        private volatile SSLSocketFactory present;

        Renewable(String name, @Nullable X509Bundle shown) {
            this.name = name;
            this.certified = shown != null;
            this.present = showing(certificates, shown);
        }

        void use(X509Bundle shown) {
            present = showing(certificates, shown);
        }

        @Override
        public String[] getDefaultCipherSuites() {
            return present.getDefaultCipherSuites();
        }

        @Override
        public String[] getSupportedCipherSuites() {
            return present.getSupportedCipherSuites();
        }

        @Override
        public Socket createSocket() throws IOException {
            return present.createSocket();
        }

        @Override
        public Socket createSocket(Socket plain, String host, int port, boolean autoClose) throws IOException {
            return present.createSocket(plain, host, port, autoClose);
        }

        @Override
        public Socket createSocket(String host, int port) throws IOException {
            return present.createSocket(host, port);
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress from, int fromPort) throws IOException {
            return present.createSocket(host, port, from, fromPort);
        }

        @Override
        public Socket createSocket(InetAddress host, int port) throws IOException {
            return present.createSocket(host, port);
        }

        @Override
        public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort) throws IOException {
            return present.createSocket(host, port, from, fromPort);
        }
    }

    /** One certificate for everybody. */
    private static final class Only extends X509ExtendedKeyManager {
        private static final String NAME = "only";

        private final X509Bundle shown;

        Only(X509Bundle shown) {
            this.shown = shown;
        }

        @Override
        public String chooseClientAlias(String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return NAME;
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return shown.getCertificatePath();
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return shown.getKeyPair().getPrivate();
        }

        @Override
        public String[] getClientAliases(String keyType, Principal @Nullable [] issuers) {
            return new String[] {NAME};
        }

        @Override
        public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
            return null;
        }

        @Override
        public @Nullable String chooseServerAlias(
                String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return null;
        }
    }
}
