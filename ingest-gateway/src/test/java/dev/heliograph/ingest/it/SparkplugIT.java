package dev.heliograph.ingest.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.heliograph.ingest.registry.DeviceTable;
import dev.heliograph.ingest.sparkplug.SparkplugHost;
import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.reading.Reading;
import dev.heliograph.model.reading.Sample;
import dev.heliograph.model.wire.QuarantineRecord;
import dev.heliograph.model.wire.ReadingCodec;
import dev.heliograph.model.wire.SessionRecord;
import dev.heliograph.model.wire.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An edge node at an Eclipse Mosquitto that runs as a process of its own; skipped where it is not installed. */
class SparkplugIT {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final DeviceKey NODE = DeviceKey.of("acme", "edge-1");
    private static final DeviceKey PUMP = DeviceKey.of("acme", "edge-1_pump");

    @TempDir
    Path directory;

    @Test
    void givenAnEdgeNode_whenItLivesAndDiesAndTheGatewayRestarts_thenItsReadingsAndItsPresenceAreInKafka()
            throws Exception {
        Optional<Path> mosquitto = Mosquitto.find();
        assumeThat(mosquitto).as("mosquitto is installed").isPresent();
        try (Mosquitto broker = Mosquitto.start(mosquitto.orElseThrow(), directory);
                EmbeddedKafka kafka = new EmbeddedKafka(directory.resolve("kafka"));
                PahoEdgeNode node = PahoEdgeNode.connect(broker.port(), options -> {})) {
            try (RunningGateway gateway = start(kafka, broker.port())) {
                kafka.register(NODE, "unused", true);
                kafka.register(PUMP, "unused", true);
                DeviceTable devices = gateway.bean(DeviceTable.class);
                await().atMost(PATIENCE).until(() -> devices.isEnabled(NODE) && devices.isEnabled(PUMP));
                assertThat(node.states.poll(40, TimeUnit.SECONDS)).contains("\"online\":true");

                node.birth();
                node.data(1, 10);
                node.deviceData(2, 20);
                await().atMost(PATIENCE).until(() -> values(kafka).containsAll(List.of(1.5, 2.5, 10.0, 20.0)));

                // A gap: the births are asked for.
                node.skip(3);
                node.data(1, 11);
                assertThat(node.awaitRebirthRequest()).isEqualTo("spBv1.0/Plant/NCMD/Edge 1");
                node.birth();
                assertThat(gateway.bean(SparkplugHost.class).nodesOnline()).isEqualTo(1);
            }
            assertThat(node.states.poll(40, TimeUnit.SECONDS)).contains("\"online\":false");

            try (RunningGateway gateway = start(kafka, broker.port())) {
                await("the host is back")
                        .atMost(PATIENCE)
                        .until(() -> String.valueOf(node.states.poll(1, TimeUnit.SECONDS))
                                .contains("\"online\":true"));

                // Its births are not known any more: what comes by alias waits for them.
                node.data(1, 12);
                node.deviceData(2, 22);
                node.awaitRebirthRequest();
                node.birth();
                await().atMost(PATIENCE).until(() -> values(kafka).containsAll(List.of(11.0, 12.0, 22.0)));

                node.die();
                await().atMost(PATIENCE).until(() -> sessions(kafka, PUMP).endsWith("status-offline NDEATH"));
                assertThat(sessions(kafka, NODE)).endsWith("status-offline NDEATH");
                assertThat(gateway.bean(SparkplugHost.class).nodesOnline()).isZero();
            }

            assertThat(sessions(kafka, NODE)).startsWith("status-online NBIRTH");
            assertThat(sessions(kafka, PUMP)).startsWith("status-online DBIRTH");
            assertThat(kafka.readAll(Topics.QUARANTINE))
                    .map(kept -> QuarantineRecord.CODEC.decode(kept.value()).detail())
                    .isEmpty();
            assertThat(readings(kafka))
                    .filteredOn(reading -> reading.device().equals(PUMP))
                    .flatExtracting(Reading::samples)
                    .allSatisfy(sample ->
                            assertThat(((Sample.Measurement) sample).unit()).isEqualTo("m³/h"));
        }
    }

    private static RunningGateway start(EmbeddedKafka kafka, int port) {
        return new RunningGateway(
                kafka,
                "--heliograph.ingest.mqtt.enabled=false",
                "--heliograph.ingest.sparkplug.broker-uri=tcp://127.0.0.1:" + port,
                "--heliograph.ingest.sparkplug.groups[0].group=Plant",
                "--heliograph.ingest.sparkplug.groups[0].tenant=acme",
                "--heliograph.ingest.sparkplug.reorder-timeout=300ms",
                "--heliograph.ingest.sparkplug.rebirth-interval=500ms");
    }

    static List<Reading> readings(EmbeddedKafka kafka) {
        return kafka.readAll(Topics.READINGS).stream()
                .map(kept -> ReadingCodec.decode(kept.value()))
                .toList();
    }

    static List<Double> values(EmbeddedKafka kafka) {
        return readings(kafka).stream()
                .flatMap(reading -> reading.samples().stream())
                .map(sample -> ((Sample.Measurement) sample).value())
                .toList();
    }

    static String sessions(EmbeddedKafka kafka, DeviceKey device) {
        return String.join(
                ", ",
                kafka.readAll(Topics.DEVICE_SESSIONS).stream()
                        .map(kept -> SessionRecord.CODEC.decode(kept.value()))
                        .filter(each -> each.device().equals(device.device().value()))
                        .map(each -> each.event() + " " + each.reason())
                        .toList());
    }
}
