package dev.heliograph.model.clock;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

class WallStepsTest {
    private long nanos = 5_000_000_000L;
    private Instant wall = Instant.parse("2026-11-26T12:00:00Z");
    private final WallSteps steps = new WallSteps(() -> wall, () -> nanos);

    private void pass(Duration time) {
        nanos += time.toNanos();
        wall = wall.plus(time);
    }

    @Test
    void givenTimeThatPasses_whenLookedAt_thenNoStepIsSeen() {
        pass(Duration.ofHours(5));

        assertThat(steps.look()).isZero();
    }

    @Test
    void givenAClockThatWasSet_whenLookedAt_thenTheStepIsSeenOnce() {
        wall = wall.minusSeconds(3_600);
        pass(Duration.ofSeconds(2));

        assertThat(steps.look()).isEqualTo(Duration.ofHours(-1));
        assertThat(steps.look()).isZero();
    }

    @Test
    void givenAClockThatIsDrawnToTheTimeSlowly_whenLookedAtOften_thenNoStepIsSeen() {
        for (int i = 0; i < 100; i++) {
            pass(Duration.ofSeconds(1));
            wall = wall.plusMillis(100);

            assertThat(steps.look()).isZero();
        }
    }

    @Test
    void givenAThreadThatStandsStillBetweenTwoLooks_whenItGoesOn_thenNoStepIsSeen() {
        Deque<Long> stops = new ArrayDeque<>(List.of(0L, 60L));
        WallSteps stopped = new WallSteps(
                () -> {
                    Instant seen = wall;
                    pass(Duration.ofSeconds(stops.isEmpty() ? 0 : stops.pop()));
                    return seen;
                },
                () -> nanos);

        assertThat(stopped.look()).isZero();
        assertThat(stops).isEmpty();
        assertThat(stopped.look()).isZero();
    }
}
