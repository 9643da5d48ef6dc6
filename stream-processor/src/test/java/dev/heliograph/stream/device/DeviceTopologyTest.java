package dev.heliograph.stream.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.heliograph.model.sketch.QuantileSketch;
import dev.heliograph.model.testing.WireGolden;
import dev.heliograph.model.wire.AlertTransitionRecord;
import dev.heliograph.model.wire.PresenceRecord;
import dev.heliograph.model.wire.QuarantineRecord;
import dev.heliograph.model.wire.RuleRecord;
import dev.heliograph.model.wire.Topics;
import dev.heliograph.model.wire.WindowRecord;
import dev.heliograph.stream.StreamCounters;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeviceTopologyTest {
    private static final String RULE = "7f1c2d34-0000-4000-8000-000000000001";
    private static final RuleRecord.Scope EVERY_DEVICE =
            new RuleRecord.Scope(List.of(), List.of(), List.of(), Map.of());
    private static final RuleRecord.Condition HOT = new RuleRecord.Threshold("temperature", "ge", 46, 44);

    @TempDir
    Path stateDirectory;

    private TopologyHarness harness;

    @BeforeEach
    void open() {
        harness = new TopologyHarness(DeviceTopology.Storage.MEMORY, stateDirectory);
    }

    @AfterEach
    void close() {
        harness.close();
    }

    @Test
    void givenTheTopology_whenDescribed_thenNamesAndConnectionsAreAsAgreed() throws IOException {
        String description = DeviceTopology.build(
                        DevicePolicy.DEFAULT,
                        DeviceTopology.Storage.ROCKS_DB,
                        Topics.QUARANTINE,
                        new StreamCounters(),
                        partition -> OptionalLong.empty())
                .describe()
                .toString();

        try (var golden = Objects.requireNonNull(getClass().getResourceAsStream("/topology.txt"))) {
            assertThat(description.strip())
                    .as("node and store names are part of the names of changelogs: change them knowingly")
                    .isEqualTo(new String(golden.readAllBytes(), StandardCharsets.UTF_8).strip());
        }
    }

    @Test
    void givenReadings_whenTimePasses_thenEachWindowIsEarlyAndThenFinal() {
        for (int second = 0; second < 20; second++) {
            harness.report("boiler-7", "temperature", second);
            harness.pass(Duration.ofSeconds(1));
        }
        harness.pass(Duration.ofSeconds(90));

        List<WindowRecord> windows = harness.windows();

        assertThat(phase(windows, "early")).isNotEmpty();
        assertThat(phase(windows, "final"))
                .extracting(WindowRecord::size, WindowRecord::count, WindowRecord::mean)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("10s", 10L, 4.5),
                        org.assertj.core.groups.Tuple.tuple("10s", 10L, 14.5),
                        org.assertj.core.groups.Tuple.tuple("1m", 20L, 9.5));
    }

    @Test
    void givenTheSameOnDisk_whenTimePasses_thenTheWindowsAreTheSame() {
        harness.close();
        harness = new TopologyHarness(DeviceTopology.Storage.ROCKS_DB, stateDirectory);

        for (int second = 0; second < 20; second += 2) {
            harness.report("boiler-7", "temperature", second);
            harness.pass(Duration.ofMillis(2_000));
        }
        harness.pass(Duration.ofMinutes(70));

        assertThat(phase(harness.windows(), "final"))
                .extracting(WindowRecord::size)
                .containsExactly("10s", "10s", "1m", "1h");
        try (var minutes =
                harness.driver.getKeyValueStore(DeviceTopology.MINUTE_STORE).all()) {
            assertThat(minutes.hasNext())
                    .as("a minute or an hour is left after its retention")
                    .isFalse();
        }
    }

    @Test
    void givenAnHourOfReadings_whenItEnds_thenItIsToldEarlyFinalAndRevisedWithAPercentile() {
        harness.pass(Duration.between(
                harness.now(), harness.now().truncatedTo(ChronoUnit.HOURS).plus(Duration.ofHours(1))));
        Instant start = harness.now();
        for (int i = 0; i < 360; i++) {
            harness.report("boiler-7", "temperature", i);
            harness.pass(Duration.ofSeconds(10));
        }
        harness.pass(Duration.ofSeconds(60));
        harness.report("boiler-7", "temperature", 1_000, start.plus(Duration.ofSeconds(3_598)));
        harness.pass(Duration.ofMinutes(2));
        // The minute of this one was let go: only the stored measurements know its windows from now on.
        harness.report("boiler-7", "temperature", 2_000, start.plus(Duration.ofSeconds(1)));
        harness.pass(Duration.ofMinutes(2));

        List<WindowRecord> hours = harness.windows().stream()
                .filter(window -> window.size().equals("1h") && window.start() == TopologyHarness.micros(start))
                .toList();

        assertThat(phase(hours, "early")).hasSizeBetween(55, 60).allMatch(hour -> hour.sketch() == null);
        WindowRecord closed = phase(hours, "final").getFirst();
        assertThat(closed.count()).isEqualTo(360);
        assertThat(closed.mean()).isCloseTo(179.5, within(1e-9));
        assertThat(QuantileSketch.fromBytes(Objects.requireNonNull(closed.sketch()))
                        .quantile(0.95))
                .isCloseTo(341, withinPercentage(1));
        WindowRecord revised = phase(hours, "revised").getFirst();
        assertThat(revised.rev()).isEqualTo(1);
        assertThat(revised.count()).isEqualTo(361);
        assertThat(revised.max()).isEqualTo(1_000);
        assertThat(hours.getLast().phase()).isEqualTo("repair");
        assertThat(hours.getLast().srcOffset()).isNotNull();
    }

    @Test
    void givenHistoryOfADevice_whenItComes_thenPresenceAndAlertsDoNotLearnOfIt() {
        harness.rule(rule(1, true, HOT, 0));
        harness.tellOfThePast("never-seen", "temperature", 99, harness.now().minus(Duration.ofDays(900)));
        harness.report("boiler-7", "temperature", 20);
        harness.pass(Duration.ofSeconds(1));
        harness.presence();

        harness.tellOfThePast("boiler-7", "temperature", 99, harness.now());
        harness.tellOfThePast("boiler-7", "temperature", 99, harness.now().minus(Duration.ofHours(3)));
        harness.pass(Duration.ofMinutes(10));

        assertThat(harness.transitions()).isEmpty();
        assertThat(harness.presence())
                .extracting(PresenceRecord::device, PresenceRecord::state)
                .containsOnly(
                        org.assertj.core.groups.Tuple.tuple("boiler-7", "late"),
                        org.assertj.core.groups.Tuple.tuple("boiler-7", "silent"));
        assertThat(harness.counters.backfilledReadings()).isEqualTo(3);
    }

    @Test
    void givenHistoryWithinALiveMinute_whenItComes_thenItsWindowsAreHandedToTheStoreAndTheNextAreNot() {
        harness.report("boiler-7", "temperature", 20);
        harness.tellOfThePast("boiler-7", "temperature", 21, harness.now().plusMillis(500));
        harness.pass(Duration.ofSeconds(2));
        harness.report("boiler-7", "temperature", 22);
        harness.pass(Duration.ofSeconds(60));
        harness.report("boiler-7", "temperature", 23);
        harness.pass(Duration.ofMinutes(2));

        List<WindowRecord> windows = harness.windows();

        assertThat(windows)
                .filteredOn(window -> window.size().equals("1m"))
                .extracting(WindowRecord::phase)
                .containsSubsequence("early", "repair", "repair", "early", "final");
        List<WindowRecord> repairs = windows.stream()
                .filter(window -> window.phase().equals("repair"))
                .toList();
        assertThat(repairs)
                .filteredOn(window -> !window.size().equals("1h"))
                .extracting(WindowRecord::srcOffset)
                .contains(1L, 2L)
                .doesNotContain(3L);
        // The hour was not seen whole, so it is the store's for as long as it runs.
        assertThat(repairs)
                .filteredOn(window -> window.size().equals("1h"))
                .extracting(WindowRecord::srcOffset)
                .contains(3L);
    }

    @Test
    void givenADeviceDatedAhead_whenOthersReportOnTime_thenTheyLoseNothing() {
        harness.report("rogue", "temperature", 1, harness.now().plus(Duration.ofHours(1)));
        for (int second = 0; second < 10; second++) {
            for (int device = 0; device < 100; device++) {
                harness.report("d" + device, "temperature", second);
            }
            harness.pass(Duration.ofSeconds(1));
        }
        harness.pass(Duration.ofSeconds(60));

        assertThat(phase(harness.windows(), "final"))
                .filteredOn(window ->
                        window.size().equals("10s") && !window.device().equals("rogue"))
                .hasSize(100)
                .allMatch(window -> window.count() == 10);
    }

    @Test
    void givenDisorderAndDuplicates_whenAllHasSettled_thenTheWindowsAreTheirRecomputation() {
        Random random = new Random(42);
        Map<String, TreeSet<Instant>> truth = new HashMap<>();
        for (int i = 0; i < 2_000; i++) {
            String device = "d" + random.nextInt(5);
            Instant time = harness.now().minusMillis(random.nextLong(60_000));
            harness.report(device, "temperature", time.toEpochMilli() % 1_000, time);
            if (random.nextInt(3) == 0) {
                harness.report(device, "temperature", time.toEpochMilli() % 1_000, time);
            }
            truth.computeIfAbsent(device + "@" + time.getEpochSecond() / 10, key -> new TreeSet<>())
                    .add(time);
            harness.pass(Duration.ofMillis(random.nextLong(400)));
        }
        harness.pass(Duration.ofMinutes(10));

        Map<String, WindowRecord> last = new HashMap<>();
        for (WindowRecord window : harness.windows()) {
            assertThat(window.phase()).isNotEqualTo("repair");
            if (window.size().equals("10s")) {
                last.put(window.device() + "@" + window.start() / 10_000_000, window);
            }
        }
        assertThat(last.keySet()).isEqualTo(truth.keySet());
        truth.forEach((window, times) -> {
            WindowRecord told = Objects.requireNonNull(last.get(window));
            assertThat(told.count()).as(window).isEqualTo(times.size());
            double sum = times.stream()
                    .mapToDouble(time -> time.toEpochMilli() % 1_000)
                    .sum();
            assertThat(told.sum()).as(window).isEqualTo(sum);
        });
        assertThat(harness.counters.duplicates()).isGreaterThan(500);
    }

    @Test
    void givenADeviceThatFallsSilent_whenTimePasses_thenPresenceFollowsFromReceipt() {
        harness.register("boiler-7", true, null, 10_000L);
        harness.report("boiler-7", "temperature", 1);
        Instant seen = harness.now();
        harness.pass(Duration.ofSeconds(40));
        harness.session("boiler-7", "will");

        List<PresenceRecord> presence = harness.presence();

        assertThat(presence)
                .extracting(PresenceRecord::state)
                .containsExactly("reporting", "late", "silent", "offline");
        assertThat(presence.get(1).at()).isEqualTo(TopologyHarness.micros(seen.plusSeconds(15)));
        assertThat(presence.get(2).at()).isEqualTo(TopologyHarness.micros(seen.plusSeconds(30)));
        assertThat(presence.get(3).connected()).isFalse();
    }

    @Test
    void givenASensorThatStops_whenItsDeviceGoesOn_thenPresenceNamesTheMetricUntilItComesBack() {
        for (int i = 0; i < 5; i++) {
            harness.report("boiler-7", "humidity", i);
            harness.report("boiler-7", "temperature", i);
            harness.pass(Duration.ofSeconds(10));
        }
        for (int i = 0; i < 5; i++) {
            harness.report("boiler-7", "temperature", i);
            harness.pass(Duration.ofSeconds(10));
        }
        harness.report("boiler-7", "humidity", 1);

        List<PresenceRecord> presence = harness.presence();

        assertThat(presence).extracting(PresenceRecord::state).containsOnly("reporting");
        assertThat(presence.stream().filter(record -> List.of("humidity").equals(record.silentMetrics())))
                .isNotEmpty();
        assertThat(presence.getLast().silentMetrics()).isNull();
    }

    @Test
    void givenReadingsWaiting_whenTimePasses_thenNoDeviceIsCalledSilentAndNoAbsenceIsRaised() {
        harness.rule(rule(1, true, new RuleRecord.Absence(30_000), 0));
        harness.register("boiler-7", true, null, 10_000L);
        harness.report("boiler-7", "temperature", 1);
        harness.setWaiting(OptionalLong.of(100_000));
        harness.pass(Duration.ofMinutes(5));

        assertThat(harness.presence()).extracting(PresenceRecord::state).containsExactly("reporting");
        assertThat(harness.transitions()).isEmpty();

        harness.setWaiting(OptionalLong.of(0));
        harness.pass(Duration.ofSeconds(2));

        assertThat(harness.presence()).extracting(PresenceRecord::state).containsExactly("silent");
        assertThat(harness.transitions()).extracting(AlertTransitionRecord::to).containsExactly("firing");
    }

    @Test
    void givenReadingsWaiting_whenTimePasses_thenDevicesThatOnlyWaitForThePipelineCostNoLooks() {
        for (int device = 0; device < 50; device++) {
            harness.register("boiler-" + device, true, null, 10_000L);
            harness.report("boiler-" + device, "temperature", 1);
        }
        harness.setWaiting(OptionalLong.of(100_000));
        harness.pass(Duration.ofSeconds(90));
        long looksOnceBehind = harness.counters.looks();
        harness.pass(Duration.ofMinutes(30));

        assertThat(harness.counters.looks()).isEqualTo(looksOnceBehind);

        harness.setWaiting(OptionalLong.of(0));
        harness.pass(Duration.ofSeconds(2));

        assertThat(harness.presence())
                .filteredOn(told -> told.state().equals("silent"))
                .hasSize(50);
    }

    @Test
    void givenReadingsThatWaitedLong_whenTheyAreCaughtUpWith_thenNoDeviceIsCalledSilentInBetween() {
        harness.register("boiler-7", true, null, 10_000L);
        Instant end = harness.now();
        for (int second = 600; second > 0; second -= 10) {
            harness.reportReceived("boiler-7", "temperature", second, end.minusSeconds(second));
        }
        harness.report("boiler-7", "temperature", 0);
        harness.pass(Duration.ofSeconds(9));

        assertThat(harness.presence()).extracting(PresenceRecord::state).containsOnly("reporting");
    }

    @Test
    void givenKafkaThatNoLongerAnswers_whenTimePasses_thenNoDeviceIsCalledSilent() {
        harness.register("boiler-7", true, null, 10_000L);
        harness.report("boiler-7", "temperature", 1);
        harness.pass(Duration.ofSeconds(1));
        harness.setWaiting(OptionalLong.empty());
        harness.pass(Duration.ofMinutes(10));

        assertThat(harness.presence()).extracting(PresenceRecord::state).containsExactly("reporting");
        assertThat(harness.counters.tasksBehindCount()).isEqualTo(1);
    }

    @Test
    void givenALagThatIsNeverKnown_whenTheStartHasSettled_thenSilenceIsToldAllTheSame() {
        harness.close();
        harness = new TopologyHarness(DeviceTopology.Storage.MEMORY, stateDirectory, OptionalLong.empty());
        harness.register("boiler-7", true, null, 10_000L);
        harness.report("boiler-7", "temperature", 1);
        harness.pass(Duration.ofSeconds(29));
        assertThat(harness.presence()).extracting(PresenceRecord::state).containsExactly("reporting");

        harness.pass(Duration.ofSeconds(10));

        assertThat(harness.presence()).extracting(PresenceRecord::state).contains("silent");
    }

    @Test
    void givenAReportingDevice_whenItGoesOn_thenItsLastSeenTimeIsTold() {
        for (int i = 0; i < 70; i++) {
            harness.report("boiler-7", "temperature", i);
            harness.pass(Duration.ofSeconds(1));
        }

        assertThat(harness.presence())
                .extracting(PresenceRecord::state, PresenceRecord::previous)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("reporting", "unknown"),
                        org.assertj.core.groups.Tuple.tuple("reporting", "reporting"),
                        org.assertj.core.groups.Tuple.tuple("reporting", "reporting"));
    }

    @Test
    void givenARule_whenItChangesAndGoes_thenAlertsFollowWithoutARestart() {
        harness.report("boiler-7", "temperature", 50);
        harness.rule(rule(1, true, HOT, 0));
        harness.pass(Duration.ofSeconds(1));
        harness.report("boiler-7", "temperature", 50);
        harness.rule(rule(2, true, new RuleRecord.Threshold("temperature", "ge", 60, 60), 0));
        harness.pass(Duration.ofSeconds(1));
        harness.report("boiler-7", "temperature", 61);
        harness.deleteRule(RULE);
        harness.pass(Duration.ofSeconds(1));

        assertThat(harness.transitions())
                .extracting(AlertTransitionRecord::to, AlertTransitionRecord::explanation)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("firing", "temperature 50 >= 46"),
                        org.assertj.core.groups.Tuple.tuple(
                                "resolved", "ended because the rule was changed to version 2"),
                        org.assertj.core.groups.Tuple.tuple("firing", "temperature 61 >= 60"),
                        org.assertj.core.groups.Tuple.tuple("resolved", "ended because the rule was deleted"));
    }

    @Test
    void givenARuleForAType_whenTheDeviceIsRegisteredSo_thenItIsWatched() {
        var boilers = new RuleRecord.Scope(List.of(), List.of("boiler"), List.of(), Map.of());
        harness.rule(new RuleRecord(1, RULE, "demo", 1, true, "Hot", "info", boilers, HOT, 0, 0, null, null));
        harness.report("boiler-7", "temperature", 50);
        assertThat(harness.transitions()).isEmpty();

        harness.register("boiler-7", true, "boiler", null);
        harness.pass(Duration.ofSeconds(1));
        harness.report("boiler-7", "temperature", 50);
        harness.register("boiler-7", false, "boiler", null);

        assertThat(harness.transitions())
                .extracting(AlertTransitionRecord::explanation)
                .containsExactly("temperature 50 >= 46", "ended because the device was disabled");
    }

    @Test
    void givenAnAbsence_whenTheDeviceIsBack_thenItResolves() {
        harness.rule(rule(1, true, new RuleRecord.Absence(30_000), 0));
        harness.report("boiler-7", "temperature", 1);
        harness.pass(Duration.ofSeconds(31));
        harness.report("boiler-7", "temperature", 1);

        assertThat(harness.transitions())
                .extracting(AlertTransitionRecord::from, AlertTransitionRecord::to)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("ok", "firing"),
                        org.assertj.core.groups.Tuple.tuple("firing", "resolved"));
    }

    @Test
    void givenASensorThatStopped_whenARuleIsMadeForIt_thenItFiresAndEndsWithItsReturn() {
        harness.report("boiler-7", "humidity", 1);
        for (int i = 0; i < 4; i++) {
            harness.report("boiler-7", "temperature", i);
            harness.pass(Duration.ofSeconds(10));
        }
        harness.rule(rule(1, true, new RuleRecord.Absence(30_000, "humidity"), 0));
        harness.report("boiler-7", "temperature", 9);
        harness.pass(Duration.ofSeconds(1));
        harness.report("boiler-7", "humidity", 2);

        assertThat(harness.transitions())
                .extracting(AlertTransitionRecord::metric, AlertTransitionRecord::from, AlertTransitionRecord::to)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("humidity", "ok", "firing"),
                        org.assertj.core.groups.Tuple.tuple("humidity", "firing", "resolved"));
    }

    @Test
    void givenPoisonInEveryTopic_whenGoodRecordsFollow_thenItIsSetAsideAndTheyAreProcessed() {
        byte[] noise = {1, 2, 3};
        harness.pipe(Topics.READINGS, "demo/boiler-7", noise);
        harness.pipe(Topics.READINGS, "not a device", noise);
        harness.pipe(Topics.READINGS, null, null);
        harness.pipe(Topics.DEVICE_SESSIONS, "demo/boiler-7", noise);
        harness.pipe(Topics.DEVICES, "demo/boiler-7", noise);
        harness.pipe(Topics.RULES, "demo/x", noise);

        harness.report("boiler-7", "temperature", 1);

        List<QuarantineRecord> letters = harness.quarantined();
        assertThat(letters).hasSize(5).allMatch(letter -> letter.reason().equals("POISON"));
        assertThat(letters).extracting(QuarantineRecord::tenant).containsExactly("demo", "_", "_", "demo", "demo");
        assertThat(harness.presence()).hasSize(1);
        assertThat(harness.counters.poisonRecords()).isEqualTo(5);
        assertThat(harness.counters.refusedRules()).isEqualTo(1);
    }

    @Test
    void givenRecordsOfANewerVersionInEveryTopic_whenGoodRecordsFollow_thenTheyAreSetAsideAsSuch() {
        harness.pipe(Topics.READINGS, "demo/boiler-7", ofANewerVersion("reading"));
        harness.pipe(Topics.READINGS, "demo/boiler-7", ofANewerVersion("correction"));
        harness.pipe(Topics.DEVICE_SESSIONS, "demo/boiler-7", ofANewerVersion("session"));
        harness.pipe(Topics.DEVICES, "demo/boiler-7", ofANewerVersion("device"));
        harness.pipe(Topics.RULES, "demo/2b8a1d3e-6a2f-4c4d-9e5f-112233445566", ofANewerVersion("rule-threshold"));

        harness.report("boiler-7", "temperature", 99);

        assertThat(harness.quarantined())
                .hasSize(4)
                .allMatch(letter -> letter.reason().equals("SCHEMA"));
        assertThat(harness.counters.poisonRecords()).isEqualTo(4);
        assertThat(harness.counters.refusedRules()).isEqualTo(1);
        assertThat(harness.presence()).hasSize(1);
        assertThat(harness.transitions()).isEmpty();
    }

    @Test
    void givenRecordsWithFieldsOfANewerVersion_whenRead_thenTheyAreTakenForWhatIsKnownOfThem() {
        harness.pipe(Topics.DEVICES, "demo/boiler-7", withANewField("device"));
        harness.pipe(Topics.RULES, "demo/2b8a1d3e-6a2f-4c4d-9e5f-112233445566", withANewField("rule-threshold"));
        harness.pipe(Topics.DEVICE_SESSIONS, "demo/boiler-7", withANewField("session"));
        harness.pipe(Topics.READINGS, "demo/boiler-7", withANewField("reading"));

        assertThat(harness.quarantined()).isEmpty();
        assertThat(harness.counters.refusedRules()).isZero();
        assertThat(harness.presence()).isNotEmpty();
    }

    private static byte[] ofANewerVersion(String name) {
        return WireGolden.changed(name, "\"v\":1", "\"v\":2");
    }

    private static byte[] withANewField(String name) {
        return WireGolden.changed(name, "\"v\":1,", "\"v\":1,\"addedLater\":{\"deep\":[1,{}]},");
    }

    private static List<WindowRecord> phase(List<WindowRecord> windows, String phase) {
        return windows.stream().filter(window -> window.phase().equals(phase)).toList();
    }

    private static RuleRecord rule(int version, boolean enabled, RuleRecord.Condition condition, long holdMs) {
        return new RuleRecord(
                1,
                RULE,
                "demo",
                version,
                enabled,
                "Overheat",
                "critical",
                EVERY_DEVICE,
                condition,
                holdMs,
                0,
                null,
                null);
    }
}
