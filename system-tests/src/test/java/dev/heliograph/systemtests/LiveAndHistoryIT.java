package dev.heliograph.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** Whoever subscribes, then reads the history, and is cut off again and again, has the whole series and nothing twice. */
@ExtendWith(SharedPlatform.class)
class LiveAndHistoryIT {
    private static final List<String> DEVICES = List.of("gauge-1", "gauge-2", "gauge-3");
    private static final int BEFORE_THE_READER = 150;
    private static final int CUTS = 12;
    private static final long SEED = 20_261_125;
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final Instant first = Instant.now().minus(10, ChronoUnit.MINUTES).truncatedTo(ChronoUnit.SECONDS);
    private final AtomicInteger acknowledged = new AtomicInteger();
    private final Map<String, Integer> live = new ConcurrentHashMap<>();
    private final List<String> resets = new ArrayList<>();
    private volatile boolean enough;

    @Test
    void givenReaderThatIsCutOffAtRandom_whenItResumes_thenHistoryAndLiveAreTheStoredSeries(PlatformProcess platform)
            throws Exception {
        Api api = new Api(platform, "viewer");
        List<JsonNode> keys = DEVICES.stream().map(platform::deviceKey).toList();
        CompletableFuture<Void> publishing = CompletableFuture.runAsync(
                () -> publish(keys),
                task -> Thread.ofVirtual().name("publisher").start(task));
        await().atMost(LIMIT).until(() -> acknowledged.get() >= BEFORE_THE_READER);

        Map<String, Double> known;
        SseReader reader = reader(api, null);
        try (SseReader beginning = reader) {
            beginning.hello().get(60, TimeUnit.SECONDS);
            known = new TreeMap<>(stored(api));
            awaitSome(beginning);
        }
        Random random = new Random(SEED);
        for (int cut = 0; cut < CUTS; cut++) {
            awaitPublished(random.nextInt(40)); // while nobody reads
            // Where the one before ended once it was closed: until then its place may have gone on.
            reader = reader(api, reader.position());
            try (SseReader next = reader) {
                if (random.nextInt(3) > 0) {
                    next.hello().get(60, TimeUnit.SECONDS);
                    awaitPublished(random.nextInt(40));
                }
            }
        }
        enough = true;
        publishing.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        try (SseReader last = reader(api, reader.position())) {
            assertThat(last.hello().get(60, TimeUnit.SECONDS)).isNull();
            await().atMost(LIMIT).until(() -> stored(api).size() == acknowledged.get());
            Map<String, Double> all = stored(api);
            await().atMost(LIMIT).untilAsserted(() -> {
                Map<String, Double> seen = new TreeMap<>(known);
                live.keySet().forEach(sample -> seen.put(keyOf(sample), valueOf(sample)));
                assertThat(seen).isEqualTo(all);
            });
        }
        assertThat(resets).isEmpty();
        assertThat(live)
                .as("samples that came more than once")
                .allSatisfy((sample, times) -> assertThat(times).isEqualTo(1));
    }

    @Test
    void givenHistoryThatIsStored_whenItsWindowsAreMade_thenViewersGetThemWithRisingRevisions(PlatformProcess platform)
            throws Exception {
        Api viewer = new Api(platform, "viewer");
        Api admin = new Api(platform, "admin");
        platform.deviceKey("gauge-4");
        Instant minute = first.minus(2, ChronoUnit.DAYS).truncatedTo(ChronoUnit.MINUTES);
        List<Integer> revisions = new ArrayList<>();
        for (int value = 1; value <= 3; value++) {
            int count = value;
            CompletableFuture<JsonNode> window = viewer.firstEvent(
                    "topics=windows&device=gauge-4", "windows", windows -> tenSeconds(windows, count) >= 0);
            CompletableFuture<JsonNode> range =
                    viewer.firstEvent("topics=samples&device=gauge-4", "changed", ranges -> !ranges.isEmpty());

            assertThat(admin.send(
                                    "POST",
                                    "/data:backfill",
                                    "[{\"device\": \"gauge-4\", \"ts\": \"%s\", \"metrics\": {\"level\": %d}}]"
                                            .formatted(minute.plusSeconds(value), value))
                            .statusCode())
                    .isEqualTo(202);

            revisions.add(tenSeconds(window.get(60, TimeUnit.SECONDS), count));
            assertThat(range.get(60, TimeUnit.SECONDS).path(0).path("from").asString())
                    .isEqualTo(minute.toString());
        }
        assertThat(revisions).isSorted().doesNotHaveDuplicates();
    }

    /** The revision of a window of ten seconds that has so many samples; negative where there is none. */
    private static int tenSeconds(JsonNode windows, int count) {
        for (JsonNode window : windows) {
            if (window.path("size").asString().equals("10s")
                    && window.path("count").asInt() == count) {
                assertThat(window.path("phase").asString()).isEqualTo("revised");
                return window.path("rev").asInt();
            }
        }
        return -1;
    }

    private void awaitPublished(int more) {
        int until = acknowledged.get() + more;
        await().atMost(LIMIT).pollInterval(Duration.ofMillis(10)).until(() -> acknowledged.get() >= until);
    }

    private void awaitSome(SseReader reader) {
        await().atMost(LIMIT).until(() -> reader.position() != null && live.size() > 20);
    }

    private SseReader reader(Api api, @Nullable String position) {
        return new SseReader(
                api.stream("topics=samples&device=" + String.join("&device=", DEVICES), position),
                position,
                this::note);
    }

    private void note(List<SseReader.Event> events) {
        for (SseReader.Event event : events) {
            if (event.name().equals("reset")) {
                resets.add(event.data().toString());
            } else if (event.name().equals("samples")) {
                for (JsonNode series : event.data()) {
                    for (int i = 0; i < series.path("times").size(); i++) {
                        live.merge(
                                series.path("device").asString() + " "
                                        + series.path("times").path(i).asLong() + " "
                                        + series.path("values").path(i).asDouble(),
                                1,
                                Integer::sum);
                    }
                }
            }
        }
    }

    private static String keyOf(String sample) {
        return sample.substring(0, sample.lastIndexOf(' '));
    }

    private static double valueOf(String sample) {
        return Double.parseDouble(sample.substring(sample.lastIndexOf(' ') + 1));
    }

    private void publish(List<JsonNode> keys) {
        Semaphore window = new Semaphore(10);
        List<Device> devices = new ArrayList<>();
        try {
            for (JsonNode key : keys) {
                devices.add(Device.connect(key));
            }
            for (int n = 0; !enough; n++) {
                window.acquire();
                long time = first.toEpochMilli() + n;
                devices.get(n % devices.size())
                        .publish("{\"ts\": %d, \"metrics\": {\"level\": %d}}".formatted(time, n))
                        .thenRun(() -> {
                            acknowledged.incrementAndGet();
                            window.release();
                        });
                // Below the rate limit of a device, so that every reading is taken at once.
                TimeUnit.MILLISECONDS.sleep(8);
            }
            window.acquire(10);
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        } finally {
            devices.forEach(LiveAndHistoryIT::disconnect);
        }
    }

    private static void disconnect(Device device) {
        try {
            device.close();
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    private Map<String, Double> stored(Api api) {
        Map<String, Double> stored = new TreeMap<>();
        for (String device : DEVICES) {
            JsonNode answer = api.get("/data/" + device + "?metric=level&from=" + first.minusSeconds(1) + "&to="
                    + first.plusSeconds(300) + "&maxPoints=10000");
            for (JsonNode series : answer.path("series")) {
                for (int i = 0; i < series.path("times").size(); i++) {
                    stored.put(
                            device + " " + series.path("times").path(i).asLong(),
                            series.path("values").path(i).asDouble());
                }
            }
        }
        return stored;
    }
}
