package dev.heliograph.systemtests.faults;

import dev.heliograph.model.wire.PresenceRecord;
import dev.heliograph.systemtests.faults.Fault.Need;
import dev.heliograph.systemtests.faults.plant.FakeClock;
import dev.heliograph.systemtests.faults.plant.Service;
import dev.heliograph.systemtests.faults.plant.Waiting;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Clocks of servers that somebody sets. */
final class ClockFaults {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration LASTING = Duration.ofSeconds(8);
    /** Until the new time is believed, see {@link FakeClock}, and has been looked at. */
    private static final Duration BELIEVED = Duration.ofSeconds(3);

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final double NEARLY_ALL = 0.98;
    private static final Set<String> FAIR = Set.of("reporting", "late");

    private ClockFaults() {}

    /**
     * The clock of each service in turn goes ahead by an hour, back to the right time, an hour back and to the right time
     * again, all under load. The services go by the time on which two of three clocks agree: no device that reports all
     * the while is called anything else, no reading of now is taken for one of the future, and each says how wrong its clock
     * is.
     */
    static Fault clocksJump() {
        return Fault.of("F29", "clock of each service in turn an hour ahead, right, an hour behind, right", run -> {
                    for (Service service : run.plant().services()) {
                        FakeClock clock = new FakeClock(service.log().resolveSibling(service.name() + ".clock"));
                        service.surroundBy(clock.environment());
                        try {
                            service.process().terminate();
                            Faults.startAgain(run, service);
                            run.last(BELIEVED);
                            run.topics().catchUp();
                            int told = run.topics().presences(run.tenant().id()).size();
                            jump(run, service, clock, HOUR);
                            jump(run, service, clock, HOUR.negated());
                            run.topics().catchUp();
                            List<PresenceRecord> since =
                                    run.topics().presences(run.tenant().id());
                            require(service, since.subList(told, since.size()));
                        } finally {
                            service.surroundBy(Map.of());
                        }
                        service.process().terminate();
                        Faults.startAgain(run, service);
                    }
                })
                .needing(Need.CLOCKS)
                .settlingWithin(Duration.ofSeconds(120));
    }

    private static void jump(FaultRun run, Service service, FakeClock clock, Duration ahead) {
        clock.set(ahead);
        Waiting.until(
                service.name() + " says how wrong its clock is",
                LIMIT,
                () -> service.metric("heliograph_clock_skew_seconds").orElse(0) / ahead.toSeconds() > NEARLY_ALL);
        run.last(LASTING);
        clock.set(Duration.ZERO);
        run.last(BELIEVED);
        run.healed();
    }

    // Late is who was not heard for three seconds, as when the machine is busy.
    private static void require(Service service, List<PresenceRecord> told) {
        List<String> wrong = told.stream()
                .filter(record -> !record.device().equals("probe"))
                .filter(record -> !FAIR.contains(record.state()))
                .map(record -> record.device() + " is " + record.state() + " from " + record.at())
                .toList();
        if (!wrong.isEmpty()) {
            throw new AssertionError(wrong.size() + " times a device was told away while the clock of " + service.name()
                    + " was set: " + wrong.subList(0, Math.min(5, wrong.size())));
        }
    }
}
