package dev.heliograph.ingest.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.ingest.registry.DeviceTable;
import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.testing.WireGolden;
import dev.heliograph.model.wire.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class DeviceTableFeedTest {
    private static final DeviceKey BOILER = DeviceKey.of("demo", "boiler-7");

    private final DeviceTable table = new DeviceTable();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final DeviceTableFeed feed = new DeviceTableFeed(
            new KafkaSettings(
                    "unused:1",
                    Map.of(),
                    1,
                    (short) 1,
                    1,
                    Duration.ofHours(1),
                    false,
                    Duration.ofSeconds(10),
                    "none",
                    Duration.ZERO),
            table,
            meters);

    @Test
    void givenEntryWithFieldsOfANewerVersion_whenRead_thenItsDeviceIsAdmitted() {
        feed.apply(entry(WireGolden.changed("device", "\"v\":1,", "\"v\":1,\"addedLater\":[{}],")));

        assertThat(table.isEnabled(BOILER)).isTrue();
        assertThat(unreadable()).isZero();
    }

    @Test
    void givenEntryOfANewerVersion_whenRead_thenItAdmitsNobodyAndIsCounted() {
        feed.apply(entry(WireGolden.changed("device", "\"version\":7", "\"version\":6")));
        assertThat(table.isEnabled(BOILER)).isTrue();

        feed.apply(entry(WireGolden.changed("device", "\"v\":1", "\"v\":2")));

        assertThat(table.isEnabled(BOILER)).isFalse();
        assertThat(unreadable()).isEqualTo(1);
    }

    private double unreadable() {
        return meters.counter("heliograph.ingest.devices.unreadable").count();
    }

    private static ConsumerRecord<byte[], byte[]> entry(byte[] value) {
        return new ConsumerRecord<>(Topics.DEVICES, 0, 0, BOILER.toString().getBytes(StandardCharsets.UTF_8), value);
    }
}
