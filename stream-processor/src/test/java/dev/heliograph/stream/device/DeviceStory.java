package dev.heliograph.stream.device;

import dev.heliograph.stream.StreamCounters;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.OptionalLong;
import java.util.Properties;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.test.TestRecord;

/**
 * What one device does in two parts, told to the topology as bytes of its topics: at the end of the first an alert has fired,
 * another is pending, a metric has fallen silent, and windows of every size are open. Between the two, all that is kept can be
 * taken out and given to another topology. It uses nothing that the first version has not had, so that every version since
 * can be told the same.
 */
final class DeviceStory implements AutoCloseable {
    private static final Instant START = Instant.parse("2026-11-23T12:00:00Z");
    private static final Duration EVERY = Duration.ofSeconds(2);
    private static final Duration STEP = Duration.ofMillis(500);
    private static final int FIRST_PART = 90;
    private static final int BOTH_PARTS = 150;
    private static final String DEVICE = "demo/boiler-7";
    private static final List<String> STORES =
            List.of(DeviceTopology.DEVICE_STORE, DeviceTopology.MINUTE_STORE, DeviceTopology.REGISTRY_STORE);
    private static final String RULE = """
            {"v":1,"id":"%1$s","tenant":"demo","version":1,"enabled":true,"name":"%2$s","severity":"warning",\
            "scope":{"devices":[],"types":["boiler"],"sites":[],"labels":{}},"condition":%3$s,"holdMs":%4$d,"clearHoldMs":0}\
            """;

    private final TopologyTestDriver driver;
    private Instant now;
    private int told;

    /** The first part is still to be told. */
    static DeviceStory fromTheBeginning(DevicePolicy policy) {
        DeviceStory story = new DeviceStory(policy, START);
        story.rules();
        story.pipe(
                "devices",
                DEVICE,
                "{\"v\":1,\"tenant\":\"demo\",\"device\":\"boiler-7\",\"enabled\":true,\"type\":\"boiler\","
                        + "\"labels\":{},\"credentials\":[],\"version\":1}");
        story.pipe(
                "device-sessions",
                DEVICE,
                "{\"v\":1,\"tenant\":\"demo\",\"device\":\"boiler-7\",\"event\":\"connected\",\"at\":%d,\"since\":%d}"
                        .formatted(micros(START), micros(START)));
        return story;
    }

    /** The second part goes on from what was kept of the first. */
    static DeviceStory goingOnFrom(DevicePolicy policy, List<String> kept) {
        DeviceStory story = new DeviceStory(policy, START.plus(EVERY.multipliedBy(FIRST_PART)));
        story.told = FIRST_PART;
        for (String line : kept) {
            String[] fields = line.split("\t", 3);
            story.store(fields[0]).put(fields[1], Base64.getDecoder().decode(fields[2]));
        }
        story.rules();
        return story;
    }

    private DeviceStory(DevicePolicy policy, Instant now) {
        this.now = now;
        Properties config = new Properties();
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, "test");
        config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:1");
        driver = new TopologyTestDriver(
                DeviceTopology.build(
                        policy,
                        DeviceTopology.Storage.MEMORY,
                        "quarantine",
                        new StreamCounters(),
                        partition -> OptionalLong.of(0)),
                config,
                now);
    }

    private void rules() {
        String hot =
                "{\"type\":\"threshold\",\"metric\":\"temperature\",\"operator\":\"gt\",\"value\":50.0,\"clear\":45.0}";
        String full = "{\"type\":\"threshold\",\"metric\":\"level\",\"operator\":\"gt\",\"value\":10.0,\"clear\":10.0}";
        rule("2b8a1d3e-6a2f-4c4d-9e5f-112233445566", "Hot", hot, 0);
        rule("3b8a1d3e-6a2f-4c4d-9e5f-112233445566", "Full", full, 120_000);
        rule("4b8a1d3e-6a2f-4c4d-9e5f-112233445566", "Quiet", "{\"type\":\"absence\",\"afterMs\":30000}", 0);
    }

    private void rule(String id, String name, String condition, long holdMillis) {
        pipe("rules", "demo/" + id, RULE.formatted(id, name, condition, holdMillis));
    }

    /** Tells the first part. */
    void tellFirstPart() {
        tellUntil(FIRST_PART);
    }

    /** Tells the second part, and lets the device be quiet until its hour has closed. */
    void tellSecondPart() {
        tellUntil(BOTH_PARTS);
        for (int i = 0; i < 360; i++) {
            pass(Duration.ofSeconds(10));
        }
    }

    private void tellUntil(int count) {
        for (; told < count; told++) {
            report();
            for (Duration left = EVERY; left.isPositive(); left = left.minus(STEP)) {
                pass(STEP);
            }
        }
    }

    private void report() {
        String humidity = told < 30 ? ",\"humidity\":" + (50.0 + told % 7) : "";
        double temperature = told >= 60 && told < FIRST_PART ? 55.25 : 40.5 + told % 5;
        double level = told < 70 ? 1.0 : 20.0;
        pipe("readings", DEVICE, """
                {"v":1,"tenant":"demo","device":"boiler-7","ts":%d,"received":%d,"seq":%d,"transport":"mqtt",\
                "m":{"temperature":%s,"level":%s%s},"b":{"running":%s},"s":{"mode":"heating"}}\
                """.formatted(
                        micros(now), micros(now), told + 1, temperature, level, humidity, told % 2 == 0));
    }

    private void pass(Duration time) {
        now = now.plus(time);
        driver.advanceWallClockTime(time);
    }

    private void pipe(String topic, String key, String json) {
        driver.createInputTopic(topic, new StringSerializer(), new ByteArraySerializer())
                .pipeInput(new TestRecord<>(key, json.getBytes(StandardCharsets.UTF_8), now));
    }

    private KeyValueStore<String, byte[]> store(String name) {
        return driver.getKeyValueStore(name);
    }

    /** All that is kept: store, key and the value in Base64, separated by tabs. */
    List<String> kept() {
        List<String> lines = new ArrayList<>();
        for (String store : STORES) {
            try (KeyValueIterator<String, byte[]> all = store(store).all()) {
                while (all.hasNext()) {
                    KeyValue<String, byte[]> entry = all.next();
                    lines.add(store + "\t" + entry.key + "\t"
                            + Base64.getEncoder().encodeToString(entry.value));
                }
            }
        }
        return lines;
    }

    /** What was told to a topic since the last look. */
    List<byte[]> results(String topic) {
        return driver.createOutputTopic(topic, new StringDeserializer(), new ByteArrayDeserializer())
                .readValuesToList();
    }

    private static long micros(Instant time) {
        return time.toEpochMilli() * 1_000;
    }

    @Override
    public void close() {
        driver.close();
    }
}
