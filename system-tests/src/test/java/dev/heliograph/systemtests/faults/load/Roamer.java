package dev.heliograph.systemtests.faults.load;

import dev.heliograph.simulator.mqtt.LinkIdentity.Credential;
import dev.heliograph.systemtests.faults.check.Sent;
import dev.heliograph.systemtests.faults.plant.FaultProxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;

/**
 * A device that is carried about: it comes to another gateway under the same client id, and leaves its old connection behind,
 * of which nobody tells the first gateway until it is missed there.
 */
public final class Roamer {
    private static final long LIMIT_MILLIS = Duration.ofSeconds(30).toMillis();
    private static final int REFUSED = 0x80;

    private final Tenant tenant;
    private final String device;
    private final String topics;
    private final Credential key;

    /** A device of this tenant, which is registered. */
    public Roamer(Tenant tenant, String device) {
        this.tenant = tenant;
        this.device = device;
        this.topics = "iot/v1/" + tenant.id() + "/" + device + "/";
        tenant.addDevice(device);
        this.key = tenant.key(device);
    }

    /** A connection to the gateway that listens there, with the Will that says {@code offline}. */
    public Stay comeTo(int port) throws MqttException {
        FaultProxy way = FaultProxy.before(port);
        MqttAsyncClient client =
                new MqttAsyncClient("tcp://127.0.0.1:" + way.port(), key.username(), new MemoryPersistence());
        MqttConnectionOptions options = new MqttConnectionOptions();
        options.setUserName(key.username());
        options.setPassword(key.password().getBytes(StandardCharsets.UTF_8));
        options.setCleanStart(true);
        options.setAutomaticReconnect(false);
        options.setWill(topics + "status", message("offline"));
        try {
            client.connect(options).waitForCompletion(LIMIT_MILLIS);
            return new Stay(client, way);
        } catch (MqttException refused) {
            client.close(true);
            way.close();
            throw refused;
        }
    }

    private static MqttMessage message(String text) {
        MqttMessage message = new MqttMessage(text.getBytes(StandardCharsets.UTF_8));
        message.setQos(1);
        return message;
    }

    /** One connection, until it is left behind. */
    public final class Stay {
        private final MqttAsyncClient client;
        private final FaultProxy way;

        private Stay(MqttAsyncClient client, FaultProxy way) {
            this.client = client;
            this.way = way;
        }

        /** Sends a reading of now and waits for its answer; fails where it is refused. */
        public void report(double level) throws MqttException {
            String json =
                    "{\"ts\": %d, \"metrics\": {\"%s\": %s}}".formatted(System.currentTimeMillis(), "height", level);
            IMqttToken token = client.publish(topics + "telemetry", message(json));
            token.waitForCompletion(LIMIT_MILLIS);
            int[] codes = token.getReasonCodes();
            if (codes != null && codes.length > 0 && codes[0] >= REFUSED) {
                throw new IllegalStateException("refused by 0x" + Integer.toHexString(codes[0]));
            }
            tenant.note(Sent.of(device, json.getBytes(StandardCharsets.UTF_8), true, 1, Sent.Verdict.ACKNOWLEDGED));
        }

        /** The gateway misses the device: the connection is reset, without a word. */
        public void isMissed() throws MqttException {
            way.close();
            client.disconnectForcibly(0, 200, false);
            client.close(true);
        }

        /** Says goodbye. */
        public void leave() throws MqttException {
            client.disconnect().waitForCompletion(LIMIT_MILLIS);
            client.close(true);
            way.close();
        }
    }
}
