package dev.heliograph.systemtests.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.systemtests.faults.Selection.Case;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SelectionTest {
    private static final Fault ONE = Fault.of("F1", "one", run -> {});
    private static final Fault TWO = Fault.of("F2", "two", run -> {});
    private static final List<Fault> BOTH = List.of(ONE, TWO);

    @Test
    void givenSeeds_whenNoTimeIsWanted_thenAllFaultsAreMadeOnceWithEach() {
        Selection selection = new Selection(List.of(), List.of(7L, 3L), null);

        List<Case> cases = selection.of(BOTH, () -> 0).toList();

        assertThat(cases).containsExactly(new Case(ONE, 7), new Case(TWO, 7), new Case(ONE, 3), new Case(TWO, 3));
    }

    @Test
    void givenATime_whenItIsNotOver_thenTheSeedsGoOnUntilItIs() {
        Selection selection = new Selection(List.of("F2"), List.of(7L), Duration.ofMinutes(10));
        AtomicLong now = new AtomicLong();

        List<Case> cases = selection
                .of(BOTH, now::get)
                .peek(made -> now.addAndGet(Duration.ofMinutes(4).toNanos()))
                .toList();

        assertThat(cases).containsExactly(new Case(TWO, 7), new Case(TWO, 8), new Case(TWO, 9));
    }

    @Test
    void givenATime_whenNoFaultIsMeant_thenNothingIsWaitedFor() {
        Selection selection = new Selection(List.of("F3"), List.of(7L), Duration.ofDays(1));

        List<Case> cases = selection.of(BOTH, () -> 0).toList();

        assertThat(cases).isEmpty();
    }
}
