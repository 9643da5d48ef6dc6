package dev.heliograph.ingest.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.model.id.DeviceKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SequencesTest {
    private static final DeviceKey DEVICE = DeviceKey.of("demo", "boiler-7");
    private static final int INSTANCES = 3;
    private static final int STEPS = 400;

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "in order              | a7 a8 a9                 | ''",
                "left out              | a7 a9                    | a9",
                "left out twice        | a7 a9 a10 a20            | a9 a20",
                "left out in the end   | a7 a9223372036854775807  | a9223372036854775807",
                "the end again         | a9223372036854775807 a9223372036854775807 | ''",
                "repeated              | a7 a7 a8                 | ''",
                "late                  | a7 a9 a8 a10             | a9",
                "counted anew from 0   | a700 a0 a1               | ''",
                "counted anew from 1   | a700 a1 a2 a3 a4 a6      | a6",
                "the first repeated    | a1 a2 a3 a1 a4 a5 a7     | a7",
                "the first and others repeated | a1 a2 a3 a4 a1 a3 a5 a7 | a7",
                "the first repeated, then left out | a0 a1 a2 a0 a4 | a4",
                "another connection    | a7 b107 b108             | ''",
                "and left out there    | a7 b107 b109             | b109",
                "each message for itself | a7 b107 c207 d300      | ''",
                "two that interleave   | a1 b2 a3 b4 a5           | ''",
                "the older one's last  | a7 b9 a8 b10             | ''",
                "back with an older number | a900 b100 b101 b103  | b103",
            })
    void givenNumbersOfStrands_whenTheyCome_thenThoseThatLeaveOutOthersOfTheirStrandAreGaps(
            String what, String numbers, String gaps) {
        Sequences sequences = new Sequences();
        List<String> found = new ArrayList<>();

        for (String each : numbers.split(" ")) {
            if (sequences.isGap(DEVICE, each.charAt(0), Long.parseLong(each.substring(1)))) {
                found.add(each);
            }
        }

        assertThat(String.join(" ", found)).isEqualTo(gaps);
    }

    @Test
    void givenTwoDevicesOnOneStrand_whenTheyCome_thenEachHasItsOwnNumbers() {
        Sequences sequences = new Sequences();
        DeviceKey other = DeviceKey.of("demo", "boiler-8");
        sequences.isGap(DEVICE, 1, 7);

        assertThat(sequences.isGap(other, 1, 700)).isFalse();
        assertThat(sequences.isGap(DEVICE, 1, 8)).isFalse();
        sequences.forget(DEVICE);
        assertThat(sequences.isGap(DEVICE, 1, 100)).isFalse();
        assertThat(sequences.isGap(other, 1, 702)).isTrue();
    }

    /**
     * A device that wanders over instances, by connections and by requests, loses and repeats messages and starts again. What
     * is called a gap is one over all instances; and every gap within a connection is called one.
     */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void givenADeviceThatWanders_whenNumbersAreLost_thenAGapIsNeverFalseAndNoneOfAConnectionIsMissed(long seed) {
        Random random = new Random(seed);
        int gaps = 0;
        int wanderings = 0;
        for (int device = 0; device < 250; device++) {
            Wanderer wanderer = new Wanderer(random);
            for (int step = 0; step < STEPS; step++) {
                wanderer.step("device " + device + ", step " + step);
            }
            gaps += wanderer.gaps;
            wanderings += wanderer.strand;
        }

        assertThat(gaps).isGreaterThan(1_000);
        assertThat(wanderings).isGreaterThan(1_000);
    }

    private static final class Wanderer {
        private final Random random;
        private final List<Sequences> instances = new ArrayList<>();
        /** Numbers of the present run that any instance has. */
        private final Set<Long> delivered = new HashSet<>();

        private final List<Long> onStrand = new ArrayList<>();
        private int instance;
        private int strand = 1;
        private boolean byRequests;
        private long next;
        private int gaps;

        Wanderer(Random random) {
            this.random = random;
            this.next = random.nextInt(1_000);
            for (int i = 0; i < INSTANCES; i++) {
                instances.add(new Sequences());
            }
        }

        void step(String what) {
            switch (random.nextInt(20)) {
                case 0 -> {
                    byRequests = random.nextBoolean();
                    begin();
                }
                case 1 -> next += 1 + random.nextInt(5);
                case 2 -> {
                    if (!onStrand.isEmpty()) {
                        send(onStrand.get(random.nextInt(onStrand.size())), what);
                    }
                }
                case 3 -> {
                    if (random.nextInt(10) == 0) {
                        next = random.nextInt(2);
                        delivered.clear();
                        begin();
                    }
                }
                default -> send(next++, what);
            }
        }

        private void begin() {
            instance = random.nextInt(INSTANCES);
            strand++;
            onStrand.clear();
        }

        private void send(long number, String what) {
            if (byRequests) {
                begin();
            }
            boolean found = instances.get(instance).isGap(DEVICE, strand, number);

            if (found) {
                assertThat(delivered)
                        .as(what + ": what is missing before " + number)
                        .doesNotContain(number - 1);
                gaps++;
            }
            if (!byRequests) {
                assertThat(found).as(what + ": " + onStrand + " then " + number).isEqualTo(leavesOut(number));
            }
            delivered.add(number);
            onStrand.add(number);
        }

        private boolean leavesOut(long number) {
            return number > 1 && !onStrand.isEmpty() && onStrand.stream().allMatch(before -> before < number - 1);
        }
    }
}
