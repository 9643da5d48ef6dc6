package dev.heliograph.systemtests.faults;

import dev.heliograph.model.wire.PresenceRecord;
import dev.heliograph.systemtests.faults.Fault.Need;
import dev.heliograph.systemtests.faults.plant.FakeClock;
import dev.heliograph.systemtests.faults.plant.Service;
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

    private ClockFaults() {}

    /**
     * The clock of each service in turn goes ahead by an hour, back to the right time, an hour back and to the right time
     * again, all under load. Windows and alerts follow the devices' clocks, presence follows the time of receipt: no device
     * that reports all the while is called anything else by it. A gateway that is an hour behind takes readings of now
     * for readings of the future, and says so.
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
                            jump(run, clock, HOUR);
                            jump(run, clock, HOUR.negated());
                            run.topics().catchUp();
                            List<PresenceRecord> since =
                                    run.topics().presences(run.tenant().id());
                            // Late is who was not heard for three seconds, as when the machine is busy. While it is
                            // behind,
                            // the gateway refuses readings: silent is what devices are then.
                            Set<String> fair = service == run.plant().gateway()
                                    ? Set.of("reporting", "late", "silent")
                                    : Set.of("reporting", "late");
                            require(fair, service, since.subList(told, since.size()));
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

    private static void jump(FaultRun run, FakeClock clock, Duration ahead) {
        clock.set(ahead);
        run.last(LASTING);
        clock.set(Duration.ZERO);
        run.last(BELIEVED);
        run.healed();
    }

    private static void require(Set<String> fair, Service service, List<PresenceRecord> told) {
        List<String> wrong = told.stream()
                .filter(record -> !record.device().equals("probe"))
                .filter(record -> !fair.contains(record.state()))
                .map(record -> record.device() + " is " + record.state() + " from " + record.at())
                .toList();
        if (!wrong.isEmpty()) {
            throw new AssertionError(wrong.size() + " times a device was told away while the clock of " + service.name()
                    + " was set: " + wrong.subList(0, Math.min(5, wrong.size())));
        }
    }
}
