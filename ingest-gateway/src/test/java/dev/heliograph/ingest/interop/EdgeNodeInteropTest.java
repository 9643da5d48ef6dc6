package dev.heliograph.ingest.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt3.Mqtt3BlockingClient;
import com.hivemq.client.mqtt.mqtt3.message.publish.Mqtt3Publish;
import dev.heliograph.ingest.TestSettings;
import dev.heliograph.ingest.mqtt.RunningEndpoint;
import dev.heliograph.ingest.sparkplug.Payloads;
import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.wire.ReadingCodec;
import dev.heliograph.model.wire.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Edge nodes in MQTT 3.1.1, as most of them are, by HiveMQ's client on real sockets. */
class EdgeNodeInteropTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String STATE = "spBv1.0/STATE/heliograph";

    private RunningEndpoint running;
    private DeviceKey node;
    private DeviceKey pump;

    @BeforeEach
    void start() {
        running = new RunningEndpoint(TestSettings.noLimits());
        node = running.register("line-1");
        pump = running.register("line-1_pump", true, Map.of("gateway", "line-1"));
    }

    @AfterEach
    void stop() {
        running.close();
    }

    private Mqtt3BlockingClient connect(String clientId, int bdSeq) {
        Mqtt3BlockingClient client = MqttClient.builder()
                .useMqttVersion3()
                .serverHost("127.0.0.1")
                .serverPort(running.endpoint.port())
                .identifier(clientId)
                .buildBlocking();
        client.connectWith()
                .simpleAuth()
                .username(node.toString())
                .password(RunningEndpoint.PASSWORD.getBytes(StandardCharsets.UTF_8))
                .applySimpleAuth()
                .willPublish(Mqtt3Publish.builder()
                        .topic("spBv1.0/Plant/NDEATH/Line 1")
                        .qos(MqttQos.AT_LEAST_ONCE)
                        .payload(Payloads.payload(now(), null, Payloads.bdSeq(bdSeq)))
                        .build())
                .send();
        return client;
    }

    private static long now() {
        return System.currentTimeMillis();
    }

    private static void publish(Mqtt3BlockingClient client, String levels, int sequence, Payloads.Metric... metrics) {
        client.publishWith()
                .topic("spBv1.0/Plant/" + levels)
                .qos(MqttQos.AT_MOST_ONCE)
                .payload(Payloads.payload(now(), sequence, metrics))
                .send();
    }

    private List<String> values() {
        return running.events(Topics.READINGS).stream()
                .map(event -> ReadingCodec.decode(event.value()))
                .map(reading ->
                        reading.device().device() + " " + reading.samples().size())
                .toList();
    }

    @Test
    void givenAnEdgeNode_whenItDisconnectsWithoutADeath_thenItAndItsDeviceAreOffline() {
        Mqtt3BlockingClient client = connect("line-1", 0);
        publish(client, "NBIRTH/Line 1", 0, Payloads.bdSeq(0), Payloads.born("a", 1, 1));
        publish(client, "DBIRTH/Line 1/pump", 1, Payloads.born("flow", 2, 2));
        await().atMost(PATIENCE).until(() -> values().size() == 2);

        client.disconnect();

        await().atMost(PATIENCE).until(() -> running.presence(pump).contains("status-offline"));
        assertThat(values()).containsExactly("line-1 1", "line-1_pump 1");
        assertThat(running.presence(node))
                .containsSubsequence("connected", "status-online", "status-offline", "disconnected");
    }

    @Test
    void givenAnEdgeNode_whenItConnectsAnewWhileItsFormerConnectionStands_thenNoDeathIsTaken() throws Exception {
        Mqtt3BlockingClient former = connect("line-1:a", 0);
        publish(former, "NBIRTH/Line 1", 0, Payloads.bdSeq(0), Payloads.born("a", 1, 1));
        publish(former, "DBIRTH/Line 1/pump", 1, Payloads.born("flow", 2, 2));
        await().atMost(PATIENCE).until(() -> values().size() == 2);

        Mqtt3BlockingClient client = connect("line-1:b", 1);
        try (Mqtt3BlockingClient.Mqtt3Publishes heard =
                client.publishes(com.hivemq.client.mqtt.MqttGlobalPublishFilter.ALL)) {
            client.subscribeWith().topicFilter(STATE).send();
            Mqtt3Publish state = heard.receive(20, TimeUnit.SECONDS).orElseThrow();
            assertThat(new String(state.getPayloadAsBytes(), StandardCharsets.UTF_8))
                    .contains("\"online\":true");
        }
        await().atMost(PATIENCE).until(() -> !former.getState().isConnected());
        publish(client, "NBIRTH/Line 1", 0, Payloads.bdSeq(1), Payloads.born("a", 1, 1));
        publish(client, "DBIRTH/Line 1/pump", 1, Payloads.born("flow", 2, 2));
        await().atMost(PATIENCE).until(() -> values().size() == 4);

        // Once for each connection: an end of one between the two may still be told elsewhere.
        assertThat(running.presence(pump)).containsExactly("status-online", "status-online");
        assertThat(running.presence(node)).doesNotContain("status-offline", "disconnected");
        client.disconnect();
    }

    @Test
    void givenTheTopicOfAnotherEdgeNode_whenPublishedInMqtt311_thenTheConnectionIsClosed() {
        running.register("line-2");
        Mqtt3BlockingClient client = connect("line-1", 0);

        publish(client, "NBIRTH/Line 2", 0, Payloads.bdSeq(0), Payloads.born("a", 1, 1));

        await().atMost(PATIENCE).until(() -> !client.getState().isConnected());
        assertThat(values()).isEmpty();
    }
}
