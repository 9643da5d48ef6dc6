package dev.heliograph.model.window;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.id.MetricName;
import dev.heliograph.model.reading.Reading;
import dev.heliograph.model.reading.ReadingFlag;
import dev.heliograph.model.reading.Sample;
import dev.heliograph.model.reading.Transport;
import dev.heliograph.model.sketch.QuantileSketch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class DeviceWindowsTest {
    private static final int HISTORIES = 3_000;
    private static final long SECOND = 1_000_000;
    private static final long T0 = 1_790_000_040L * SECOND; // start of a minute
    private static final MetricName TEMPERATURE = new MetricName("temperature");

    private final List<WindowResult> results = new ArrayList<>();
    private final Recorder recorder = new Recorder();
    private final StoredSpans minutes = new StoredSpans();
    private final StoredSpans hours = new StoredSpans();
    private final DeviceWindows windows = new DeviceWindows(WindowPolicy.DEFAULT, minutes, hours);
    private long offset;

    @Test
    void givenManyHistories_whenDrained_thenTheLastWordOnEveryWindowIsItsRecomputation() {
        int settled = 0;
        int repaired = 0;
        int revised = 0;
        int[] hours = new int[2];
        for (int seed = 0; seed < HISTORIES; seed++) {
            WindowHistory history = new WindowHistory(seed, WindowHistory.policy(new Random(seed)), true);

            history.play(150);

            assertThat(history.isDrained()).as("seed %d is drained", seed).isTrue();
            var truth = history.truth();
            assertThat(history.toldOf(truth.keySet()))
                    .as("windows of seed %d", seed)
                    .isEqualTo(truth.keySet());
            for (var entry : truth.entrySet()) {
                List<WindowResult> told = history.told.get(entry.getKey());
                String name = "seed " + seed + ", " + entry.getKey();
                checkOrder(name, told);
                boolean isRepaired = told.stream().anyMatch(result -> result.phase() == WindowPhase.REPAIR);
                hours[isRepaired ? 1 : 0] += entry.getKey().size() == WindowSize.ONE_HOUR ? 1 : 0;
                if (isRepaired) {
                    repaired++;
                    checkRepair(name, told, entry.getValue(), history);
                } else {
                    settled++;
                    revised += told.getLast().revision() > 0 ? 1 : 0;
                    checkLast(name, told.getLast(), entry.getValue());
                }
            }
        }
        // Guards against a test that proves nothing because everything was repaired, or nothing was revised.
        assertThat(settled).isGreaterThan(repaired);
        assertThat(repaired).isGreaterThan(HISTORIES);
        assertThat(revised).isGreaterThan(HISTORIES);
        assertThat(hours[0]).as("hours that the stream settled").isGreaterThan(HISTORIES);
        assertThat(hours[1]).as("hours that were repaired").isGreaterThan(HISTORIES);
    }

    /** A window without a repair has the summary of all its samples; the reference computes in two passes. */
    private static void checkLast(String name, WindowResult last, TreeMap<Long, Double> samples) {
        double[] values =
                samples.values().stream().mapToDouble(Double::doubleValue).toArray();
        double mean = Arrays.stream(values).average().orElseThrow();
        double squares = Arrays.stream(values)
                .map(value -> (value - mean) * (value - mean))
                .sum();
        QuantileSketch sketch =
                last.size() == WindowSize.TEN_SECONDS ? null : QuantileSketch.of(values, 0, values.length);
        WindowStats stats = last.stats();
        boolean holds = (last.phase() == WindowPhase.FINAL || last.phase() == WindowPhase.REVISED)
                && stats != null
                && stats.count() == samples.size()
                && stats.firstMicros() == samples.firstKey()
                && stats.lastMicros() == samples.lastKey()
                && stats.first() == samples.firstEntry().getValue()
                && stats.last() == samples.lastEntry().getValue()
                && stats.min() == Arrays.stream(values).min().orElseThrow()
                && stats.max() == Arrays.stream(values).max().orElseThrow()
                && Math.abs(stats.sum() - mean * values.length) < 1e-8
                && Math.abs(stats.mean() - mean) < 1e-9
                && Math.abs(stats.squaredDeviations() - squares) < 1e-6
                && Objects.equals(last.sketch(), sketch);
        assertThat(holds).as("%s: %s of %s", name, last, samples).isTrue();
    }

    /** Final once, revisions counted without a gap, nothing early after it, counts that only grow, repair to the end. */
    private static void checkOrder(String name, List<WindowResult> told) {
        int revision = -1;
        long count = 0;
        boolean repair = false;
        for (WindowResult result : told) {
            WindowStats stats = result.stats();
            boolean holds = switch (result.phase()) {
                case EARLY -> revision == -1 && !repair;
                case FINAL -> ++revision == 0 && !repair;
                case REVISED -> result.revision() == ++revision && !repair;
                case REPAIR -> true;
            };
            assertThat(holds && (stats == null || stats.count() >= count))
                    .as("%s: %s in %s", name, result, told)
                    .isTrue();
            repair |= result.phase() == WindowPhase.REPAIR;
            count = stats == null ? count : stats.count();
        }
    }

    /** Whoever recomputes at the last repair's source, or later, misses no sample of the window. */
    private static void checkRepair(
            String name, List<WindowResult> told, TreeMap<Long, Double> samples, WindowHistory history) {
        SourcePosition source = told.getLast().source();
        assertThat(source).as(name).isNotNull();
        long newest = samples.keySet().stream()
                .mapToLong(time -> history.firstOffset(told.getLast().metric(), time))
                .max()
                .orElseThrow();
        assertThat(source.offset()).as(name).isGreaterThanOrEqualTo(newest);
    }

    @Test
    void givenTheSameHistory_whenPlayedAgain_thenTheResultsAreTheSame() {
        for (int seed = 0; seed < 200; seed++) {
            WindowPolicy policy = WindowHistory.policy(new Random(seed));
            WindowHistory first = new WindowHistory(seed, policy, true);
            WindowHistory second = new WindowHistory(seed, policy, true);

            first.play(150);
            second.play(150);

            assertThat(second.transcript).as("seed %d", seed).hasToString(first.transcript.toString());
        }
    }

    @Test
    void givenManyHistories_whenPlayed_thenNoPolicyIsExceeded() {
        for (int seed = 0; seed < 300; seed++) {
            WindowPolicy policy = WindowHistory.policy(new Random(seed));
            WindowHistory history = new WindowHistory(seed, policy, true);

            history.play(150);

            assertThat(history.mostMinutes).as("seed %d", seed).isLessThanOrEqualTo(policy.maxMinutes());
            assertThat(history.mostHours).as("seed %d", seed).isLessThanOrEqualTo(policy.maxHours());
            assertThat(history.duplicates).as("seed %d", seed).isLessThanOrEqualTo(history.expectedDuplicates);
            assertThat(history.conflicts).as("seed %d", seed).isLessThanOrEqualTo(history.expectedConflicts);
        }
    }

    @Test
    void givenSamplesInOrder_whenTheDeviceClockPassesEndAndLateness_thenEachWindowIsFinalOnce() {
        for (int second = 0; second < 120; second++) {
            report(T0 + second * SECOND, second, T0 + second * SECOND);
        }

        List<WindowResult> finals = finals(WindowSize.TEN_SECONDS);

        assertThat(finals)
                .extracting(WindowResult::startMicros)
                .startsWith(T0, T0 + 10 * SECOND)
                .hasSize(8);
        assertThat(finals.getFirst().stats()).isNotNull();
        assertThat(finals.getFirst().stats().count()).isEqualTo(10);
        assertThat(finals(WindowSize.ONE_MINUTE)).hasSize(1);
    }

    @Test
    void givenAQuietDevice_whenTheWallClockGoesOn_thenItsLastWindowCloses() {
        report(T0, 1, T0);
        windows.advance(T0 + 39 * SECOND, false, recorder);
        assertThat(finals(WindowSize.TEN_SECONDS)).isEmpty();

        windows.advance(T0 + 40 * SECOND, false, recorder);

        assertThat(finals(WindowSize.TEN_SECONDS)).hasSize(1);
    }

    @Test
    void givenAPipelineThatCatchesUp_whenTheWallClockIsFarAhead_thenNothingIsClosedByIt() {
        report(T0, 1, T0);

        windows.advance(T0 + 3_600 * SECOND, true, recorder);

        assertThat(finals(WindowSize.TEN_SECONDS)).isEmpty();
    }

    @Test
    void givenADeviceHoursBehind_whenItReportsByItsOwnClock_thenItsWindowsCloseByThatClock() {
        long behind = 7_200 * SECOND;
        for (int second = 0; second < 60; second++) {
            report(T0 - behind + second * SECOND, second, T0 + second * SECOND);
        }

        assertThat(finals(WindowSize.TEN_SECONDS))
                .hasSize(2)
                .allMatch(result -> result.stats() != null && result.stats().count() == 10);
    }

    @Test
    void givenAClosedWindow_whenALateSampleComes_thenItIsRevised() {
        report(T0, 1, T0);
        windows.advance(T0 + 100 * SECOND, false, recorder);

        report(T0 + 2 * SECOND, 3, T0 + 110 * SECOND);

        assertThat(results.getLast().phase()).isEqualTo(WindowPhase.REVISED);
        assertThat(results.getLast().revision()).isEqualTo(1);
        assertThat(results.getLast().stats()).isNotNull();
        assertThat(results.getLast().stats().mean()).isEqualTo(2);
    }

    @Test
    void givenAForgottenMinute_whenALateSampleComes_thenItsWindowsAskForRepair() {
        report(T0, 1, T0);
        windows.advance(T0 + 3_600 * SECOND, false, recorder);
        assertThat(minutes.bytes).isEmpty();
        results.clear();

        report(T0 + 2 * SECOND, 3, T0 + 3_601 * SECOND);

        assertThat(results)
                .extracting(WindowResult::phase, WindowResult::size, WindowResult::source)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(
                                WindowPhase.REPAIR, WindowSize.TEN_SECONDS, new SourcePosition(0, 1)),
                        org.assertj.core.groups.Tuple.tuple(
                                WindowPhase.REPAIR, WindowSize.ONE_MINUTE, new SourcePosition(0, 1)),
                        org.assertj.core.groups.Tuple.tuple(
                                WindowPhase.REPAIR, WindowSize.ONE_HOUR, new SourcePosition(0, 1)));

        results.clear();
        windows.advance(T0 + 2 * 3_600 * SECOND, false, recorder);
        assertThat(results)
                .as("the hour of the minute is repaired again when it closes")
                .extracting(WindowResult::phase, WindowResult::size, WindowResult::source)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(
                        WindowPhase.REPAIR, WindowSize.ONE_HOUR, new SourcePosition(0, 1)));
    }

    @Test
    void givenARunningHour_whenAMinuteOfItIsRepaired_thenItIsRepairedAfterEachMinuteAndWhenItCloses() {
        report(T0, 1, T0);
        windows.advance(T0 + 600 * SECOND, false, recorder);
        results.clear();

        report(T0 + 2 * SECOND, 3, T0 + 601 * SECOND);
        assertThat(windows.dueMicros()).as("nobody has to send for it").isLessThanOrEqualTo(T0 + 660 * SECOND);
        windows.advance(T0 + 700 * SECOND, false, recorder);
        assertThat(repairedHours()).containsExactly(new SourcePosition(0, 1));

        report(T0 + 1_000 * SECOND, 5, T0 + 1_000 * SECOND);
        windows.advance(T0 + 1_200 * SECOND, false, recorder);
        assertThat(repairedHours()).containsExactly(new SourcePosition(0, 1), new SourcePosition(0, 2));

        windows.advance(T0 + 2 * 3_600 * SECOND, false, recorder);
        assertThat(repairedHours()).hasSize(3);
        windows.advance(T0 + 3 * 3_600 * SECOND, false, recorder);
        assertThat(repairedHours()).as("nothing has changed").hasSize(3);
    }

    @Test
    void givenADeviceAheadOfTheWallClock_whenItsHourNeedsRepair_thenItIsAskedForWhenTheHourIsOver() {
        long start = WindowSize.ONE_HOUR.startOf(T0) + 3_600 * SECOND;
        report(start, 1, start);
        windows.note(past(start + 10 * SECOND), new SourcePosition(0, offset++));
        long ahead = start + 3_700 * SECOND;
        report(ahead, 2, ahead - 240 * SECOND);
        results.clear();

        windows.advance(ahead - 230 * SECOND, false, recorder);
        assertThat(repairedHours()).isEmpty();
        windows.advance(start + 3_640 * SECOND, false, recorder);

        assertThat(repairedHours()).hasSize(1);
    }

    private List<SourcePosition> repairedHours() {
        return results.stream()
                .filter(result -> result.size() == WindowSize.ONE_HOUR && result.phase() == WindowPhase.REPAIR)
                .map(WindowResult::source)
                .toList();
    }

    private static Reading past(long time) {
        return new Reading(
                DeviceKey.of("demo", "d"),
                time,
                time,
                null,
                List.of(new Sample.Measurement(TEMPERATURE, 7)),
                null,
                Transport.HTTP,
                Set.of(ReadingFlag.BACKFILL));
    }

    @Test
    void givenManySamplesASecond_whenTold_thenEarlyResultsComeOnceASecond() {
        for (int i = 0; i < 100; i++) {
            report(T0 + i * SECOND / 20, i, T0 + i * SECOND / 20);
        }

        assertThat(results.stream().filter(result -> result.size() == WindowSize.TEN_SECONDS))
                .hasSize(5);
    }

    private List<WindowResult> finals(WindowSize size) {
        return results.stream()
                .filter(result -> result.phase() == WindowPhase.FINAL && result.size() == size)
                .toList();
    }

    private void report(long time, double value, long now) {
        var sample = new Sample.Measurement(TEMPERATURE, value);
        var reading = new Reading(
                DeviceKey.of("demo", "d"), time, now, null, List.of(sample), null, Transport.MQTT, Set.of());
        windows.accept(reading, new SourcePosition(0, offset++), now, recorder);
    }

    private final class Recorder implements WindowEvents {
        @Override
        public void result(WindowResult result) {
            results.add(result);
        }

        @Override
        public void duplicate(MetricName metric, long timeMicros, boolean conflicting) {}

        @Override
        public void overflow(MetricName metric, long minuteStartMicros) {}
    }
}
