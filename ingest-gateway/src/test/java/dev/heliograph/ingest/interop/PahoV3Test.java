package dev.heliograph.ingest.interop;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.heliograph.ingest.interop.DeviceClient.Connection;
import dev.heliograph.ingest.interop.DeviceClient.Login;
import dev.heliograph.ingest.interop.DeviceClient.Refused;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.eclipse.paho.client.mqttv3.IMqttToken;
import org.eclipse.paho.client.mqttv3.MqttAsyncClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;

/** Eclipse Paho for MQTT 3.1.1. */
class PahoV3Test extends InteropSuite {
    private static final long TIMEOUT_MILLIS = 20_000;

    @Override
    DeviceClient client() {
        return new DeviceClient() {
            @Override
            public boolean isMqtt5() {
                return false;
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

        PahoConnection(Login login) throws Exception {
            client = new MqttAsyncClient(Paho.uri(login), login.clientId(), new MemoryPersistence());
            MqttConnectOptions options = new MqttConnectOptions();
            options.setMqttVersion(MqttConnectOptions.MQTT_VERSION_3_1_1);
            options.setUserName(login.user());
            options.setPassword(login.password().toCharArray());
            if (login.way().isEncrypted()) {
                options.setSocketFactory(Paho.trusting(login.authority()));
            }
            if (login.willTopic() != null) {
                options.setWill(login.willTopic(), "offline".getBytes(UTF_8), 1, false);
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
            client.publish(topic, payload.getBytes(UTF_8), qos, false).waitForCompletion(TIMEOUT_MILLIS);
            return 0;
        }

        @Override
        public BlockingQueue<String> subscribe(String filter) throws Exception {
            IMqttToken token = client.subscribe(
                    filter, 1, (topic, message) -> received.add(new String(message.getPayload(), UTF_8)));
            try {
                token.waitForCompletion(TIMEOUT_MILLIS);
            } catch (MqttException refused) {
                throw new Refused(refused.getReasonCode(), refused);
            }
            if (token.getGrantedQos()[0] >= 0x80) {
                throw new Refused(token.getGrantedQos()[0], null);
            }
            return received;
        }

        @Override
        public boolean isConnected() {
            return client.isConnected();
        }

        @Override
        public int disconnectCode() {
            return -1;
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
    }
}
