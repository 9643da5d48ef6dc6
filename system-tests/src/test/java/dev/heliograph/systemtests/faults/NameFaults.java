package dev.heliograph.systemtests.faults;

import dev.heliograph.systemtests.faults.Fault.Need;
import dev.heliograph.systemtests.faults.load.Tenant;
import dev.heliograph.systemtests.faults.plant.FaultProxy.OldPlace;
import dev.heliograph.systemtests.faults.plant.Plant;
import dev.heliograph.systemtests.faults.plant.Plant.Part;
import dev.heliograph.systemtests.faults.plant.Service;
import dev.heliograph.systemtests.faults.plant.Waiting;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Parts that are elsewhere, with the same name, and names that stand for nothing. Nobody restarts a service for it. */
final class NameFaults {
    /**
     * Before the longest request of the gateway has ended, 10 s, silence is only a slow Kafka; and Kafka's client looks at
     * that when it has waited as long again for something to read.
     */
    private static final Duration NOTICED = Duration.ofSeconds(20);
    /** Until every service is at the new place: the same of clients whose requests may take 30 s, and some more. */
    private static final Duration ALL_THERE = Duration.ofSeconds(75);

    private static final Duration LASTING = Duration.ofSeconds(8);
    private static final Duration START_LIMIT = Duration.ofSeconds(90);
    private static final Duration KEYS_LIMIT = Duration.ofSeconds(30);

    private NameFaults() {}

    /** Kafka, database and issuer get other addresses, one after the other. */
    static Fault moved(OldPlace left) {
        String what = left == OldPlace.REFUSES ? "refuse connections" : "go silent";
        return Fault.of("F47", "addresses of Kafka, database and issuer change, the old ones " + what, run -> {
                    for (Part part : List.of(Part.KAFKA, Part.DATABASE)) {
                        move(run, part, left);
                    }
                    run.plant().move(Part.ISSUER, left);
                    issuerIsFound(run);
                    everyServiceIsTheFirst(run);
                })
                .needing(Need.NAMES)
                .settlingWithin(Duration.ofSeconds(120));
    }

    private static void move(FaultRun run, Part part, OldPlace left) {
        long moved = System.nanoTime();
        run.plant().move(part, left);
        if (left == OldPlace.IS_SILENT) {
            run.last(NOTICED);
        }
        run.healed();
        for (var way : run.plant().waysTo(part)) {
            Waiting.until("every service has found " + part, ALL_THERE, way::isInUse);
        }
        System.out.printf(
                Locale.ROOT,
                "[faults] F47: every service has found %s %.1f s after it had moved%n",
                part,
                (System.nanoTime() - moved) / 1e9);
        run.tenant().api().call("GET", "/fleet/summary", "");
    }

    /** The API asks for a key that it has not seen, where the issuer is now. */
    private static void issuerIsFound(FaultRun run) {
        Plant plant = run.plant();
        plant.issuer().addKey();
        String token = plant.issuer().tokenByNextKey(run.tenant().id(), "viewer");
        Waiting.until("the API knows the issuer's next key", KEYS_LIMIT, () -> status(run, token) == 200);
    }

    private static int status(FaultRun run, String token) {
        try {
            HttpResponse<String> answer = run.tenant().api().ask("/fleet/summary", token);
            return answer.statusCode();
        } catch (IOException late) {
            return 0;
        }
    }

    private static void everyServiceIsTheFirst(FaultRun run) {
        for (Service service : run.plant().services()) {
            if (!service.process().isAlive()) {
                throw new AssertionError(service.name() + " has ended");
            }
        }
    }

    /**
     * Nobody answers for the names of Kafka and of the database: once for services that run, and once for each service that
     * starts meanwhile.
     */
    static Fault unknown() {
        return Fault.of(
                        "F47",
                        "names of Kafka and database stand for nothing, while services run and while they start",
                        run -> {
                            for (Part part : List.of(Part.KAFKA, Part.DATABASE)) {
                                run.plant().forget(part);
                                run.last(LASTING);
                                run.plant().remember(part);
                                run.healed();
                            }
                            startsWithout(run, run.plant().gateway(), Part.KAFKA, "Kafka at kafka.plant");
                            startsWithout(run, run.plant().stream(), Part.KAFKA, "Kafka at kafka.plant");
                            startsWithout(run, run.plant().stream(), Part.DATABASE, "(database.plant)");
                            startsWithout(run, run.plant().api(), Part.DATABASE, "Started QueryApiApplication");
                        })
                .needing(Need.NAMES)
                .settlingWithin(Duration.ofSeconds(120));
    }

    private static void startsWithout(FaultRun run, Service service, Part part, String sign) {
        service.process().terminate();
        run.plant().forget(part);
        long printed = service.printed();
        service.restart();
        try {
            Waiting.until(service.name() + " waits for " + part, START_LIMIT, () -> service.hasSaid(sign, printed));
            // Nobody is led to a stream processor, so that its readiness is the stream's alone.
            boolean tells = service == run.plant().stream() && part == Part.DATABASE
                    ? service.metric("heliograph_writer_database_up").orElse(1) == 0
                    : !service.isReady();
            if (!tells) {
                throw new AssertionError(service.name() + " does not tell that it is without " + part);
            }
        } finally {
            run.plant().remember(part);
        }
        service.awaitReady();
        run.healed();
    }

    /** The broker of the subscription moves twice, and is not to be found for a while. */
    static Fault brokerMoved() {
        return Fault.of(
                        "F47",
                        "address of the subscription's broker changes, the old one refuses, then is silent; its name stands for"
                                + " nothing",
                        run -> {
                            for (OldPlace left : OldPlace.values()) {
                                run.tenant().brokerDeliversAgain();
                                run.plant().move(Part.BROKER, left);
                                if (left == OldPlace.IS_SILENT) {
                                    run.last(NOTICED);
                                }
                                run.awaitSubscribed();
                                run.healed();
                            }
                            run.tenant().brokerDeliversAgain();
                            run.plant().forget(Part.BROKER);
                            run.last(LASTING);
                            run.plant().remember(Part.BROKER);
                            run.awaitSubscribed();
                            run.healed();
                        })
                .needing(Need.NAMES, Need.BROKER)
                .under(Tenant.Load::throughTheBroker)
                .settlingWithin(Duration.ofSeconds(120));
    }
}
