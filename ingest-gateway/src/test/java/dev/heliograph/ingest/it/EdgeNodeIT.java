package dev.heliograph.ingest.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.heliograph.ingest.registry.DeviceTable;
import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.reading.Reading;
import dev.heliograph.model.reading.Sample;
import dev.heliograph.model.reading.Transport;
import dev.heliograph.model.wire.QuarantineRecord;
import dev.heliograph.model.wire.Topics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An edge node of Eclipse Paho that is connected to the gateway itself, which has a Kafka of its own. */
class EdgeNodeIT {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final DeviceKey NODE = DeviceKey.of("acme", "edge-1");
    private static final DeviceKey PUMP = DeviceKey.of("acme", "edge-1_pump");
    private static final String PASSWORD = "a device key of 256 bits";

    @TempDir
    Path directory;

    @Test
    void givenAnEdgeNode_whenItConnectsLivesAndDies_thenWhatItPublishedAndWhetherItIsThereIsInKafka() throws Exception {
        try (EmbeddedKafka kafka = new EmbeddedKafka(directory.resolve("kafka"))) {
            try (RunningGateway gateway = start(kafka)) {
                kafka.register(NODE, PASSWORD, Map.of());
                kafka.register(PUMP, "of nobody", Map.of("gateway", "edge-1"));
                DeviceTable devices = gateway.bean(DeviceTable.class);
                await().atMost(PATIENCE).until(() -> devices.isEnabled(NODE) && devices.isEnabled(PUMP));

                try (PahoEdgeNode node = PahoEdgeNode.connect(gateway.mqttPort(), credentials())) {
                    assertThat(node.states.poll(40, TimeUnit.SECONDS)).contains("\"online\":true");
                    node.birth();
                    // By QoS 1 the client returns only when Kafka has it.
                    node.qos = 1;
                    node.data(1, 10);
                    node.deviceData(2, 20);
                    assertThat(SparkplugIT.values(kafka)).containsExactlyInAnyOrder(1.5, 2.5, 10.0, 20.0);

                    node.qos = 0;
                    node.skip(3);
                    node.data(1, 11);
                    assertThat(node.awaitRebirthRequest()).isEqualTo("spBv1.0/Plant/NCMD/Edge 1");
                    node.birth();
                    await().atMost(PATIENCE)
                            .until(() -> SparkplugIT.values(kafka).contains(11.0));

                    node.die();
                    await().atMost(PATIENCE)
                            .until(() -> SparkplugIT.sessions(kafka, PUMP).endsWith("status-offline NDEATH"));
                }

                // A new connection knows nothing of the births of the former: what comes by alias waits for them.
                try (PahoEdgeNode again = PahoEdgeNode.connect(gateway.mqttPort(), credentials())) {
                    again.data(1, 12);
                    again.awaitRebirthRequest();
                    again.birth();
                    await().atMost(PATIENCE)
                            .until(() -> SparkplugIT.values(kafka).contains(12.0));
                    // That it hears of it before is shown packet by packet: this client drops what comes just before
                    // the goodbye.
                    gateway.close();
                }
            }

            assertThat(SparkplugIT.sessions(kafka, NODE))
                    .contains("status-online NBIRTH", "status-offline NDEATH", "connected null");
            assertThat(SparkplugIT.sessions(kafka, PUMP))
                    .startsWith("status-online DBIRTH, status-offline NDEATH")
                    .as("it comes back to another gateway")
                    .endsWith("status-online DBIRTH");
            assertThat(kafka.readAll(Topics.QUARANTINE))
                    .map(kept -> QuarantineRecord.CODEC.decode(kept.value()).detail())
                    .isEmpty();
            List<Reading> ofPump = SparkplugIT.readings(kafka).stream()
                    .filter(reading -> reading.device().equals(PUMP))
                    .toList();
            assertThat(ofPump).extracting(Reading::transport).containsOnly(Transport.MQTT);
            assertThat(ofPump)
                    .flatExtracting(Reading::samples)
                    .allSatisfy(sample ->
                            assertThat(((Sample.Measurement) sample).unit()).isEqualTo("m³/h"));
        }
    }

    private static Consumer<MqttConnectionOptions> credentials() {
        return options -> {
            options.setUserName(NODE.toString());
            options.setPassword(PASSWORD.getBytes(StandardCharsets.UTF_8));
        };
    }

    private static RunningGateway start(EmbeddedKafka kafka) {
        return new RunningGateway(
                kafka,
                "--heliograph.ingest.sparkplug.reorder-timeout=300ms",
                "--heliograph.ingest.sparkplug.rebirth-interval=500ms");
    }
}
