package dev.heliograph.ingest.interop;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt3.Mqtt3AsyncClient;
import com.hivemq.client.mqtt.mqtt3.Mqtt3ClientBuilder;
import com.hivemq.client.mqtt.mqtt3.exceptions.Mqtt3ConnAckException;
import com.hivemq.client.mqtt.mqtt3.exceptions.Mqtt3SubAckException;
import com.hivemq.client.mqtt.mqtt3.message.connect.Mqtt3ConnectBuilder;
import dev.heliograph.ingest.interop.DeviceClient.Connection;
import dev.heliograph.ingest.interop.DeviceClient.Login;
import dev.heliograph.ingest.interop.DeviceClient.Refused;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** HiveMQ's client by MQTT 3.1.1. */
class HiveMqV3Test extends InteropSuite {

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
                return new HiveMqConnection(login);
            }
        };
    }

    private static final class HiveMqConnection implements Connection {
        private final Mqtt3AsyncClient client;
        private final Breakable breakable;
        private final BlockingQueue<String> received = new LinkedBlockingQueue<>();

        HiveMqConnection(Login login) throws Exception {
            breakable = new Breakable(login.port());
            Mqtt3ClientBuilder builder = MqttClient.builder()
                    .useMqttVersion3()
                    .identifier(login.clientId())
                    .serverHost("127.0.0.1")
                    .serverPort(breakable.port());
            if (login.way().isWebSocket()) {
                builder = builder.webSocketConfig().serverPath("mqtt").applyWebSocketConfig();
            }
            if (login.way().isEncrypted()) {
                builder = builder.sslConfig()
                        .trustManagerFactory(Paho.trust(login.authority()))
                        .applySslConfig();
            }
            client = builder.buildAsync();
            Mqtt3ConnectBuilder.Send<?> connect = client.connectWith()
                    .simpleAuth()
                    .username(login.user())
                    .password(login.password().getBytes(UTF_8))
                    .applySimpleAuth();
            if (login.willTopic() != null) {
                connect = connect.willPublish()
                        .topic(login.willTopic())
                        .payload("offline".getBytes(UTF_8))
                        .qos(MqttQos.AT_LEAST_ONCE)
                        .applyWillPublish();
            }
            try {
                HiveMqV5Test.get((CompletableFuture<?>) connect.send());
            } catch (Mqtt3ConnAckException refused) {
                throw new Refused(refused.getMqttMessage().getReturnCode().getCode(), refused);
            } catch (Throwable failed) {
                throw new IllegalStateException(failed);
            }
        }

        @Override
        public int publish(String topic, String payload, int qos) throws Exception {
            client.publishWith()
                    .topic(topic)
                    .payload(payload.getBytes(UTF_8))
                    .qos(MqttQos.fromCode(qos))
                    .send()
                    .get(5, TimeUnit.SECONDS);
            return 0;
        }

        @Override
        public BlockingQueue<String> subscribe(String filter) throws Exception {
            try {
                HiveMqV5Test.get(client.subscribeWith()
                        .topicFilter(filter)
                        .qos(MqttQos.AT_LEAST_ONCE)
                        .callback(message -> received.add(new String(message.getPayloadAsBytes(), UTF_8)))
                        .send());
                return received;
            } catch (Mqtt3SubAckException refused) {
                throw new Refused(
                        refused.getMqttMessage().getReturnCodes().getFirst().getCode(), refused);
            } catch (Throwable failed) {
                throw new IllegalStateException(failed);
            }
        }

        @Override
        public boolean isConnected() {
            return client.getState().isConnected();
        }

        @Override
        public int disconnectCode() {
            return -1;
        }

        @Override
        public void vanish() throws Exception {
            breakable.close();
        }

        @Override
        public void close() throws Exception {
            if (isConnected()) {
                client.disconnect().get(20, TimeUnit.SECONDS);
            }
            breakable.close();
        }
    }
}
