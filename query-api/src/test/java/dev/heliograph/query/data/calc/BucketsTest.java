package dev.heliograph.query.data.calc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heliograph.query.data.NaiveBuckets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BucketsTest {
    private static final long SECOND = 1_000_000;
    private static final List<String> LENGTHS = List.of(
            "1m", "5m", "15m", "20m", "30m", "1h", "2h", "3h", "4h", "6h", "8h", "12h", "24h", "1d", "2d", "3d", "1w",
            "2w", "1mo", "3mo");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UTC",
                "Europe/Berlin",
                "America/New_York",
                "America/St_Johns",
                "America/Havana",
                "America/Sao_Paulo",
                "America/Santiago",
                "Atlantic/Azores",
                "Africa/Casablanca",
                "Antarctica/Troll",
                "Asia/Tehran",
                "Asia/Kolkata",
                "Asia/Kathmandu",
                "Australia/Lord_Howe",
                "Pacific/Chatham",
                "Pacific/Apia"
            })
    void givenZone_whenBucketsAreMade_thenTheyAreWhatTheClockOnTheWallShows(String name) {
        ZoneId zone = ZoneId.of(name);
        Random random = new Random(name.hashCode());
        for (int i = 0; i < 40; i++) {
            String length = LENGTHS.get(random.nextInt(LENGTHS.size()));
            long from = nearAChange(zone, random) + random.nextInt(-90_000, 90_000);
            long range = 60L + random.nextInt(length.endsWith("m") ? 40_000 : 400_000);

            Buckets buckets = of(length, zone, from, from + range);

            List<Long> expected = NaiveBuckets.edges(length, zone, from, from + range, 60);
            assertThat(LongStream.of(buckets.edges()).map(edge -> edge / SECOND).boxed())
                    .as("%s in %s from %s for %d s", length, name, Instant.ofEpochSecond(from), range)
                    .containsExactlyElementsOf(expected);
        }
    }

    private static long nearAChange(ZoneId zone, Random random) {
        Instant any = Instant.parse("2005-01-01T00:00:00Z").plusSeconds(random.nextLong(24L * 365 * 86_400));
        ZoneOffsetTransition change = zone.getRules().nextTransition(any);
        return change == null || random.nextInt(4) == 0 ? any.getEpochSecond() : change.toEpochSecond();
    }

    private static Buckets of(String length, ZoneId zone, long fromSecond, long toSecond) {
        return Buckets.covering(
                BucketSpec.parse(length).orElseThrow(), zone, fromSecond * SECOND, toSecond * SECOND, 100_000);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-03-29,Europe/Berlin,23",
                "2026-10-25,Europe/Berlin,25",
                "2026-04-05,Australia/Lord_Howe,24.5",
                "2026-10-04,Australia/Lord_Howe,23.5",
                "2026-06-01,Asia/Kathmandu,24"
            })
    void givenDayOfAChange_whenADayIsABucket_thenItHasItsTrueLength(String line) {
        String[] parts = line.split(",");
        ZoneId zone = ZoneId.of(parts[1]);
        long start = java.time.LocalDate.parse(parts[0]).atStartOfDay(zone).toEpochSecond();

        Buckets day = of("1d", zone, start + 7_200, start + 7_201);

        assertThat(day.edges()).hasSize(2);
        assertThat((day.end() - day.start()) / SECOND / 3_600.0).isEqualTo(Double.parseDouble(parts[2]));
    }

    @Test
    void givenDayOf25Hours_whenHoursAreBuckets_thenThereAre25() {
        ZoneId berlin = ZoneId.of("Europe/Berlin");
        long start = Instant.parse("2026-10-24T22:00:00Z").getEpochSecond();

        Buckets hours = of("1h", berlin, start, start + 25 * 3_600);

        assertThat(hours.size()).isEqualTo(25);
        assertThat(hours.uniformMicros()).isEqualTo(3_600 * SECOND);
    }

    @Test
    void givenDateThatApiaLeftOut_whenDaysAreBuckets_thenItHasNone() {
        ZoneId apia = ZoneId.of("Pacific/Apia");
        long start = Instant.parse("2011-12-29T10:00:00Z").getEpochSecond();

        Buckets days = of("1d", apia, start, start + 2 * 86_400);

        assertThat(days.size()).isEqualTo(2);
    }

    @Test
    void givenInstants_whenLookedUp_thenTheyAreInTheBucketThatHoldsThem() {
        Random random = new Random(7);
        for (String length : List.of("1h", "1d", "1mo", "all")) {
            Buckets buckets = of(length, ZoneId.of("Europe/Berlin"), 1_774_000_000L, 1_790_000_000L);
            long[] edges = buckets.edges();
            for (int i = 0; i < 2_000; i++) {
                long micros =
                        edges[0] - SECOND + (long) (random.nextDouble() * (buckets.end() - edges[0] + 2 * SECOND));
                int expected = (int) Arrays.stream(edges)
                                .filter(edge -> edge <= micros)
                                .count()
                        - 1;
                assertThat(buckets.indexOf(micros)).isEqualTo(expected);
            }
            assertThat(buckets.indexOf(edges[1])).isEqualTo(1);
            assertThat(buckets.indexOf(edges[1] - 1)).isZero();
        }
    }

    @Test
    void givenMoreBucketsThanAllowed_whenMade_thenRefused() {
        BucketSpec hour = BucketSpec.parse("1h").orElseThrow();

        assertThat(Buckets.covering(hour, ZoneOffset.UTC, 0, 10 * 3_600 * SECOND, 10)
                        .size())
                .isEqualTo(10);
        assertThatThrownBy(() -> Buckets.covering(hour, ZoneOffset.UTC, 0, 10 * 3_600 * SECOND + 1, 10))
                .isInstanceOf(Buckets.TooManyException.class);
    }

    @Test
    void givenLengths_whenReadAndWritten_thenInTheirLargestUnit() {
        assertThat(List.of("10s", "60s", "90m", "24h", "7d", "1w", "1mo", "12mo", "all"))
                .extracting(text -> BucketSpec.parse(text).orElseThrow().label())
                .containsExactly("10s", "1m", "90m", "1d", "7d", "1w", "1mo", "12mo", "all");
        assertThat(List.of("0", "0s", "-1h", "1ns", "1y", "1 h", "P1D", "1000000s", "mo", "", "٣h"))
                .allMatch(text -> BucketSpec.parse(text).isEmpty());
    }
}
