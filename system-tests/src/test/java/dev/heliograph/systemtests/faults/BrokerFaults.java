package dev.heliograph.systemtests.faults;

import dev.heliograph.model.reading.Micros;
import dev.heliograph.simulator.fault.FaultProfile;
import dev.heliograph.systemtests.faults.Fault.Need;
import dev.heliograph.systemtests.faults.check.Forgotten;
import dev.heliograph.systemtests.faults.load.Tenant;
import dev.heliograph.systemtests.faults.plant.Mosquitto;
import dev.heliograph.systemtests.faults.plant.Plant;
import dev.heliograph.systemtests.faults.plant.Service;
import dev.heliograph.systemtests.faults.plant.Waiting;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A broker that does not keep what it has acknowledged. */
final class BrokerFaults {
    /** The gateway asks for a minute; see {@link Plant}. */
    private static final Duration EXPIRY_LIMIT = Duration.ofSeconds(100);
    /** What was on its way to the gateway when it left; and from the end of a session until a device is told. */
    private static final Duration MARGIN = Duration.ofSeconds(2);

    /** Of each session; a tenth of what comes meanwhile. */
    private static final int QUEUE = 100;

    private static final Duration FULL = Duration.ofSeconds(15);
    private static final double SESSIONS = 2;
    private static final long TOLD = 20;
    private static final String FORGOTTEN = "heliograph_ingest_subscription_forgotten_total";
    private static final String MISSED = "heliograph_writer_sequence_missed_total";
    private static final String FILLED = "heliograph_writer_sequence_filled_total";

    private BrokerFaults() {}

    /**
     * First the gateway is killed, then another time it lives and does not reach the broker; each time for so long that the broker
     * lets its sessions expire, with what it had acknowledged for them. Devices are told from then on that nobody gets what they
     * send, and send it again. The broker cannot be made to keep its word: that it did not must be told.
     */
    static Fault sessionExpired() {
        return Fault.of(
                        "F5",
                        "broker lets the sessions of the subscription expire: gateway killed, then cut off",
                        run -> {
                            Plant plant = run.plant();
                            Service gateway = plant.gateway();
                            double missedBefore = missed(plant);
                            gateway.process().kill();
                            awaitForgotten(run);
                            gateway.restart();
                            gateway.awaitReady();
                            run.healed();
                            run.awaitSubscribed();
                            double forgottenBefore = gateway.metric(FORGOTTEN).orElse(0);

                            plant.gatewayToBroker().cut();
                            awaitForgotten(run);
                            plant.healLinks();
                            run.awaitSubscribed();
                            run.healed();
                            double told = gateway.metric(FORGOTTEN).orElse(0) - forgottenBefore;
                            if (told != SESSIONS) {
                                throw new AssertionError(
                                        "a gateway that lived on counts " + told + " sessions that were forgotten");
                            }
                            run.asks(forgotten -> problems(forgotten, missed(plant) - missedBefore));
                        })
                .needing(Need.BROKER)
                .under(load -> load.throughTheBroker().with(sound()))
                .settlingWithin(Duration.ofSeconds(90));
    }

    /** The session stays; what the broker acknowledged and had no room for is gone, and the gateway cannot know of it. */
    static Fault queueFull() {
        return Fault.of(
                        "F4",
                        "queue of the broker full while the gateway is cut off: acknowledged and dropped",
                        run -> {
                            Plant plant = run.plant();
                            Mosquitto broker = plant.broker().orElseThrow();
                            double missedBefore = missed(plant);
                            broker.limitQueues(QUEUE);
                            run.healed();
                            run.awaitSubscribed();
                            try {
                                long from = now() - MARGIN.toNanos() / 1_000;
                                plant.gatewayToBroker().cut();
                                run.last(FULL);
                                plant.healLinks();
                                run.awaitSubscribed();
                                run.brokerForgot(new Forgotten.While(from, now()));
                            } finally {
                                broker.liftLimit();
                            }
                            run.healed();
                            run.asks(forgotten -> problems(forgotten, missed(plant) - missedBefore));
                        })
                .needing(Need.BROKER)
                .under(load -> load.throughTheBroker().with(sound()))
                .settlingWithin(Duration.ofSeconds(90));
    }

    private static void awaitForgotten(FaultRun run) {
        long from = now() - MARGIN.toNanos() / 1_000;
        long before = run.tenant().statistics().later();
        Waiting.until(
                "devices are told that nobody has subscribed",
                EXPIRY_LIMIT,
                () -> run.tenant().statistics().later() >= before + TOLD);
        run.brokerForgot(new Forgotten.While(from, now()));
    }

    private static long now() {
        return Micros.of(Clock.systemUTC().instant());
    }

    private static double missed(Plant plant) {
        Service stream = plant.stream();
        return stream.metric(MISSED).orElse(0) - stream.metric(FILLED).orElse(0);
    }

    private static List<String> problems(Forgotten forgotten, double missed) {
        List<String> problems = new ArrayList<>(forgotten.problems());
        if (forgotten.size() == 0) {
            problems.add("nothing was forgotten");
        }
        if (missed != forgotten.size()) {
            problems.add("the writer has counted " + missed + " readings that never came, the broker forgot "
                    + forgotten.size());
        }
        return problems;
    }

    /** The usual load without payloads that are refused as a whole: their numbers would be missing as well. */
    private static FaultProfile sound() {
        FaultProfile usual = Tenant.Load.usual(0).profile();
        return new FaultProfile(
                usual.drift(),
                usual.stuck(),
                usual.spikeProbability(),
                usual.silence(),
                usual.outage(),
                usual.wrongClock(),
                usual.clockErrorLimit(),
                usual.resendProbability(),
                0,
                usual.bufferLimit());
    }
}
