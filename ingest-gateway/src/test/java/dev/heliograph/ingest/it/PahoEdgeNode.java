package dev.heliograph.ingest.it;

import dev.heliograph.ingest.sparkplug.Payloads;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;

/** An edge node with one device, as Sparkplug 3.0.0 asks for it: {@code Plant/Edge 1} with a device {@code pump}. */
final class PahoEdgeNode implements MqttCallback, AutoCloseable {
    private static final String STATE = "spBv1.0/STATE/heliograph";

    final BlockingQueue<String> states = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> commands = new LinkedBlockingQueue<>();
    private final MqttAsyncClient client;
    private int sequence;

    /** With which everything is published; Sparkplug asks for 0. */
    int qos;

    private PahoEdgeNode(MqttAsyncClient client) {
        this.client = client;
    }

    /** Connects with its death as its Will and subscribes to commands and to the state of the host. */
    static PahoEdgeNode connect(int port, Consumer<MqttConnectionOptions> credentials) throws MqttException {
        MqttAsyncClient client = new MqttAsyncClient("tcp://127.0.0.1:" + port, "edge-1", new MemoryPersistence());
        PahoEdgeNode node = new PahoEdgeNode(client);
        client.setCallback(node);
        MqttConnectionOptions options = new MqttConnectionOptions();
        options.setAutomaticReconnect(false);
        MqttMessage will = new MqttMessage(Payloads.payload(now(), null, Payloads.bdSeq(0)));
        will.setQos(1);
        options.setWill("spBv1.0/Plant/NDEATH/Edge 1", will);
        credentials.accept(options);
        client.connect(options).waitForCompletion(10_000);
        client.subscribe(
                        new String[] {"spBv1.0/Plant/NCMD/Edge 1/#", "spBv1.0/Plant/DCMD/Edge 1/#", STATE},
                        new int[] {1, 1, 1})
                .waitForCompletion(10_000);
        return node;
    }

    private static long now() {
        return System.currentTimeMillis();
    }

    void birth() throws MqttException {
        commands.clear();
        sequence = 0;
        publish(
                "NBIRTH/Edge 1",
                Payloads.bdSeq(0),
                new Payloads.Metric()
                        .name("Node Control/Rebirth")
                        .datatype(Payloads.BOOLEAN)
                        .booleanValue(false),
                Payloads.born("Inputs/A", 1, 1.5));
        publish("DBIRTH/Edge 1/pump", Payloads.born("flow", 2, 2.5).unit("m³/h"));
    }

    void data(long alias, double value) throws MqttException {
        publish("NDATA/Edge 1", Payloads.data(alias, value));
    }

    void deviceData(long alias, double value) throws MqttException {
        publish("DDATA/Edge 1/pump", Payloads.data(alias, value));
    }

    void skip(int messages) {
        sequence += messages;
    }

    private void publish(String levels, Payloads.Metric... metrics) throws MqttException {
        String topic = "spBv1.0/Plant/" + levels;
        client.publish(topic, Payloads.payload(now(), sequence++ & 255, metrics), qos, false)
                .waitForCompletion(10_000);
    }

    String awaitRebirthRequest() throws InterruptedException {
        return commands.poll(40, TimeUnit.SECONDS);
    }

    /** Without a word: the broker publishes the will. */
    void die() throws MqttException {
        client.disconnectForcibly(0, 1, false);
    }

    @Override
    public void messageArrived(String topic, MqttMessage message) {
        if (topic.equals(STATE)) {
            states.add(new String(message.getPayload(), StandardCharsets.UTF_8));
        } else {
            commands.add(topic);
        }
    }

    @Override
    public void disconnected(MqttDisconnectResponse response) {
        // Only at the end.
    }

    @Override
    public void mqttErrorOccurred(MqttException exception) {
        // Who waits for a token is told.
    }

    @Override
    public void deliveryComplete(IMqttToken token) {
        // Who publishes waits for the token.
    }

    @Override
    public void connectComplete(boolean reconnect, String serverUri) {
        // Who connects waits for the token.
    }

    @Override
    public void authPacketArrived(int reasonCode, MqttProperties properties) {
        // Not used.
    }

    @Override
    public void close() throws MqttException {
        client.close(true);
    }
}
