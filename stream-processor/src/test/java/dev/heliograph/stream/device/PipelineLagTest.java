package dev.heliograph.stream.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class PipelineLagTest {
    private static final long NOON = 1_790_000_000_000L;

    private OptionalLong waiting = OptionalLong.of(0);
    private final PipelineLag lag = new PipelineLag(LagPolicy.DEFAULT, 0, partition -> waiting, NOON);

    @Test
    void givenFewReadingsWaiting_whenItStandsStillBeforeThem_thenItIsBehind() {
        lag.processed(NOON, NOON);
        waiting = OptionalLong.of(3);

        assertThat(lag.isBehind(NOON + 900)).isFalse();
        assertThat(lag.isBehind(NOON + 1_000)).isTrue();
        lag.processed(NOON + 100, NOON + 1_100);
        assertThat(lag.isBehind(NOON + 1_200)).isFalse();
    }

    @Test
    void givenNoneWaiting_whenNothingComesForLong_thenItIsNotBehind() {
        lag.processed(NOON, NOON);

        assertThat(lag.isBehind(NOON + 3_600_000)).isFalse();
    }

    @Test
    void givenAnOldReading_whenProcessed_thenItIsBehindForAsLongAsTheNextMayBeAsOld() {
        boolean old = lag.processed(NOON, NOON + 5_001);

        assertThat(old).isTrue();
        assertThat(lag.isBehind(NOON + 10_000)).isTrue();
        assertThat(lag.isBehind(NOON + 10_001)).isFalse();
    }

    @Test
    void givenAWallClockThatWentBack_whenReadingsWait_thenItIsBehindUntilOneIsProcessed() {
        lag.processed(NOON, NOON);
        waiting = OptionalLong.of(1);

        assertThat(lag.isBehind(NOON - 60_000)).isTrue();
        lag.processed(NOON - 60_000, NOON - 59_900);
        assertThat(lag.isBehind(NOON - 59_800)).isFalse();
    }

    @Test
    void givenMoreWaitingThanIsAllowed_whenAsked_thenItIsBehind() {
        waiting = OptionalLong.of(1_001);

        assertThat(lag.isBehind(NOON)).isTrue();
    }

    @Test
    void givenAKafkaThatDoesNotSay_whenItHasSaidBefore_thenItIsBehind() {
        assertThat(lag.isBehind(NOON + 60_000)).isFalse();
        waiting = OptionalLong.empty();

        assertThat(lag.isBehind(NOON + 61_000)).isTrue();
    }
}
