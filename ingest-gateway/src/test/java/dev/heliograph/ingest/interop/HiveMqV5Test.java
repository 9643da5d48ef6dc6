package dev.heliograph.ingest.interop;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5ClientBuilder;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5ConnAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5DisconnectException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5PubAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5SubAckException;
import com.hivemq.client.mqtt.mqtt5.message.connect.Mqtt5ConnectBuilder;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5PublishResult;
import dev.heliograph.ingest.interop.DeviceClient.Connection;
import dev.heliograph.ingest.interop.DeviceClient.Login;
import dev.heliograph.ingest.interop.DeviceClient.Refused;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** HiveMQ's client by MQTT 5. */
class HiveMqV5Test extends InteropSuite {

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
                return new HiveMqConnection(login);
            }
        };
    }

    static <T> T get(CompletableFuture<T> future) throws Throwable {
        try {
            return future.get(20, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            throw failed.getCause();
        }
    }

    private static final class HiveMqConnection implements Connection {
        private final Mqtt5AsyncClient client;
        private final Breakable breakable;
        private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
        private volatile int disconnectCode = -1;

        HiveMqConnection(Login login) throws Exception {
            breakable = new Breakable(login.port());
            Mqtt5ClientBuilder builder = MqttClient.builder()
                    .useMqttVersion5()
                    .identifier(login.clientId())
                    .serverHost("127.0.0.1")
                    .serverPort(breakable.port())
                    .addDisconnectedListener(context -> {
                        if (context.getCause() instanceof Mqtt5DisconnectException told) {
                            disconnectCode =
                                    told.getMqttMessage().getReasonCode().getCode();
                        }
                    });
            if (login.way().isWebSocket()) {
                builder = builder.webSocketConfig().serverPath("mqtt").applyWebSocketConfig();
            }
            if (login.way().isEncrypted()) {
                builder = builder.sslConfig()
                        .trustManagerFactory(Paho.trust(login.authority()))
                        .applySslConfig();
            }
            client = builder.buildAsync();
            Mqtt5ConnectBuilder.Send<?> connect = client.connectWith()
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
                get((CompletableFuture<?>) connect.send());
            } catch (Mqtt5ConnAckException refused) {
                throw new Refused(refused.getMqttMessage().getReasonCode().getCode(), refused);
            } catch (Throwable failed) {
                throw new IllegalStateException(failed);
            }
        }

        @Override
        public int publish(String topic, String payload, int qos) throws Exception {
            try {
                Mqtt5PublishResult result = get(client.publishWith()
                        .topic(topic)
                        .payload(payload.getBytes(UTF_8))
                        .qos(MqttQos.fromCode(qos))
                        .send());
                return result instanceof Mqtt5PublishResult.Mqtt5Qos1Result acknowledged
                        ? acknowledged.getPubAck().getReasonCode().getCode()
                        : 0;
            } catch (Mqtt5PubAckException refused) {
                return refused.getMqttMessage().getReasonCode().getCode();
            } catch (Throwable failed) {
                throw new IllegalStateException(failed);
            }
        }

        @Override
        public BlockingQueue<String> subscribe(String filter) throws Exception {
            try {
                get(client.subscribeWith()
                        .topicFilter(filter)
                        .qos(MqttQos.AT_LEAST_ONCE)
                        .callback(message -> received.add(new String(message.getPayloadAsBytes(), UTF_8)))
                        .send());
                return received;
            } catch (Mqtt5SubAckException refused) {
                throw new Refused(
                        refused.getMqttMessage().getReasonCodes().getFirst().getCode(), refused);
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
            return disconnectCode;
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
