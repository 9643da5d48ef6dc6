package dev.heliograph.ingest.interop;

import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/** An MQTT library or tool of others, as the suite uses it. */
interface DeviceClient {

    /** How a client reaches the endpoint. */
    enum Way {
        TCP,
        TLS,
        WEB_SOCKET,
        WEB_SOCKET_TLS;

        boolean isEncrypted() {
            return this == TLS || this == WEB_SOCKET_TLS;
        }

        boolean isWebSocket() {
            return this == WEB_SOCKET || this == WEB_SOCKET_TLS;
        }
    }

    /**
     * Where to connect, and as whom.
     *
     * @param authority PEM file of the authority to trust
     * @param willTopic topic of a Will with the payload {@code offline} and QoS 1, or null for none
     */
    record Login(
            Way way,
            int port,
            Path authority,
            String clientId,
            String user,
            String password,
            @Nullable String willTopic) {
        Login withWill(String topic) {
            return new Login(way, port, authority, clientId, user, password, topic);
        }

        Login withPassword(String other) {
            return new Login(way, port, authority, clientId, user, other, willTopic);
        }

        Login by(Way other, int otherPort) {
            return new Login(other, otherPort, authority, clientId, user, password, willTopic);
        }
    }

    /** The endpoint said no. */
    final class Refused extends Exception {
        private static final long serialVersionUID = 1;
        private final int code;

        Refused(int code, @Nullable Throwable cause) {
            super("refused by " + Integer.toHexString(code), cause);
            this.code = code;
        }

        int code() {
            return code;
        }
    }

    /** A connected device. */
    interface Connection extends AutoCloseable {
        /**
         * Publishes and waits for the acknowledgement, if there is to be one.
         *
         * @return the reason code; 0 where the protocol has none
         */
        int publish(String topic, String payload, int qos) throws Exception;

        /** Subscribes by QoS 1; what comes is in the queue. */
        BlockingQueue<String> subscribe(String filter) throws Exception;

        boolean isConnected();

        /** The reason code of the endpoint's DISCONNECT, or -1 where none came or it cannot be told. */
        int disconnectCode();

        /** Breaks the connection without a DISCONNECT. */
        void vanish() throws Exception;

        /** Leaves by a DISCONNECT, if it is still connected. */
        @Override
        void close() throws Exception;
    }

    boolean isMqtt5();

    boolean hasWebSocket();

    /** Whether it shows the code of the endpoint's DISCONNECT. */
    default boolean showsDisconnectCode() {
        return isMqtt5();
    }

    /** Whether it publishes, subscribes and leaves on one connection, and does not come back by itself. */
    default boolean isOneConnection() {
        return true;
    }

    Connection connect(Login login) throws Exception;
}
