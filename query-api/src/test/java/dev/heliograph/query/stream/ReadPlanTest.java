package dev.heliograph.query.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReadPlanTest {
    private static final Duration LINGER = Duration.ofSeconds(30);
    private static final int PARTITIONS = 6;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void givenRandomNeedsAndReadings_whenPlanned_thenWhatIsNeededIsReadAndNothingElseForLong(long seed) {
        Random random = new Random(seed);
        ReadPlan plan = new ReadPlan(LINGER);
        Map<Place, Long> neededAt = new HashMap<>();
        Map<Place, Long> arrivedAt = new HashMap<>();
        Set<Place> read = Set.of();
        long now = random.nextLong();
        Set<Place> needed = new HashSet<>();
        int quietSteps = 0;
        int idleReads = 0;
        for (int step = 0; step < 500; step++) {
            now += random.nextLong(random.nextBoolean() ? 1_000_000_000L : 20_000_000_000L);
            flip(needed, random);
            boolean quiet = step % 100 > 60;
            for (Place place : read) {
                if (!quiet && place.topic() == StreamTopic.SAMPLES && random.nextInt(3) == 0) {
                    plan.arrived(place, now);
                    arrivedAt.put(place, now);
                }
            }

            read = plan.next(needed, PARTITIONS, now);

            long at = now;
            needed.forEach(place -> neededAt.put(place, at));
            assertThat(read).containsAll(needed);
            neededAt.forEach((place, last) -> {
                if (at - last <= LINGER.toNanos()) {
                    assertThat(plan.next(needed, PARTITIONS, at)).contains(place);
                }
            });
            Set<Place> serving = new HashSet<>(read);
            serving.removeIf(
                    place -> !arrivedAt.containsKey(place) || at - arrivedAt.get(place) > ReadPlan.QUIET.toNanos());
            if (serving.isEmpty()) {
                assertThat(read).containsAll(everyReading());
                quietSteps++;
            }
            // What nobody has needed for long is read for the freshness only, by which all or one may be read, and
            // those
            // that were read so for as long as they linger.
            idleReads += (int) read.stream()
                    .filter(place -> place.topic() != StreamTopic.SAMPLES)
                    .filter(place -> !neededAt.containsKey(place) || at - neededAt.get(place) > LINGER.toNanos())
                    .count();
        }
        assertThat(idleReads).isZero();
        assertThat(quietSteps).isPositive();
    }

    @Test
    void givenNobody_whenReadingsCome_thenOnePartitionStaysAndAllAreReadOnceItIsQuiet() {
        ReadPlan plan = new ReadPlan(LINGER);
        assertThat(plan.next(Set.of(), PARTITIONS, 0)).isEqualTo(everyReading());
        Place busy = new Place(StreamTopic.SAMPLES, 4);
        plan.arrived(busy, 0);

        assertThat(plan.next(Set.of(), PARTITIONS, seconds(31))).containsExactly(busy);
        assertThat(plan.next(Set.of(), PARTITIONS, seconds(60))).containsExactly(busy);
        assertThat(plan.next(Set.of(), PARTITIONS, seconds(61))).isEqualTo(everyReading());
    }

    @Test
    void givenViewerThatComesAndGoes_whenBackInTime_thenItsPartitionWasReadAllTheTime() {
        ReadPlan plan = new ReadPlan(LINGER);
        Place its = new Place(StreamTopic.WINDOWS, 2);
        plan.next(Set.of(its), PARTITIONS, 0);

        assertThat(plan.next(Set.of(), PARTITIONS, seconds(30))).contains(its);
        assertThat(plan.next(Set.of(), PARTITIONS, seconds(31))).doesNotContain(its);
    }

    private static void flip(Set<Place> needed, Random random) {
        StreamTopic topic =
                StreamTopic.live().get(random.nextInt(StreamTopic.live().size()));
        Place place = new Place(topic, random.nextInt(PARTITIONS));
        if (!needed.remove(place)) {
            needed.add(place);
        }
        if (random.nextInt(10) == 0) {
            needed.clear();
        }
    }

    private static Set<Place> everyReading() {
        Set<Place> every = new HashSet<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            every.add(new Place(StreamTopic.SAMPLES, partition));
        }
        return every;
    }

    private static long seconds(long seconds) {
        return Duration.ofSeconds(seconds).toNanos();
    }
}
