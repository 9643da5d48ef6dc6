package dev.heliograph.model.sequence;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SequenceTrackTest {
    private static final long LONGEST = 10_000;
    private static final int MOST = 1_000;

    private record Sent(int run, long number, long time) {}

    private final SequenceTrack track = new SequenceTrack(SequenceTrack.State.NEW, LONGEST, MOST);

    /** A fleet of 500 devices: each loses, repeats, delays and now and then restarts; what is missing is known. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void givenLossDelayRepetitionAndRestarts_whenFed_thenMissingEqualsTheSetOfTheReference(long seed) {
        Random random = new Random(seed);
        for (int device = 0; device < 500; device++) {
            List<Sent> arrivals = arrivals(random);

            SequenceTrack fed = new SequenceTrack(SequenceTrack.State.NEW, LONGEST, MOST);
            for (Sent sent : arrivals) {
                fed.see(sent.number(), sent.time());
                fed = new SequenceTrack(fed.state(), LONGEST, MOST);
            }

            Set<String> expected = missing(arrivals);
            Set<String> found = new HashSet<>();
            fed.state().gaps().forEach(gap -> {
                for (long number = gap.from(); number <= gap.to(); number++) {
                    found.add(gap.run() + ":" + number);
                }
            });
            assertThat(found).as("device %d of seed %d", device, seed).isEqualTo(expected);
            assertThat(fed.state().missing()).isEqualTo(expected.size());
            assertThat(fed.state().resets())
                    .isEqualTo(arrivals.stream().mapToInt(Sent::run).max().orElse(0));
        }
    }

    @Test
    void givenGap_whenLateReadingsCome_thenItShrinksAndCloses() {
        track.see(1, 10);
        track.see(5, 50);
        assertThat(track.state().gaps()).containsExactly(new SequenceGap(0, 2, 4, 10, 50));

        track.see(3, 30);
        assertThat(track.state().gaps())
                .containsExactly(new SequenceGap(0, 2, 2, 10, 50), new SequenceGap(0, 4, 4, 10, 50));
        track.see(3, 30);
        track.see(2, 20);
        track.see(4, 40);

        assertThat(track.state().gaps()).isEmpty();
        assertThat(track.state().missing()).isZero();
        assertThat(track.state().filled()).isEqualTo(3);
        assertThat(track.state().resets()).isZero();
    }

    @Test
    void givenCounterBeginsAgain_whenOldReadingComesLate_thenItFillsItsOwnRunOnly() {
        track.see(100, 1_000);
        track.see(103, 1_300);
        track.see(0, 2_000);
        track.see(1, 2_100);

        track.see(101, 1_100);

        assertThat(track.state().resets()).isEqualTo(1);
        assertThat(track.state().gaps()).containsExactly(new SequenceGap(0, 102, 102, 1_000, 1_300));
        assertThat(track.state().highest()).isEqualTo(1);
    }

    @Test
    void givenLeapOfAMillion_whenSeen_thenItIsAJumpAndNothingIsMissing() {
        track.see(7, 10);
        track.see(1_000_007, 20);
        track.see(1_000_008, 30);

        assertThat(track.state().jumps()).isEqualTo(1);
        assertThat(track.state().missing()).isZero();
    }

    @Test
    void givenMoreGapsThanAreRemembered_whenOldestIsForgotten_thenItStaysMissing() {
        SequenceTrack small = new SequenceTrack(SequenceTrack.State.NEW, LONGEST, 3);
        for (int i = 0; i < 10; i++) {
            small.see(2L * i, i);
        }

        assertThat(small.state().gaps()).hasSize(3);
        assertThat(small.state().missing()).isEqualTo(9);
    }

    private static List<Sent> arrivals(Random random) {
        List<Sent> arrivals = new ArrayList<>();
        long time = 1_000;
        int runs = 1 + random.nextInt(3);
        for (int run = 0; run < runs; run++) {
            long first = run == 0 ? random.nextInt(500) : 0;
            // Long enough that the next run begins below the numbers of this one, as a restart does.
            int length = 20 + random.nextInt(60);
            List<Sent> sent = new ArrayList<>();
            for (int i = 0; i < length; i++) {
                time += 1 + random.nextInt(5);
                boolean lost = i > 0 && random.nextInt(6) == 0;
                if (!lost) {
                    Sent one = new Sent(run, first + i, time);
                    sent.add(one);
                    if (random.nextInt(8) == 0) {
                        sent.add(one);
                    }
                }
            }
            // The first of a run comes first, and the last number stands before any restart is seen.
            for (int i = 1; i < sent.size(); i++) {
                if (random.nextInt(4) == 0) {
                    Collections.swap(sent, i, Math.max(1, i - random.nextInt(5)));
                }
            }
            arrivals.addAll(sent);
        }
        return lateOnes(arrivals, random);
    }

    /** Some readings come much later, even after a restart; never the first or the highest of a run. */
    private static List<Sent> lateOnes(List<Sent> arrivals, Random random) {
        List<Sent> late = new ArrayList<>();
        List<Sent> order = new ArrayList<>();
        for (int i = 0; i < arrivals.size(); i++) {
            Sent sent = arrivals.get(i);
            boolean edge = arrivals.stream()
                            .filter(other -> other.run() == sent.run())
                            .mapToLong(Sent::number)
                            .max()
                            .orElse(0)
                    == sent.number();
            boolean first = i == 0 || arrivals.get(i - 1).run() != sent.run();
            if (!edge && !first && random.nextInt(15) == 0) {
                late.add(sent);
            } else {
                order.add(sent);
            }
        }
        order.addAll(late);
        return order;
    }

    private static Set<String> missing(List<Sent> arrivals) {
        Set<String> missing = new HashSet<>();
        int runs = arrivals.stream().mapToInt(Sent::run).max().orElse(0);
        for (int run = 0; run <= runs; run++) {
            int wanted = run;
            List<Sent> of =
                    arrivals.stream().filter(sent -> sent.run() == wanted).toList();
            long first = of.getFirst().number();
            long last = of.stream().mapToLong(Sent::number).max().orElseThrow();
            for (long number = first; number <= last; number++) {
                missing.add(run + ":" + number);
            }
            of.forEach(sent -> missing.remove(wanted + ":" + sent.number()));
        }
        return missing;
    }
}
