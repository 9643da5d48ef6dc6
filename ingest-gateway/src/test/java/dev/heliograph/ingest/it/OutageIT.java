package dev.heliograph.ingest.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.heliograph.ingest.intake.InFlightBudget;
import dev.heliograph.ingest.registry.DeviceTable;
import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.wire.ReadingCodec;
import dev.heliograph.model.wire.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kafka goes away while devices publish: nothing is acknowledged meanwhile, and nothing acknowledged is missing after. */
class OutageIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final DeviceKey DEVICE = DeviceKey.of("demo", "pump-1");
    private static final int MESSAGES = 40;

    @TempDir
    Path directory;

    @Test
    void givenKafkaIsDown_whenDevicesPublish_thenPubAcksWaitUntilItIsBackAndNothingIsLostOrDoubled() throws Exception {
        try (EmbeddedKafka kafka = new EmbeddedKafka(directory);
                RunningGateway gateway = new RunningGateway(kafka, "--heliograph.ingest.mqtt.receive-maximum=20")) {
            kafka.register(DEVICE, "secret", true);
            await().atMost(PATIENCE).until(() -> gateway.bean(DeviceTable.class).isEnabled(DEVICE));
            MqttAsyncClient client = connect(gateway);
            publish(client, 0, 1).getFirst().waitForCompletion(10_000);

            kafka.stop();
            List<IMqttToken> waiting = publish(client, 1, 20);
            InFlightBudget budget = gateway.bean(InFlightBudget.class);
            await().atMost(PATIENCE).until(() -> budget.messages() >= 19);
            assertThat(waiting).as("no PUBACK without Kafka").noneMatch(IMqttToken::isComplete);
            assertThat(client.isConnected()).isTrue();

            kafka.start();
            await().atMost(PATIENCE).until(() -> waiting.stream().allMatch(IMqttToken::isComplete));
            for (IMqttToken token : publish(client, 20, MESSAGES)) {
                token.waitForCompletion(20_000);
            }

            List<Long> sequences = kafka.readAll(Topics.READINGS).stream()
                    .map(kept -> ReadingCodec.decode(kept.value()).sequence())
                    .toList();
            assertThat(sequences).hasSize(MESSAGES).doesNotHaveDuplicates();
            assertThat(budget.messages()).isZero();
            client.disconnect().waitForCompletion(5_000);
            client.close();
        }
    }

    private static MqttAsyncClient connect(RunningGateway gateway) throws Exception {
        MqttAsyncClient client = new MqttAsyncClient(
                "tcp://127.0.0.1:" + gateway.mqttPort(), DEVICE.device().value(), new MemoryPersistence());
        MqttConnectionOptions options = new MqttConnectionOptions();
        options.setUserName(DEVICE.toString());
        options.setPassword("secret".getBytes(UTF_8));
        client.connect(options).waitForCompletion(10_000);
        return client;
    }

    private static List<IMqttToken> publish(MqttAsyncClient client, int from, int to) throws Exception {
        List<IMqttToken> tokens = new ArrayList<>();
        for (int sequence = from; sequence < to; sequence++) {
            String payload = "{\"seq\":" + sequence + ",\"metrics\":{\"flow\":" + sequence + "}}";
            tokens.add(client.publish("iot/v1/" + DEVICE + "/telemetry", payload.getBytes(UTF_8), 1, false));
        }
        return tokens;
    }
}
