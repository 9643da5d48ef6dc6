package dev.heliograph.ingest.interop;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.heliograph.ingest.interop.DeviceClient.Connection;
import dev.heliograph.ingest.interop.DeviceClient.Login;
import dev.heliograph.ingest.interop.DeviceClient.Refused;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;

/** Eclipse Paho for MQTT 5. */
class PahoV5Test extends InteropSuite {
    private static final long TIMEOUT_MILLIS = 20_000;

    @Override
    DeviceClient client() {
        return new DeviceClient() {
            @Override
            public boolean isMqtt5() {
                return true;
            }

            @Override
            public boolean hasWebSocket() {
                return true;
            }

            @Override
            public Connection connect(Login login) throws Exception {
                return new PahoConnection(login);
            }
        };
    }

    private static final class PahoConnection implements Connection {
        private final MqttAsyncClient client;
        private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
        private volatile int disconnectCode = -1;

        PahoConnection(Login login) throws Exception {
            client = new MqttAsyncClient(Paho.uri(login), login.clientId(), new MemoryPersistence());
            client.setCallback(new Callback());
            MqttConnectionOptions options = new MqttConnectionOptions();
            options.setAutomaticReconnect(false);
            options.setUserName(login.user());
            options.setPassword(login.password().getBytes(UTF_8));
            if (login.way().isEncrypted()) {
                options.setSocketFactory(Paho.trusting(login.authority()));
            }
            if (login.willTopic() != null) {
                MqttMessage will = new MqttMessage("offline".getBytes(UTF_8));
                will.setQos(1);
                options.setWill(login.willTopic(), will);
            }
            try {
                client.connect(options).waitForCompletion(TIMEOUT_MILLIS);
            } catch (MqttException refused) {
                client.close(true);
                throw new Refused(refused.getReasonCode(), refused);
            }
        }

        @Override
        public int publish(String topic, String payload, int qos) throws Exception {
            IMqttToken token = client.publish(topic, payload.getBytes(UTF_8), qos, false);
            try {
                token.waitForCompletion(TIMEOUT_MILLIS);
            } catch (MqttException refused) {
                if (refused.getReasonCode() < 0x80) {
                    throw refused;
                }
            }
            return qos == 0 ? 0 : token.getReasonCodes()[0];
        }

        @Override
        public BlockingQueue<String> subscribe(String filter) throws Exception {
            IMqttToken token = client.subscribe(filter, 1);
            try {
                token.waitForCompletion(TIMEOUT_MILLIS);
            } catch (MqttException refused) {
                throw new Refused(refused.getReasonCode(), refused);
            }
            if (token.getReasonCodes()[0] >= 0x80) {
                throw new Refused(token.getReasonCodes()[0], null);
            }
            return received;
        }

        @Override
        public boolean isConnected() {
            return client.isConnected();
        }

        @Override
        public int disconnectCode() {
            return disconnectCode;
        }

        @Override
        public void vanish() throws Exception {
            client.disconnectForcibly(0, 100, false);
            client.close(true);
        }

        @Override
        public void close() throws Exception {
            if (client.isConnected()) {
                client.disconnect().waitForCompletion(TIMEOUT_MILLIS);
            }
            client.close(true);
        }

        private final class Callback implements MqttCallback {
            @Override
            public void disconnected(MqttDisconnectResponse response) {
                disconnectCode = response.getReturnCode();
            }

            @Override
            public void mqttErrorOccurred(MqttException failure) {}

            @Override
            public void messageArrived(String topic, MqttMessage message) {
                received.add(new String(message.getPayload(), UTF_8));
            }

            @Override
            public void deliveryComplete(IMqttToken token) {}

            @Override
            public void connectComplete(boolean reconnect, String server) {}

            @Override
            public void authPacketArrived(int reasonCode, MqttProperties properties) {}
        }
    }
}
