package dev.heliograph.query.data.calc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Filling, thinning and times in states, each against what is plain to see. */
class ArithmeticTest {
    private static final double NAN = Double.NaN;

    @Test
    void givenGaps_whenFilledWithThePrevious_thenOnlyBehindTheFirstKnown() {
        double[] column = {NAN, 2, NAN, NAN, 5, NAN};

        Fill.PREVIOUS.fill(column, new long[] {0, 1, 2, 3, 4, 5});

        assertThat(column).containsExactly(NAN, 2, 2, 2, 5, 5);
    }

    @Test
    void givenGapsOfUnequalBuckets_whenFilledLinearly_thenByTimeAndOnlyBetweenKnownOnes() {
        double[] column = {NAN, 2, NAN, NAN, 8, NAN};

        Fill.LINEAR.fill(column, new long[] {0, 10, 11, 14, 16, 20});

        assertThat(column).containsExactly(NAN, 2, 3, 6, 8, NAN);
    }

    @ParameterizedTest
    @EnumSource(Thinning.class)
    void givenManyPoints_whenThinned_thenEndsAndOrderStayAndNoMoreThanAsked(Thinning thinning) {
        Random random = new Random(11);
        for (int i = 0; i < 500; i++) {
            int size = 1 + random.nextInt(2_000);
            int points = 3 + random.nextInt(200);
            long[] times =
                    random.longs(size, 0, 1_000_000_000).sorted().distinct().toArray();
            double[] values = random.doubles(times.length, -50, 50).toArray();

            int[] chosen = thinning.of(times, values, times.length, points);

            assertThat(chosen.length).isLessThanOrEqualTo(Math.min(points, times.length));
            assertThat(chosen[0]).isZero();
            assertThat(chosen[chosen.length - 1]).isEqualTo(times.length - 1);
            assertThat(IntStream.range(1, chosen.length).allMatch(at -> chosen[at] > chosen[at - 1]))
                    .isTrue();
        }
    }

    @Test
    void givenThreePointsWanted_whenThinnedByMinmax_thenTheFartherOneStays() {
        assertThat(Thinning.MINMAX.of(new long[] {0, 1, 2, 3, 4}, new double[] {0, 5, -7, 1, 0}, 5, 3))
                .containsExactly(0, 2, 4);
        assertThat(Thinning.MINMAX.of(new long[] {0, 1, 2, 3, 4}, new double[] {0, 8, -7, 1, 0}, 5, 3))
                .containsExactly(0, 1, 4);
    }

    @Test
    void givenOnePeak_whenThinnedByMinmax_thenItStays() {
        Random random = new Random(5);
        for (int i = 0; i < 300; i++) {
            long[] times = IntStream.range(0, 5_000)
                    .mapToLong(second -> second * 1_000L)
                    .toArray();
            double[] values = random.doubles(times.length).toArray();
            int peak = random.nextInt(times.length);
            int trough = random.nextInt(times.length);
            values[peak] = 99;
            values[trough] = -99;

            int[] chosen = Thinning.MINMAX.of(times, values, times.length, 50);

            assertThat(chosen).contains(trough);
            assertThat(Arrays.stream(chosen).anyMatch(at -> values[at] == 99)).isEqualTo(peak != trough);
        }
    }

    @Test
    void givenSteps_whenThinnedByLttb_thenAsThePaperSays() {
        // Three buckets of two between the ends; by hand: the point with the largest triangle to the one before and the
        // mean of the next.
        long[] times = {0, 1, 2, 3, 4, 5, 6, 7};
        double[] values = {0, 0, 10, 0, 0, -8, 0, 0};

        int[] chosen = Thinning.LTTB.of(times, values, 8, 5);

        assertThat(chosen).containsExactly(0, 2, 3, 5, 7);
    }

    @Test
    void givenStates_whenTimed_thenEveryMillisecondIsCountedOnce() {
        Random random = new Random(3);
        List<String> names = List.of("idle", "heating", "fault");
        for (int i = 0; i < 1_000; i++) {
            long start = 1_774_700_000_000_000L + random.nextInt(1_000_000) * 1_000L;
            Buckets buckets = Buckets.covering(
                    BucketSpec.parse("1h").orElseThrow(),
                    java.time.ZoneId.of("Australia/Lord_Howe"),
                    start,
                    start + 1 + random.nextInt(100_000) * 1_000_000L,
                    10_000);
            long now = buckets.start() + (long) ((buckets.end() - buckets.start()) * (0.5 + random.nextDouble()));
            long[] changes = random.longs(1 + random.nextInt(20), buckets.start() - 3_600_000_000L, buckets.end())
                    .map(micros -> micros / 1_000 * 1_000)
                    .sorted()
                    .distinct()
                    .toArray();
            String[] states = IntStream.range(0, changes.length)
                    .mapToObj(any -> names.get(random.nextInt(3)))
                    .toArray(String[]::new);
            StateTimes times = new StateTimes(buckets, now, 50);

            for (int at = 0; at < changes.length; at++) {
                times.change(changes[at], states[at]);
            }
            times.end();

            Map<String, long[]> millis = times.millis();
            for (String name : names) {
                long[] told = millis.getOrDefault(name, new long[buckets.size()]);
                for (int bucket = 0; bucket < buckets.size(); bucket++) {
                    assertThat(told[bucket]).isEqualTo(naive(changes, states, name, buckets, bucket, now));
                }
            }
        }
    }

    private static long naive(long[] changes, String[] states, String name, Buckets buckets, int bucket, long now) {
        long micros = 0;
        for (int at = 0; at < changes.length; at++) {
            long until = at + 1 < changes.length ? changes[at + 1] : Long.MAX_VALUE;
            long from = Math.max(changes[at], buckets.edge(bucket));
            long to = Math.min(Math.min(until, buckets.edge(bucket + 1)), now);
            micros += states[at].equals(name) ? Math.max(0, to - from) : 0;
        }
        return micros / 1_000;
    }

    @Test
    void givenMoreStatesThanAreToldApart_whenTimed_thenTheRestIsOne() {
        Buckets buckets = Buckets.covering(BucketSpec.ALL, java.time.ZoneOffset.UTC, 0, 10_000_000, 1);
        StateTimes times = new StateTimes(buckets, Long.MAX_VALUE, 2);

        for (int i = 0; i < 5; i++) {
            times.change(i * 2_000_000L, "state" + i);
        }
        times.end();

        assertThat(times.millis().get(StateTimes.OTHERS)).containsExactly(6_000);
        assertThat(times.millis()).hasSize(3);
    }

    @Test
    void givenNames_whenRead_thenAggregatesOfTheSameName() {
        assertThat(List.of("avg", "p1", "p50", "p99", "time-in-state", "integral"))
                .allMatch(name -> Aggregate.parse(name).orElseThrow().label().equals(name));
        assertThat(List.of("p0", "p100", "p050", "AVG", "percentile", "sleep(10)", "time_in_state", ""))
                .allMatch(name -> Aggregate.parse(name).isEmpty());
    }
}
