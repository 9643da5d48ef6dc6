package dev.heliograph.systemtests;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttActionListener;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import tools.jackson.databind.JsonNode;

/** A device with a real MQTT 5 client. */
final class Device implements AutoCloseable {
    private static final int ACCEPTED_BELOW = 0x80;

    private final MqttAsyncClient client;
    private final String topic;

    private Device(MqttAsyncClient client, String topic) {
        this.client = client;
        this.topic = topic;
    }

    /** Connects with a key as {@code device-key --json} prints it. */
    static Device connect(JsonNode key) throws MqttException {
        String broker = "tcp://%s:%d"
                .formatted(key.path("host").asString(), key.path("port").asInt());
        MqttAsyncClient client = new MqttAsyncClient(broker, key.path("device").asString(), new MemoryPersistence());
        MqttConnectionOptions options = new MqttConnectionOptions();
        options.setUserName(key.path("username").asString());
        options.setPassword(key.path("password").asString().getBytes(StandardCharsets.UTF_8));
        options.setCleanStart(true);
        client.connect(options).waitForCompletion(60_000);
        return new Device(client, key.path("topic").asString());
    }

    /** Publishes at QoS 1; complete with true once the gateway has acknowledged it, exceptionally if it never will. */
    CompletableFuture<Boolean> publish(String json) throws MqttException {
        return publish(topic, json);
    }

    /** The same to a topic that is not its own. */
    CompletableFuture<Boolean> publish(String other, String json) throws MqttException {
        CompletableFuture<Boolean> acknowledged = new CompletableFuture<>();
        MqttMessage message = new MqttMessage(json.getBytes(StandardCharsets.UTF_8));
        message.setQos(1);
        client.publish(other, message, null, new MqttActionListener() {
            @Override
            public void onSuccess(IMqttToken token) {
                int[] codes = token.getReasonCodes();
                acknowledged.complete(codes == null || codes.length == 0 || codes[0] < ACCEPTED_BELOW);
            }

            @Override
            public void onFailure(IMqttToken token, Throwable failure) {
                acknowledged.completeExceptionally(failure);
            }
        });
        return acknowledged;
    }

    @Override
    public void close() throws MqttException {
        try {
            if (client.isConnected()) {
                client.disconnect().waitForCompletion(10_000);
            }
        } finally {
            client.close(true);
        }
    }
}
