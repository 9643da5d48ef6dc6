package dev.heliograph.query.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heliograph.query.fleet.FoldMeters.Waiting;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FoldMetersTest {
    private static final long SECOND = 1_000_000_000L;

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private long now = -7 * SECOND;
    private final FoldMeters meters = new FoldMeters(() -> now, registry);

    @Test
    void givenNobodyWhoCanLook_whenTimePasses_thenTheCountsGrowOlder() {
        now += 30 * SECOND;

        assertThat(age()).isEqualTo(30);
    }

    @Test
    void givenChangesThatWait_whenSeen_thenTheAgeIsThatOfTheOldestAndGoesOnUntilNothingWaits() {
        meters.seen(new Waiting(12, 90.5));
        now += 10 * SECOND;
        double whileTheyWait = age();

        meters.seen(new Waiting(0, 0));

        assertThat(whileTheyWait).isEqualTo(100.5);
        assertThat(age()).isZero();
        assertThat(registry.get("heliograph.query.fleet.waiting").gauge().value())
                .isZero();
    }

    @Test
    void givenBatches_whenCountedOrFailed_thenEachIsMeasuredAsWhatItWas() {
        int taken = meters.fold(() -> {
            now += 2 * SECOND;
            return 40;
        });
        IllegalStateException locked = new IllegalStateException("somebody else counts");
        assertThatThrownBy(() -> meters.fold(() -> {
                    now += 3 * SECOND;
                    throw locked;
                }))
                .isSameAs(locked);

        assertThat(taken).isEqualTo(40);
        assertThat(registry.get("heliograph.query.fleet.changes").counter().count())
                .isEqualTo(40);
        assertThat(timer("counted").totalTime(TimeUnit.SECONDS)).isEqualTo(2);
        assertThat(timer("failed").totalTime(TimeUnit.SECONDS)).isEqualTo(3);
        assertThat(timer("failed").count()).isEqualTo(1);
    }

    private double age() {
        return registry.get("heliograph.query.fleet.age.seconds").gauge().value();
    }

    private Timer timer(String outcome) {
        return registry.get("heliograph.query.fleet.fold")
                .tag("outcome", outcome)
                .timer();
    }
}
