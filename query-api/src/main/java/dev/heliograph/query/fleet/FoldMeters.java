package dev.heliograph.query.fleet;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * What operators see of the counting of fleets: how long it takes, how much waits, and how old the counts are. The age is
 * measured without the clocks of two machines: the database says for how long the oldest change has waited, and since it said
 * so time has passed here. Nobody who looks makes the counts younger by not being able to. Thread-safe.
 */
final class FoldMeters {
    private static final double NANOS_PER_SECOND = 1e9;

    private final LongSupplier nanos;
    private final Timer counted;
    private final Timer failed;
    private final Counter changes;
    private volatile long waiting;
    private volatile long countedUntilNanos;

    /**
     * Counts that are as old as this.
     *
     * @param nanos a clock that only goes forward, ns
     */
    FoldMeters(LongSupplier nanos, MeterRegistry registry) {
        this.nanos = nanos;
        this.countedUntilNanos = nanos.getAsLong();
        this.counted = timer("counted", registry);
        this.failed = timer("failed", registry);
        this.changes = Counter.builder("heliograph.query.fleet.changes")
                .description("Changes of devices and their presence that were counted")
                .register(registry);
        Gauge.builder("heliograph.query.fleet.waiting", this, meters -> meters.waiting)
                .description("Changes that waited to be counted at the last look, over all tenants")
                .register(registry);
        Gauge.builder("heliograph.query.fleet.age.seconds", this, FoldMeters::ageSeconds)
                .description("How old the counts of fleets are: 0 where nothing waits, and more while nobody can look")
                .register(registry);
    }

    private static Timer timer(String outcome, MeterRegistry registry) {
        return Timer.builder("heliograph.query.fleet.fold")
                .description("Time to count a batch of changes, with the wait for whoever else counts")
                .tag("outcome", outcome)
                .register(registry);
    }

    /**
     * What waits.
     *
     * @param changes how many, up to a bound
     * @param oldestSeconds for how long the oldest has; 0 without any
     */
    record Waiting(long changes, double oldestSeconds) {}

    /** Measures the counting of one batch, which says how many changes it took. */
    int fold(IntSupplier batch) {
        long begun = nanos.getAsLong();
        Timer outcome = failed;
        try {
            int taken = batch.getAsInt();
            outcome = counted;
            changes.increment(taken);
            return taken;
        } finally {
            outcome.record(nanos.getAsLong() - begun, TimeUnit.NANOSECONDS);
        }
    }

    /** Takes note of what waits now. */
    void seen(Waiting now) {
        waiting = now.changes();
        countedUntilNanos = nanos.getAsLong() - (long) (now.oldestSeconds() * NANOS_PER_SECOND);
    }

    private double ageSeconds() {
        return (nanos.getAsLong() - countedUntilNanos) / NANOS_PER_SECOND;
    }
}
