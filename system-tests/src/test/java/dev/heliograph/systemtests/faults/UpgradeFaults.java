package dev.heliograph.systemtests.faults;

import dev.heliograph.systemtests.faults.plant.Build;
import dev.heliograph.systemtests.faults.plant.Plant;
import dev.heliograph.systemtests.faults.plant.Service;
import dev.heliograph.systemtests.faults.plant.Waiting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;

/** Restarts that are meant, and other versions. */
final class UpgradeFaults {
    private static final String FORMAT = "heliograph.stream.state-format";
    /** The format of the state that the older version writes: that of the tree which the page on reliability names. */
    private static final String OLDER_FORMAT = System.getProperty("heliograph.faults.older.state-format", "3");

    private static final Duration MIXED = Duration.ofSeconds(3);
    private static final Duration WRITTEN_ANEW_WITHIN = Duration.ofSeconds(60);
    private static final Duration COMMITTED = Duration.ofSeconds(1);
    private static final Duration REFUSED_WITHIN = Duration.ofSeconds(60);
    private static final String REFUSAL = "StateFormatException";

    private UpgradeFaults() {}

    /**
     * Two of each service, restarted one after the other as Kubernetes does it with an update: the next is asked to go when the
     * one before is ready again. Devices and users come to either of two.
     */
    static Fault rollingUpdate() {
        return Fault.of("F50", "two of each service, each restarted when the one before is ready", run -> {
                    try (Pairs pairs = new Pairs(run)) {
                        pairs.inOrder().forEach(pairs::roll);
                        pairs.streams().getLast().process().terminate();
                        run.healed();
                    }
                    run.healed();
                })
                .settlingWithin(Duration.ofSeconds(120));
    }

    /**
     * An older version that is upgraded, rolled back and upgraded again, each time one service after the other and after the
     * migration job of the newer. Until the end the newer version keeps its state as the older can read it; then it goes over to
     * its own.
     */
    static Fault upgradedAndRolledBack() {
        return Fault.of("F50", "an older version upgraded, rolled back, upgraded for good", run -> {
                    Plant plant = run.plant();
                    Build older = plant.older().orElseThrow();
                    Build newer = Build.newer();
                    try (Pairs pairs = new Pairs(run)) {
                        plant.migrate(newer);
                        run.healed();
                        pairs.streams().forEach(stream -> stream.set(FORMAT, OLDER_FORMAT));
                        pairs.inOrder().forEach(kind -> pairs.change(kind, newer));
                        pairs.inOrder().reversed().forEach(kind -> pairs.change(kind, older));
                        pairs.inOrder().forEach(kind -> pairs.change(kind, newer));
                        pairs.streams().forEach(stream -> stream.unset(FORMAT));
                        pairs.roll(pairs.streams());
                    }
                    run.healed();
                })
                .settlingWithin(Duration.ofSeconds(120));
    }

    /**
     * A stream processor that is rolled back too late: the newer version has kept its state in its own format. The older one must
     * take no reading, rather than go on from something else. Then the newer writes the state for it, and it takes over.
     */
    static Fault rolledBackTooLate() {
        return Fault.of("F26", "stream processor rolled back too late; the newer opens the way back", run -> {
                    Plant plant = run.plant();
                    Build older = plant.older().orElseThrow();
                    Build newer = Build.newer();
                    Service stream = plant.stream();
                    plant.migrate(newer);
                    startAs(run, stream, newer);
                    run.last(MIXED);
                    refuse(run, stream, older);
                    stream.set(FORMAT, OLDER_FORMAT);
                    startAs(run, stream, newer);
                    awaitWrittenAnew(run, stream);
                    startAs(run, stream, older);
                    run.last(MIXED);
                    stream.unset(FORMAT);
                    startAs(run, stream, newer);
                })
                .settlingWithin(Duration.ofSeconds(120));
    }

    private static void startAs(FaultRun run, Service stream, Build build) {
        stream.process().terminate();
        stream.replaceBy(build);
        Faults.startAgain(run, stream);
    }

    /** As the page on upgrades tells an operator to wait before the way back. */
    private static void awaitWrittenAnew(FaultRun run, Service stream) {
        Waiting.until(stream.name() + " has looked at all of its devices", WRITTEN_ANEW_WITHIN, () -> {
            double devices = stream.metric("heliograph_stream_devices").orElse(Double.MAX_VALUE);
            return stream.metric("heliograph_stream_looks_total").orElse(0) >= devices;
        });
        run.last(COMMITTED);
    }

    private static void refuse(FaultRun run, Service stream, Build older) {
        stream.process().terminate();
        stream.replaceBy(older);
        stream.restart();
        Waiting.until(
                stream.name() + " of the older version refuses the state, see " + stream.log(),
                REFUSED_WITHIN,
                () -> hasRefused(stream));
        run.last(MIXED);
        double readings = stream.metric("heliograph_stream_readings_total").orElse(0);
        if (readings > 0) {
            throw new AssertionError(stream.name() + " of the older version took " + readings
                    + " readings for devices whose state it cannot read");
        }
    }

    private static boolean hasRefused(Service stream) {
        try {
            return Files.readString(stream.log()).contains(REFUSAL);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Two of each service, of which devices and users come to either. */
    private static final class Pairs implements AutoCloseable {
        private final FaultRun run;
        private final Plant plant;
        private final List<Service> gateways;
        private final List<Service> streams;
        private final List<Service> apis;

        Pairs(FaultRun run) {
            this.run = run;
            this.plant = run.plant();
            String id = run.tenant().id();
            gateways = List.of(plant.gateway(), plant.anotherGateway(id + "-gateway-2"));
            streams = List.of(plant.stream(), plant.anotherStream(id + "-stream-2"));
            apis = List.of(plant.api(), plant.anotherApi(id + "-api-2"));
            try {
                inOrder().forEach(kind -> kind.forEach(Service::awaitReady));
                plant.aimDevicesAt(gateways);
                plant.toGateway().flap();
                plant.aimUsersAt(apis);
                run.healed();
            } catch (RuntimeException failure) {
                close();
                throw failure;
            }
        }

        List<Service> streams() {
            return streams;
        }

        /** In the order in which they are upgraded, behind the database: those that read a topic before those that write it. */
        List<List<Service>> inOrder() {
            return List.of(streams, gateways, apis);
        }

        /** Restarts the two, the last one first as a StatefulSet does it. */
        void roll(List<Service> kind) {
            for (Service service : kind.reversed()) {
                service.process().terminate();
                run.healed();
                Faults.startAgain(run, service);
            }
        }

        /** The same with another build; between the two both versions are at work. */
        void change(List<Service> kind, Build build) {
            for (Service service : kind.reversed()) {
                service.process().terminate();
                service.replaceBy(build);
                run.healed();
                Faults.startAgain(run, service);
                run.last(MIXED);
            }
        }

        @Override
        public void close() {
            plant.aimDevicesAt(List.of(plant.gateway()));
            plant.aimUsersAt(List.of(plant.api()));
            List.of(gateways.getLast(), streams.getLast(), apis.getLast())
                    .forEach(service -> service.process().kill());
        }
    }
}
