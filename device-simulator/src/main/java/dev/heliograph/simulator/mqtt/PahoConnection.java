package dev.heliograph.simulator.mqtt;

import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import javax.net.SocketFactory;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttActionListener;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.jspecify.annotations.Nullable;

/**
 * One MQTT 5 connection, from CONNECT to its end; never used again. Paho's own reconnect is off: it has no jitter, and packet
 * ids of an old connection must not be taken for those of a new one.
 *
 * <p>Listeners are called by Paho's threads, which may be interrupted and hold locks: they must only hand over.
 */
final class PahoConnection {
    private static final int QOS = 1;
    private static final int RECEIVE_MAXIMUM = 20;
    private static final int UNLIMITED = 65_535;

    private final MqttAsyncClient client;
    private final MqttConnectionOptions options = new MqttConnectionOptions();
    private volatile int receiveMaximum = UNLIMITED;

    /** How an attempt to connect or to publish ended. */
    interface Answer {
        /** @param reasonCode of the packet; 0x80 or more is a refusal */
        void answered(int reasonCode);

        /** There is no answer. */
        void failed(Throwable cause);
    }

    PahoConnection(LinkRuntime runtime, LinkIdentity identity, Consumer<String> onLost) throws MqttException {
        LinkSettings settings = runtime.settings;
        client = new MqttAsyncClient(
                settings.broker().toString(),
                identity.clientId(),
                new MemoryPersistence(),
                new PingSchedule(runtime),
                runtime.paho);
        client.setCallback(new LossListener(onLost));
        options.setCleanStart(true);
        options.setSessionExpiryInterval(0L);
        options.setAutomaticReconnect(false);
        options.setReceiveMaximum(RECEIVE_MAXIMUM);
        options.setTopicAliasMaximum(0);
        options.setKeepAliveInterval((int) settings.keepAlive().toSeconds());
        options.setConnectionTimeout((int) settings.connectTimeout().toSeconds());
        SocketFactory sockets = settings.sockets().of(identity);
        if (sockets != null) {
            options.setSocketFactory(sockets);
        }
        if (identity.credential() != null) {
            options.setUserName(identity.credential().username());
            options.setPassword(identity.credential().password().getBytes(StandardCharsets.UTF_8));
        }
        if (identity.statusTopics().size() == 1) {
            options.setWill(identity.statusTopics().getFirst(), status("offline", settings.retainStatus()));
        }
    }

    /** Starts to connect; the answer comes later. */
    void connect(Answer answer) throws MqttException {
        client.connect(options, null, new ConnectListener(answer));
    }

    /** Messages that the server lets be unanswered; known once connected. */
    int receiveMaximum() {
        return receiveMaximum;
    }

    /** Publishes with QoS 1. */
    void publish(String topic, byte[] payload, Answer answer) throws MqttException {
        client.publish(topic, message(payload, false), null, new AnswerListener(answer));
    }

    /** Publishes {@code online} or {@code offline}. */
    void publishStatus(String topic, String status, boolean retained, Answer answer) throws MqttException {
        client.publish(topic, status(status, retained), null, new AnswerListener(answer));
    }

    /** Ends the connection, politely where there is one, and releases what it holds. Blocks for a moment. */
    void close(boolean politely) throws MqttException {
        try {
            if (politely && client.isConnected()) {
                client.disconnect(0).waitForCompletion(2_000);
            } else {
                client.disconnectForcibly(0, 200, false);
            }
        } finally {
            client.close(true);
        }
    }

    private static MqttMessage status(String text, boolean retained) {
        return message(text.getBytes(StandardCharsets.US_ASCII), retained);
    }

    private static MqttMessage message(byte[] payload, boolean retained) {
        MqttMessage message = new MqttMessage(payload);
        message.setQos(QOS);
        message.setRetained(retained);
        return message;
    }

    /** Paho calls a PUBACK with a reason code of refusal a success; the code has to be looked at. */
    private record AnswerListener(Answer answer) implements MqttActionListener {
        @Override
        public void onSuccess(IMqttToken token) {
            int[] codes = token.getReasonCodes();
            answer.answered(codes == null || codes.length == 0 ? 0 : codes[0]);
        }

        @Override
        public void onFailure(@Nullable IMqttToken token, Throwable cause) {
            answer.failed(cause);
        }
    }

    private final class ConnectListener implements MqttActionListener {
        private final Answer answer;

        ConnectListener(Answer answer) {
            this.answer = answer;
        }

        @Override
        public void onSuccess(IMqttToken token) {
            MqttProperties properties = token.getResponseProperties();
            Integer announced = properties == null ? null : properties.getReceiveMaximum();
            receiveMaximum = announced == null ? UNLIMITED : announced;
            answer.answered(0);
        }

        @Override
        public void onFailure(@Nullable IMqttToken token, Throwable cause) {
            answer.failed(cause);
        }
    }

    private record LossListener(Consumer<String> onLost) implements MqttCallback {
        @Override
        public void disconnected(MqttDisconnectResponse response) {
            String reason = response.getReasonString();
            onLost.accept(reason == null ? "reason code " + response.getReturnCode() : reason);
        }

        @Override
        public void mqttErrorOccurred(MqttException exception) {
            // What ends the connection is also told as disconnected.
        }

        @Override
        public void messageArrived(String topic, MqttMessage message) {
            // Nothing is subscribed: MQTT 5 tells refusals by reason code.
        }

        @Override
        public void deliveryComplete(IMqttToken token) {
            // The listener of each publish is told.
        }

        @Override
        public void connectComplete(boolean reconnect, String serverUri) {
            // The listener of connect is told.
        }

        @Override
        public void authPacketArrived(int reasonCode, MqttProperties properties) {
            // No enhanced authentication is asked for.
        }
    }
}
