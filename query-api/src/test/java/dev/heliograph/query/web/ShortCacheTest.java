package dev.heliograph.query.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ShortCacheTest {
    private static final Duration LIFE = Duration.ofSeconds(1);

    private final SettableClock clock = new SettableClock();
    private final ShortCache<String, Integer> cache = new ShortCache<>(clock, LIFE, 2);
    private final AtomicInteger loads = new AtomicInteger();

    private static final class SettableClock extends Clock {
        private volatile Instant now = Instant.parse("2026-11-26T10:00:00Z");

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        void pass(long millis) {
            now = now.plusMillis(millis);
        }
    }

    @Test
    void givenAnswerLoadedFast_whenAskedAgain_thenItServesOneLife() {
        assertThat(cache.get("a", loads::incrementAndGet)).isEqualTo(1);
        clock.pass(999);
        assertThat(cache.get("a", loads::incrementAndGet)).isEqualTo(1);
        clock.pass(1);

        assertThat(cache.get("a", loads::incrementAndGet)).isEqualTo(2);
    }

    @Test
    void givenAnswerThatTookLong_whenAskedAgain_thenItServesTenTimesAsLong() {
        assertThat(cache.get("a", () -> slow(700))).isEqualTo(1);
        clock.pass(6_299);
        assertThat(cache.get("a", loads::incrementAndGet)).isEqualTo(1);
        clock.pass(1);

        assertThat(cache.get("a", loads::incrementAndGet)).isEqualTo(2);
    }

    private int slow(long millis) {
        clock.pass(millis);
        return loads.incrementAndGet();
    }

    @Test
    void givenSomebodyLoads_whenAskedMeanwhile_thenTheAnswerBeforeItServes() throws Exception {
        cache.get("a", loads::incrementAndGet);
        clock.pass(2_000);
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        try (ExecutorService other = Executors.newSingleThreadExecutor()) {
            Future<Integer> loading = other.submit(() -> cache.get("a", () -> {
                inside.countDown();
                await(go);
                return loads.incrementAndGet();
            }));
            assertThat(inside.await(10, TimeUnit.SECONDS)).isTrue();

            assertThat(cache.get("a", loads::incrementAndGet)).isEqualTo(1);

            go.countDown();
            assertThat(loading.get(10, TimeUnit.SECONDS)).isEqualTo(2);
        }
        assertThat(cache.get("a", loads::incrementAndGet)).isEqualTo(2);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void givenMoreQuestionsThanAreKept_whenAsked_thenTheOneNotAskedForLongestIsForgotten() {
        cache.get("a", loads::incrementAndGet);
        cache.get("b", loads::incrementAndGet);
        cache.get("a", loads::incrementAndGet);
        cache.get("c", loads::incrementAndGet);

        assertThat(cache.get("a", loads::incrementAndGet)).isEqualTo(1);
        assertThat(cache.get("b", loads::incrementAndGet)).isEqualTo(4);
    }

    @Test
    void givenLoadThatFails_whenAskedAgain_thenItIsTriedAgain() {
        assertThatThrownBy(() -> cache.get("a", () -> {
                    throw new IllegalStateException("away");
                }))
                .hasMessage("away");

        assertThat(cache.get("a", loads::incrementAndGet)).isEqualTo(1);
    }
}
