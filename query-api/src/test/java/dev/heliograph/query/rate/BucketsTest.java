package dev.heliograph.query.rate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.query.rate.Buckets.Standing;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BucketsTest {
    private static final long SEED = 20_261_126;

    @Test
    void givenRequestsAtRandomTimes_whenTaken_thenNoSpanHoldsMoreThanBurstAndRate() {
        Random random = new Random(SEED);
        for (int round = 0; round < 300; round++) {
            Quota quota = new Quota(1 + random.nextInt(50), 1 + random.nextInt(40));
            Buckets<String> buckets = new Buckets<>(quota, 10);
            List<Long> taken = new ArrayList<>();
            long now = random.nextLong(1_000_000_000L);
            for (int i = 0; i < 400; i++) {
                now += random.nextLong(TimeUnit.MILLISECONDS.toNanos(60));
                if (buckets.take("a", now).taken()) {
                    taken.add(now);
                }
            }
            assertSpansWithin(quota, taken);
        }
    }

    // The definition of a token bucket, without one: of every two requests that passed.
    private static void assertSpansWithin(Quota quota, List<Long> taken) {
        for (int from = 0; from < taken.size(); from++) {
            for (int to = from; to < taken.size(); to++) {
                double seconds = (taken.get(to) - taken.get(from)) / 1e9;
                assertThat((double) (to - from + 1))
                        .isLessThanOrEqualTo(quota.burst() + seconds * quota.perSecond() + 1e-6);
            }
        }
    }

    @Test
    void givenARefusal_whenTheToldTimeHasPassed_thenTheNextOnePasses() {
        Random random = new Random(SEED);
        for (int round = 0; round < 500; round++) {
            Quota quota = new Quota(0.1 + random.nextDouble() * 20, 1 + random.nextInt(20));
            Buckets<String> buckets = new Buckets<>(quota, 10);
            long now = 0;
            Standing standing = buckets.take("a", now);
            while (standing.taken()) {
                now += random.nextLong(10_000_000L);
                standing = buckets.take("a", now);
            }
            assertThat(standing.remaining()).isZero();
            assertThat(standing.waitSeconds()).isPositive();

            assertThat(buckets.take("a", now + TimeUnit.SECONDS.toNanos(standing.waitSeconds()))
                            .taken())
                    .isTrue();
        }
    }

    @Test
    void givenAnEmptyBucket_whenTheResetHasPassed_thenItIsWhole() {
        Buckets<String> buckets = new Buckets<>(new Quota(2, 10), 10);
        Standing standing = buckets.take("a", 0);
        while (standing.taken()) {
            standing = buckets.take("a", 0);
        }

        Standing whole = buckets.take("a", TimeUnit.SECONDS.toNanos(standing.resetSeconds()));

        assertThat(whole.remaining()).isEqualTo(9);
    }

    @Test
    void givenTwoOwners_whenOneIsTooFast_thenTheOtherIsNot() {
        Buckets<String> buckets = new Buckets<>(new Quota(1, 2), 10);
        for (int i = 0; i < 5; i++) {
            buckets.take("fast", 0);
        }

        assertThat(buckets.take("fast", 0).taken()).isFalse();
        assertThat(buckets.take("slow", 0).taken()).isTrue();
    }

    @Test
    void givenATokenGivenBack_whenAsked_thenItCanBeTakenAgain() {
        Buckets<String> buckets = new Buckets<>(new Quota(0.001, 1), 10);
        buckets.take("a", 0);

        buckets.giveBack("a");

        assertThat(buckets.take("a", 0).taken()).isTrue();
        assertThat(buckets.take("a", 0).taken()).isFalse();
    }

    @Test
    void givenMoreOwnersThanAreKept_whenTheOldestComesBack_thenItBeginsAnew() {
        Buckets<Integer> buckets = new Buckets<>(new Quota(0.001, 1), 3);
        buckets.take(0, 0);
        for (int owner = 1; owner <= 3; owner++) {
            buckets.take(owner, 0);
        }

        assertThat(buckets.take(3, 0).taken()).isFalse();
        assertThat(buckets.take(0, 0).taken()).isTrue();
    }

    @Test
    void givenAClockThatStandsOrLeapsBack_whenTaken_thenNothingIsGained() {
        Buckets<String> buckets = new Buckets<>(new Quota(1, 1), 10);
        buckets.take("a", TimeUnit.SECONDS.toNanos(100));

        assertThat(buckets.take("a", 0).taken()).isFalse();
        assertThat(buckets.take("a", TimeUnit.SECONDS.toNanos(100)).taken()).isFalse();
        assertThat(buckets.take("a", TimeUnit.SECONDS.toNanos(101)).taken()).isTrue();
    }
}
