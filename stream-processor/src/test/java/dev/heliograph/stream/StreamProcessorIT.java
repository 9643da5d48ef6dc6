package dev.heliograph.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;
import static org.awaitility.Awaitility.await;

import dev.heliograph.model.id.MetricName;
import dev.heliograph.model.reading.Micros;
import dev.heliograph.model.reading.Sample;
import dev.heliograph.model.sketch.QuantileSketch;
import dev.heliograph.model.testing.KafkaNode;
import dev.heliograph.model.wire.AlertTransitionRecord;
import dev.heliograph.model.wire.PresenceRecord;
import dev.heliograph.model.wire.RuleRecord;
import dev.heliograph.model.wire.ServiceStatusRecord;
import dev.heliograph.model.wire.SessionRecord;
import dev.heliograph.model.wire.Topics;
import dev.heliograph.model.wire.WindowRecord;
import dev.heliograph.stream.run.StreamCondition;
import dev.heliograph.stream.run.StreamSupervisor;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.context.ConfigurableApplicationContext;

class StreamProcessorIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String RULE = "7f1c2d34-0000-4000-8000-000000000001";

    @TempDir
    Path directory;

    private KafkaNode kafka;
    private Devices devices;

    @BeforeEach
    void start() {
        kafka = new KafkaNode(directory.resolve("kafka"));
        devices = new Devices(kafka.bootstrapServers());
    }

    @AfterEach
    void stop() {
        devices.close();
        kafka.close();
    }

    @Test
    void givenTheService_whenItsTopicsAppear_thenWindowsPresenceAndAlertsFollowAndARestartKeepsThem() throws Exception {
        try (ConfigurableApplicationContext service = run()) {
            await().atMost(PATIENCE).until(() -> detail(service).contains("missing topics"));
            assertThat(readiness(service)).isEqualTo("OUT_OF_SERVICE");

            kafka.createTopics(2);

            await().atMost(PATIENCE).until(() -> readiness(service).equals("UP"));
            putRule(1, 50);
            awaitFiring("temperature 60 >= 50");
            putRule(2, 70);
            await("rule 2")
                    .atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(transitions())
                            .extracting(AlertTransitionRecord::explanation)
                            .contains("ended because the rule was changed to version 2"));
            report("boiler-1", 80);
            awaitFiring("temperature 80 >= 70");
            awaitHeartbeat();
        }
        int before = transitions().size();
        try (ConfigurableApplicationContext service = run()) {
            await().atMost(PATIENCE).until(() -> readiness(service).equals("UP"));
            // The open alert was kept: more of the same is no new transition, and the return resolves that alert.
            report("boiler-1", 81);
            report("boiler-1", 40);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(transitions()).hasSize(before + 1));
            assertThat(transitions().getLast().alert())
                    .isEqualTo(transitions().get(before - 1).alert());

            devices.put(
                    Topics.DEVICE_SESSIONS,
                    "demo/boiler-1",
                    SessionRecord.CODEC.encode(
                            new SessionRecord(1, "demo", "boiler-1", "will", Micros.of(Instant.now()), null, null)));
            devices.put(Topics.READINGS, "demo/boiler-1", new byte[] {1, 2, 3});
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(presence())
                            .extracting(PresenceRecord::state)
                            .contains("reporting", "offline"));
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(windows())
                            .extracting(WindowRecord::phase)
                            .contains("early", "final"));
        }
    }

    @Test
    void givenReadingsWithoutAPause_whenTheProcessIsKilled_thenEveryWindowIsFinalOnceAndComplete() throws Exception {
        kafka.createTopics(2);
        Map<String, AtomicInteger> sent = new HashMap<>();
        for (int device = 0; device < 10; device++) {
            sent.put("d" + device, new AtomicInteger());
        }
        ScheduledExecutorService schedule = Executors.newSingleThreadScheduledExecutor();
        try (TopicTail<WindowRecord> tail =
                new TopicTail<>(kafka.bootstrapServers(), Topics.WINDOWS, WindowRecord.CODEC)) {
            schedule.scheduleAtFixedRate(
                    () -> sent.forEach(
                            (device, count) -> devices.report(device, Instant.now(), count.incrementAndGet(), 1)),
                    0,
                    100,
                    TimeUnit.MILLISECONDS);
            StreamProcess first = new StreamProcess(kafka.bootstrapServers(), directory);
            await().atMost(PATIENCE).until(() -> !tail.all().isEmpty());
            int before = tail.all().size();
            await().atMost(PATIENCE).until(() -> tail.all().size() > before + 50);
            first.kill();

            try (StreamProcess second = new StreamProcess(kafka.bootstrapServers(), directory)) {
                int atKill = tail.all().size();
                await().atMost(PATIENCE).until(() -> tail.all().size() > atKill + 100);
                schedule.shutdown();
                schedule.awaitTermination(10, TimeUnit.SECONDS);
                devices.flush();

                await().atMost(PATIENCE).untilAsserted(() -> {
                    Map<String, Long> counted = new HashMap<>();
                    lastOfTenSeconds(tail.all())
                            .values()
                            .forEach(window -> counted.merge(window.device(), window.count(), Long::sum));
                    sent.forEach((device, count) ->
                            assertThat(counted.get(device)).as(device).isEqualTo(count.longValue()));
                });
                await().atMost(PATIENCE)
                        .untilAsserted(
                                () -> assertThat(lastOfTenSeconds(tail.all()).values())
                                        .allMatch(window -> !window.phase().equals("early")));
                Map<String, Integer> finals = new HashMap<>();
                tail.all().stream()
                        .filter(window -> window.phase().equals("final"))
                        .forEach(window -> finals.merge(name(window), 1, Integer::sum));
                assertThat(finals.values()).isNotEmpty().containsOnly(1);
                assertThat(second.isAlive()).isTrue();
            }
        } finally {
            schedule.shutdownNow();
        }
    }

    @Test
    void givenAnHourOfReadings_whenTheServiceIsRestartedWithinIt_thenTheHourIsWholeAndLateReadingsHealIt()
            throws Exception {
        kafka.createTopics(2);
        Instant hour = Instant.now().truncatedTo(ChronoUnit.HOURS).minus(Duration.ofHours(3));
        String often = "--heliograph.stream.windows.tell-hours-every=100ms";
        try (ConfigurableApplicationContext service = run(often)) {
            await().atMost(PATIENCE).until(() -> readiness(service).equals("UP"));
            reportMinutes(hour, 0, 30);
            awaitHour(hour, "early", 25);
        }
        try (ConfigurableApplicationContext service = run(often)) {
            await().atMost(PATIENCE).until(() -> readiness(service).equals("UP"));
            reportMinutes(hour, 30, 61);

            WindowRecord closed = awaitHour(hour, "final", 60);

            assertThat(closed.mean()).isCloseTo(29.5, within(1e-9));
            assertThat(QuantileSketch.fromBytes(Objects.requireNonNull(closed.sketch()))
                            .quantile(0.95))
                    .isCloseTo(56, withinPercentage(1));
            report("boiler-1", 100, hour.plusSeconds(3_599));
            assertThat(awaitHour(hour, "revised", 61).max()).isEqualTo(100);
            report("boiler-1", 200, hour.plusSeconds(1));
            awaitHour(hour, "repair", 0);
        }
    }

    @Test
    void givenStateThatANewerVersionKept_whenTheServiceStarts_thenItIsNotReadyAndSaysWhy() throws Exception {
        kafka.createTopics(2);
        try (ConfigurableApplicationContext service = run()) {
            await().atMost(PATIENCE).until(() -> readiness(service).equals("UP"));
            report("boiler-1", 20);
            await().atMost(PATIENCE).until(() -> !presence().isEmpty());
        }
        devices.put("heliograph-stream-device-state-changelog", "demo/boiler-1", new byte[] {99, 1, 2});
        devices.flush();

        try (ConfigurableApplicationContext service = run()) {
            await().atMost(PATIENCE)
                    .until(() -> detail(service)
                            .startsWith(
                                    "the kept state cannot be read: state of the device demo/boiler-1: version 99 was"
                                            + " written by a newer build"));
            assertThat(readiness(service)).isEqualTo("OUT_OF_SERVICE");
        }
    }

    private void reportMinutes(Instant hour, int from, int to) {
        for (int minute = from; minute < to; minute++) {
            report("boiler-1", minute, hour.plusSeconds(minute * 60L + 35));
        }
    }

    private WindowRecord awaitHour(Instant hour, String phase, long count) {
        return await(phase + " hour")
                .atMost(PATIENCE)
                .until(
                        () -> windows().stream()
                                .filter(window -> window.size().equals("1h")
                                        && window.start() == Micros.of(hour)
                                        && window.phase().equals(phase)
                                        && window.count() >= count)
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    private static Map<String, WindowRecord> lastOfTenSeconds(List<WindowRecord> windows) {
        Map<String, WindowRecord> last = new HashMap<>();
        windows.stream()
                .filter(window -> window.size().equals("10s"))
                .forEach(window -> last.put(name(window), window));
        return last;
    }

    private static String name(WindowRecord window) {
        return window.device() + "/" + window.metric() + "/" + window.size() + "@" + window.start();
    }

    private ConfigurableApplicationContext run(String... settings) {
        List<String> arguments =
                new ArrayList<>(StreamProcess.arguments(kafka.bootstrapServers(), directory.resolve("state")));
        arguments.addAll(List.of(settings));
        return StreamProcessorApplication.builder().run(arguments.toArray(String[]::new));
    }

    private static String detail(ConfigurableApplicationContext service) {
        StreamCondition condition = service.getBean(StreamSupervisor.class).condition();
        return condition.detail();
    }

    private static String readiness(ConfigurableApplicationContext service) {
        return String.valueOf(
                service.getBean(HealthEndpoint.class).healthForPath("readiness").getStatus());
    }

    private void putRule(int version, double limit) {
        var scope = new RuleRecord.Scope(List.of(), List.of(), List.of(), Map.of());
        var hot = new RuleRecord.Threshold("temperature", "ge", limit, limit);
        var rule = new RuleRecord(1, RULE, "demo", version, true, "Hot", "critical", scope, hot, 0, 0, null, null);
        devices.put(Topics.RULES, "demo/" + RULE, RuleRecord.CODEC.encode(rule));
        devices.flush();
    }

    private void awaitFiring(String explanation) {
        await(explanation).atMost(PATIENCE).untilAsserted(() -> {
            // Until the rule has arrived, a reading changes nothing; a later one does.
            report("boiler-1", explanation.contains("80") ? 80 : 60);
            assertThat(transitions())
                    .extracting(AlertTransitionRecord::explanation)
                    .contains(explanation);
        });
    }

    private void awaitHeartbeat() {
        try (var tail = new TopicTail<>(kafka.bootstrapServers(), Topics.SERVICE_STATUS, ServiceStatusRecord.CODEC)) {
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(tail.all().getLast()).satisfies(status -> {
                        assertThat(status.service()).isEqualTo("stream-processor");
                        assertThat(status.state()).isEqualTo("up");
                        assertThat(status.gauges())
                                .containsEntry("devices", 1.0)
                                .containsKey("lagRecords");
                        assertThat(status.counters().get("readings")).isPositive();
                    }));
        }
    }

    private void report(String device, double temperature) {
        report(device, temperature, Instant.now());
    }

    private void report(String device, double temperature, Instant time) {
        devices.report(device, time, List.of(new Sample.Measurement(new MetricName("temperature"), temperature)));
        devices.flush();
    }

    private List<AlertTransitionRecord> transitions() {
        return read(Topics.ALERT_TRANSITIONS, AlertTransitionRecord.CODEC);
    }

    private List<PresenceRecord> presence() {
        return read(Topics.PRESENCE, PresenceRecord.CODEC);
    }

    private List<WindowRecord> windows() {
        return read(Topics.WINDOWS, WindowRecord.CODEC);
    }

    private <T> List<T> read(String topic, dev.heliograph.model.wire.WireCodec<T> codec) {
        try (var tail = new TopicTail<>(kafka.bootstrapServers(), topic, codec)) {
            tail.all();
            return tail.all();
        }
    }
}
