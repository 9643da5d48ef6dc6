package dev.heliograph.ingest.funnel;

import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.reading.Transport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;

/** The constants and tiny builders of the funnel's tests. */
final class FunnelFixture {
    /** 2026-09-21T14:13:20Z. */
    static final long NOW_MICROS = 1_790_000_000_000_000L;

    static final DeviceKey DEVICE = DeviceKey.of("demo", "boiler-7");
    static final String TOPIC = "iot/v1/demo/boiler-7/telemetry";

    private FunnelFixture() {}

    static Funnel funnel() {
        return new Funnel(FunnelLimits.DEFAULTS, TopicMappings.DEFAULTS, Admission.ALL);
    }

    static RawMessage message(String topic, byte[] payload) {
        return new RawMessage(topic, payload, DEVICE, null, 0, NOW_MICROS, Transport.MQTT);
    }

    /** All layouts; local times are of Berlin, and what a broker sends is of the tenant {@code demo}. */
    static TopicMappings everyLayout() {
        return new TopicMappings(
                Arrays.stream(Layout.values())
                        .flatMap(layout -> layout.mappings(DEVICE.tenant(), ZoneId.of("Europe/Berlin")).stream())
                        .toList(),
                Gateways.NONE);
    }

    static RawMessage declared(String topic, byte[] payload, String contentType) {
        return new RawMessage(topic, payload, DEVICE, contentType, 0, NOW_MICROS, Transport.MQTT);
    }

    static Outcome pass(String payload) {
        return pass(payload.getBytes(StandardCharsets.UTF_8));
    }

    static Outcome pass(byte[] payload) {
        return funnel().pass(message(TOPIC, payload));
    }

    static List<String> corpus(String name) {
        try (var in = FunnelFixture.class.getResourceAsStream("/corpus/" + name)) {
            if (in == null) {
                throw new IllegalArgumentException("no corpus " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
