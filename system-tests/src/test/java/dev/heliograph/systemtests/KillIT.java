package dev.heliograph.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** {@code kill -9} under load: what a device was told is safe, is safe, and is there once. */
class KillIT {
    private static final List<String> DEVICES =
            IntStream.rangeClosed(1, 10).mapToObj(n -> "counter-" + n).toList();
    // In all, and few enough for each device that its rate limit has nothing to say.
    private static final int ACKNOWLEDGED_BEFORE_THE_KILL = 2_000;
    private static final int IN_FLIGHT = 200;
    private static final int MILLIS_BETWEEN_READINGS = 10;
    private static final Duration LIMIT = Duration.ofMinutes(3);

    @TempDir
    Path directory;

    private final Instant first = Instant.now().minus(10, ChronoUnit.MINUTES).truncatedTo(ChronoUnit.SECONDS);
    private final Map<String, Double> sent = new ConcurrentSkipListMap<>();
    private final Map<String, Double> acknowledged = new ConcurrentSkipListMap<>();

    @Test
    void givenLoad_whenKilledAndRestarted_thenEveryAcknowledgedReadingIsStoredOnce() throws Exception {
        Path data = directory.resolve("data");
        PlatformProcess victim = PlatformProcess.start(data, 0);
        try {
            publishUntilKilled(victim);
        } finally {
            victim.kill();
        }

        try (PlatformProcess survivor = PlatformProcess.start(data, 0)) {
            Api api = new Api(survivor, "viewer");
            await().atMost(LIMIT)
                    .pollInterval(Duration.ofSeconds(1))
                    .until(() -> stored(api).keySet().containsAll(acknowledged.keySet()));
            Map<String, Double> stored = stored(api);
            assertThat(stored).as("with the value that was sent").containsAllEntriesOf(acknowledged);
            assertThat(sent).as("nothing that was never sent").containsAllEntriesOf(stored);
            assertThat(survivor.stop()).contains("Heliograph is stopping");
        }
    }

    /** Kills once enough has been acknowledged, with more on its way. */
    private void publishUntilKilled(PlatformProcess victim) throws Exception {
        Semaphore window = new Semaphore(IN_FLIGHT);
        Map<String, Device> devices = new TreeMap<>();
        try {
            for (String device : DEVICES) {
                devices.put(device, Device.connect(victim.deviceKey(device)));
            }
            for (long i = 0; acknowledged.size() < ACKNOWLEDGED_BEFORE_THE_KILL; i++) {
                for (Map.Entry<String, Device> device : devices.entrySet()) {
                    assertThat(window.tryAcquire(60, TimeUnit.SECONDS)).isTrue();
                    publish(device.getKey(), device.getValue(), i, window);
                }
            }
            victim.kill();
        } finally {
            for (Device device : devices.values()) {
                device.close();
            }
        }
    }

    /** The value is a function of device and number, so that a wrong one shows. */
    private void publish(String device, Device connection, long number, Semaphore window) throws MqttException {
        long millis = first.toEpochMilli() + number * MILLIS_BETWEEN_READINGS;
        double value = Math.floorMod((number + device.hashCode()) * 2_654_435_761L, 1_000_003) / 8.0;
        sent.put(device + "@" + millis, value);
        connection
                .publish("{\"ts\": %d, \"metrics\": {\"count\": %s}}".formatted(millis, value))
                .whenComplete((accepted, failure) -> {
                    if (failure == null && accepted) {
                        acknowledged.put(device + "@" + millis, value);
                    }
                    window.release();
                });
    }

    /** All raw readings by device and time; one that was there twice would fail. */
    private Map<String, Double> stored(Api api) {
        Map<String, Double> stored = new TreeMap<>();
        for (String device : DEVICES) {
            JsonNode answer = api.get("/data/%s?metric=count&maxPoints=10000&from=%s&to=%s"
                    .formatted(device, first, first.plusSeconds(100)));
            JsonNode series = answer.path("series").path(0);
            for (int i = 0; i < series.path("times").size(); i++) {
                String reading = device + "@" + series.path("times").path(i).asLong();
                assertThat(stored.put(reading, series.path("values").path(i).asDouble()))
                        .as("stored twice: " + reading)
                        .isNull();
            }
        }
        return stored;
    }
}
