package dev.heliograph.ingest.sparkplug;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.ingest.sparkplug.SequenceTrack.Order;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SequenceTrackTest {
    private static final int MAX_GAP = 16;
    private static final int HISTORIES = 2_000;
    private static final int MESSAGES = 700;

    /**
     * The reference numbers messages without end instead of modulo 256 and keeps sets of all that has come. What it judges is
     * an arrival within 100 of the newest, as a network with a bound on its delay produces it.
     */
    @Test
    void givenLostLateAndRepeatedMessages_whenTaken_thenTheOrderIsThatOfEndlessNumbers() {
        for (int seed = 0; seed < HISTORIES; seed++) {
            Random random = new Random(seed);
            int first = random.nextInt(256);
            SequenceTrack track = new SequenceTrack(first, hash(first), MAX_GAP);
            TreeSet<Integer> missing = new TreeSet<>();
            TreeSet<Integer> seen = new TreeSet<>(List.of(first));
            int newest = first;
            for (int number : arrivals(random, first)) {
                Order expected;
                if (number == newest + 1) {
                    expected = Order.NEXT;
                    newest = number;
                } else if (missing.remove(number)) {
                    expected = missing.isEmpty() ? Order.COMPLETE : Order.LATE;
                } else if (seen.contains(number)) {
                    expected = Order.DUPLICATE;
                } else if (number <= newest || missing.contains(number - SequenceTrack.RANGE)) {
                    // Given up by an earlier rift, or leapt to the place of one that is missing: nobody can tell.
                    break;
                } else if (number - newest - 1 > MAX_GAP) {
                    expected = Order.RIFT;
                    missing.clear();
                    newest = number;
                } else {
                    expected = Order.GAP;
                    for (int lost = newest + 1; lost < number; lost++) {
                        missing.add(lost);
                    }
                    newest = number;
                }
                seen.add(number);
                missing.headSet(newest - 255 + MAX_GAP, true).clear();

                assertThat(track.take(number & 255, hash(number)))
                        .as("seed %d, number %d", seed, number)
                        .isEqualTo(expected);
            }
        }
    }

    private static int hash(int number) {
        return number * 31 + 7;
    }

    private static List<Integer> arrivals(Random random, int first) {
        List<Integer> arrivals = new ArrayList<>();
        double loss = random.nextInt(3) == 0 ? 0 : random.nextDouble() * 0.2;
        for (int number = first + 1; number < first + MESSAGES; number++) {
            if (random.nextDouble() < 0.002) {
                number += random.nextInt(80);
            }
            if (random.nextDouble() >= loss) {
                int back = random.nextInt(6) == 0 ? random.nextInt(Math.min(20, arrivals.size() + 1)) : 0;
                arrivals.add(arrivals.size() - back, number);
                if (random.nextDouble() < 0.05) {
                    arrivals.add(number);
                }
            }
        }
        return arrivals;
    }

    @Test
    void givenTheSameNumberWithOtherBytes_whenItComesAgain_thenItIsNoDuplicate() {
        SequenceTrack track = new SequenceTrack(0, 1, MAX_GAP);
        track.take(1, 2);

        assertThat(track.take(1, 3)).isEqualTo(Order.RIFT);
    }
}
