package dev.heliograph.model.clock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.heliograph.model.reading.Micros;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AgreedClockTest {
    private static final long SECOND = 1_000_000;
    private static final long HOUR = 3_600 * SECOND;
    private static final int HISTORIES = 2_000;

    /** A machine and a Kafka whose clocks can be set; the truth is what the test counts. */
    private static final class World {
        private long trueMicros = 1_790_000_000L * SECOND;
        private long wallAhead;
        private long kafkaAhead;
        private long lookNanos;
        private final AgreedClock clock = new AgreedClock(this::wall, this::nanos);

        private Instant wall() {
            Instant now = Micros.toInstant(trueMicros + wallAhead);
            pass(lookNanos / 1_000);
            return now;
        }

        private long nanos() {
            return (trueMicros - 1_700_000_000L * SECOND) * 1_000;
        }

        void pass(long micros) {
            trueMicros += micros;
        }

        boolean beat(long wayMicros) {
            AgreedClock.Question question = clock.ask();
            pass(wayMicros / 2);
            long stamp = Math.floorDiv(trueMicros + kafkaAhead, 1_000L);
            pass(wayMicros - wayMicros / 2);
            return question.answered(stamp);
        }

        long ahead() {
            return Micros.of(clock.instant()) - trueMicros;
        }
    }

    private final World world = new World();

    @Test
    void givenNoWordOfKafka_whenTheWallClockIsSet_thenItIsFollowed() {
        world.wallAhead = HOUR;

        assertThat(world.ahead()).isEqualTo(HOUR);
        assertThat(world.clock.skewSeconds()).isNaN();
    }

    @Test
    void givenAnAgreedTime_whenTheWallClockIsSet_thenTheTimeGoesOnAsBefore() {
        world.beat(4_000);
        world.wallAhead = HOUR;

        boolean told = world.beat(4_000);

        assertThat(told).isTrue();
        assertThat(world.beat(4_000)).isFalse();
        assertThat(world.ahead()).isZero();
        assertThat(world.clock.isWallDoubted()).isTrue();
        assertThat(world.clock.skewSeconds()).isCloseTo(3_600, within(0.01));
    }

    @Test
    void givenAMachineThatBeganWithAWrongClock_whenThatIsPutRight_thenItIsFollowedBack() {
        world.wallAhead = HOUR;
        world.beat(4_000);
        assertThat(world.ahead()).isEqualTo(HOUR);

        world.wallAhead = 0;

        assertThat(world.beat(4_000)).isTrue();
        assertThat(world.ahead()).isZero();
        assertThat(world.clock.isWallDoubted()).isFalse();
    }

    @Test
    void givenAnAgreedTime_whenKafkasClockIsSet_thenNothingIsFollowedAndTheSkewIsTold() {
        world.beat(4_000);
        world.kafkaAhead = -HOUR;

        world.beat(4_000);

        assertThat(world.ahead()).isZero();
        assertThat(world.clock.skewSeconds()).isCloseTo(3_600, within(0.01));
    }

    @Test
    void givenSmallCorrectionsOfTheWallClock_whenKafkaAnswers_thenTheyAreTakenOver() {
        world.beat(4_000);
        world.wallAhead = -300_000;

        world.beat(4_000);

        assertThat(world.ahead()).isEqualTo(-300_000);
        assertThat(world.clock.skewSeconds()).isCloseTo(-0.3, within(0.01));
    }

    @Test
    void givenATopicThatKeepsTheTimeOfItsSender_whenAnswered_thenNothingIsKnown() {
        AgreedClock.Question question = world.clock.ask();
        world.pass(4_000);

        assertThat(question.answered(question.stamp())).isFalse();
        assertThat(world.clock.skewSeconds()).isNaN();
    }

    @Test
    void givenAnAnswerThatWasLongOnItsWay_whenItComes_thenItSaysNothing() {
        world.beat(4_000);
        world.wallAhead = HOUR;
        world.kafkaAhead = HOUR;

        world.beat(3 * SECOND);

        assertThat(world.ahead()).isZero();
    }

    @Test
    void givenAThreadThatStandsStillBetweenTwoLooks_whenItGoesOn_thenItIsNotMisled() {
        world.beat(4_000);
        world.wallAhead = -700_000;
        world.lookNanos = 700_000_000;

        world.beat(4_000);
        world.lookNanos = 0;

        assertThat(world.ahead()).isZero();
    }

    /** Of the three clocks at most one is wrong at a time: then the time is right, whatever is set when. */
    @Test
    void givenManyHistories_whenOneClockAtATimeIsWrong_thenTheTimeIsRight() {
        for (int seed = 0; seed < HISTORIES; seed++) {
            Random random = new Random(seed);
            World tried = new World();
            tried.beat(2_000);
            for (int i = 0; i < 50; i++) {
                switch (random.nextInt(6)) {
                    case 0 -> set(tried, random.nextLong(-2 * HOUR, 2 * HOUR), 0);
                    case 1 -> set(tried, 0, random.nextLong(-2 * HOUR, 2 * HOUR));
                    case 2 -> set(tried, 0, 0);
                    default -> tried.pass(random.nextLong(2 * SECOND));
                }
                tried.beat(random.nextLong(2 * SECOND));

                // As well as the wall clock is believed: what is within the tolerance is followed.
                assertThat(Math.abs(tried.ahead()))
                        .as("seed %d, step %d", seed, i)
                        .isLessThanOrEqualTo(2 * AgreedClock.TOLERANCE_MICROS);
            }
        }
    }

    private static void set(World world, long wallAhead, long kafkaAhead) {
        world.wallAhead = wallAhead;
        world.kafkaAhead = kafkaAhead;
    }
}
