package dev.heliograph.stream.device;

import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.id.MetricName;
import dev.heliograph.model.reading.Reading;
import dev.heliograph.model.reading.ReadingFlag;
import dev.heliograph.model.reading.Sample;
import dev.heliograph.model.reading.Transport;
import dev.heliograph.model.wire.AlertTransitionRecord;
import dev.heliograph.model.wire.DeviceRecord;
import dev.heliograph.model.wire.PresenceRecord;
import dev.heliograph.model.wire.QuarantineRecord;
import dev.heliograph.model.wire.ReadingCodec;
import dev.heliograph.model.wire.RuleRecord;
import dev.heliograph.model.wire.SessionRecord;
import dev.heliograph.model.wire.Topics;
import dev.heliograph.model.wire.WindowRecord;
import dev.heliograph.model.wire.WireCodec;
import dev.heliograph.stream.StreamCounters;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/** The topology in virtual time, with words for what goes in and what comes out. */
final class TopologyHarness implements AutoCloseable {
    static final Instant START = Instant.parse("2026-11-23T12:00:00Z");

    final StreamCounters counters = new StreamCounters();
    final TopologyTestDriver driver;
    private OptionalLong waiting;
    private Instant now = START;

    TopologyHarness(DeviceTopology.Storage storage, Path stateDirectory) {
        this(storage, stateDirectory, OptionalLong.of(0));
    }

    TopologyHarness(DeviceTopology.Storage storage, Path stateDirectory, OptionalLong waiting) {
        this.waiting = waiting;
        Properties config = new Properties();
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, "test");
        config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:1");
        config.put(StreamsConfig.STATE_DIR_CONFIG, stateDirectory.toString());
        driver = new TopologyTestDriver(
                DeviceTopology.build(
                        DevicePolicy.DEFAULT, storage, Topics.QUARANTINE, counters, partition -> this.waiting),
                config,
                START);
    }

    Instant now() {
        return now;
    }

    void setWaiting(OptionalLong readings) {
        waiting = readings;
    }

    void pass(Duration time) {
        // In steps, so that the ticking clock ticks much as it would.
        Duration most = time.compareTo(Duration.ofMinutes(2)) < 0 ? Duration.ofMillis(500) : Duration.ofSeconds(10);
        for (Duration left = time; left.isPositive(); left = left.minus(most)) {
            Duration step = left.compareTo(most) < 0 ? left : most;
            now = now.plus(step);
            driver.advanceWallClockTime(step);
        }
    }

    void report(String device, String metric, double value) {
        report(device, metric, value, now);
    }

    void report(String device, String metric, double value, Instant time) {
        DeviceKey key = DeviceKey.of("demo", device);
        var sample = new Sample.Measurement(new MetricName(metric), value);
        Reading reading =
                new Reading(key, micros(time), micros(now), null, List.of(sample), null, Transport.MQTT, Set.of());
        pipe(Topics.READINGS, key.toString(), ReadingCodec.encode(reading));
    }

    /** A reading that tells of the past and did not come from the device. */
    void tellOfThePast(String device, String metric, double value, Instant time) {
        DeviceKey key = DeviceKey.of("demo", device);
        var sample = new Sample.Measurement(new MetricName(metric), value);
        Reading reading = new Reading(
                key,
                micros(time),
                micros(now),
                null,
                List.of(sample),
                null,
                Transport.HTTP,
                Set.of(ReadingFlag.BACKFILL));
        pipe(Topics.READINGS, key.toString(), ReadingCodec.encode(reading));
    }

    /** A reading that waited in Kafka since it was received. */
    void reportReceived(String device, String metric, double value, Instant received) {
        DeviceKey key = DeviceKey.of("demo", device);
        var sample = new Sample.Measurement(new MetricName(metric), value);
        Reading reading = new Reading(
                key, micros(received), micros(received), null, List.of(sample), null, Transport.MQTT, Set.of());
        driver.createInputTopic(Topics.READINGS, new StringSerializer(), new ByteArraySerializer())
                .pipeInput(new TestRecord<>(key.toString(), ReadingCodec.encode(reading), received));
    }

    void session(String device, String event) {
        pipe(
                Topics.DEVICE_SESSIONS,
                "demo/" + device,
                SessionRecord.CODEC.encode(
                        new SessionRecord(WireCodec.VERSION, "demo", device, event, micros(now), null, null)));
    }

    void register(String device, boolean enabled, @Nullable String type, @Nullable Long intervalMs) {
        var record = new DeviceRecord(
                WireCodec.VERSION, "demo", device, enabled, type, null, Map.of(), intervalMs, List.of(), 1, null);
        pipe(Topics.DEVICES, "demo/" + device, DeviceRecord.CODEC.encode(record));
    }

    void rule(RuleRecord rule) {
        pipe(Topics.RULES, "demo/" + rule.id(), RuleRecord.CODEC.encode(rule));
    }

    void deleteRule(String id) {
        pipe(Topics.RULES, "demo/" + id, null);
    }

    void pipe(String topic, @Nullable String key, byte @Nullable [] value) {
        TestInputTopic<String, byte[]> input =
                driver.createInputTopic(topic, new StringSerializer(), new ByteArraySerializer());
        input.pipeInput(new TestRecord<>(key, value, now));
    }

    List<WindowRecord> windows() {
        return read(Topics.WINDOWS, WindowRecord.CODEC);
    }

    List<PresenceRecord> presence() {
        return read(Topics.PRESENCE, PresenceRecord.CODEC);
    }

    List<AlertTransitionRecord> transitions() {
        return read(Topics.ALERT_TRANSITIONS, AlertTransitionRecord.CODEC);
    }

    List<QuarantineRecord> quarantined() {
        return read(Topics.QUARANTINE, QuarantineRecord.CODEC);
    }

    private <T> List<T> read(String topic, WireCodec<T> codec) {
        return driver
                .createOutputTopic(topic, new StringDeserializer(), new ByteArrayDeserializer())
                .readValuesToList()
                .stream()
                .map(codec::decode)
                .toList();
    }

    static long micros(Instant time) {
        return dev.heliograph.model.reading.Micros.of(time);
    }

    @Override
    public void close() {
        driver.close();
    }
}
