package dev.heliograph.simulator.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplayClockTest {
    private static final long SECOND = 1_000;
    private static final long HOUR = 3_600 * SECOND;

    @Test
    void givenSpeedSixtyAndShiftedTimes_whenPlayed_thenTheLastReadingIsDatedWhenItIsSentAndNoneInTheFuture() {
        long start = 1_790_000_000_000L;
        ReplayClock clock =
                new ReplayClock(start * 1_000, 0, 3_600 * SECOND, 60, ReplaySettings.Times.SHIFT, Duration.ZERO);

        assertThat(clock.sendMicros(3_600 * SECOND) / 1_000).isEqualTo(start + 60 * SECOND);
        assertThat(clock.carriedMillis(3_600 * SECOND)).isEqualTo(start + 60 * SECOND);
        assertThat(clock.carriedMillis(0)).isEqualTo(start + 60 * SECOND - 3_600 * SECOND);
        for (long recorded = 0; recorded <= 3_600 * SECOND; recorded += SECOND) {
            assertThat(clock.carriedMillis(recorded)).isLessThanOrEqualTo(clock.sendMicros(recorded) / 1_000);
        }
    }

    @Test
    void givenSlowMotion_whenTimesAreShifted_thenNoReadingIsDatedInTheFuture() {
        ReplayClock clock = new ReplayClock(5_000_000, 0, 100 * SECOND, 0.5, ReplaySettings.Times.SHIFT, Duration.ZERO);

        assertThat(clock.carriedMillis(0)).isEqualTo(5_000);
        assertThat(clock.carriedMillis(100 * SECOND)).isLessThan(clock.sendMicros(100 * SECOND) / 1_000);
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 60, ReplaySettings.AS_FAST_AS_POSSIBLE})
    void givenLiveEnd_whenPlayed_thenHistoryIsInThePastAndTheEndIsSentWhenItIsDated(double speed) {
        long start = 1_790_000_000_000L;
        long liveFrom = 9 * HOUR;
        ReplayClock clock = new ReplayClock(
                start * 1_000, 0, 10 * HOUR, speed, ReplaySettings.Times.SHIFT_EACH, Duration.ofHours(1));

        long sentAtLive = clock.sendMicros(liveFrom) / 1_000;

        assertThat(sentAtLive).isEqualTo(start + (long) (liveFrom / speed));
        assertThat(clock.carriedMillis(0)).isEqualTo(sentAtLive - liveFrom);
        for (long recorded = liveFrom; recorded <= 10 * HOUR; recorded += SECOND) {
            assertThat(clock.sendMicros(recorded) / 1_000)
                    .isEqualTo(clock.carriedMillis(recorded))
                    .isEqualTo(sentAtLive + recorded - liveFrom);
        }
    }

    @Test
    void givenLiveEndLongerThanTheRecording_whenPlayed_thenAllOfItIsInRealTime() {
        ReplayClock clock = new ReplayClock(
                0, 0, HOUR, ReplaySettings.AS_FAST_AS_POSSIBLE, ReplaySettings.Times.SHIFT, Duration.ofDays(1));

        assertThat(clock.sendMicros(0)).isZero();
        assertThat(clock.sendMicros(HOUR)).isEqualTo(HOUR * 1_000);
        assertThat(clock.carriedMillis(HOUR)).isEqualTo(HOUR);
    }
}
