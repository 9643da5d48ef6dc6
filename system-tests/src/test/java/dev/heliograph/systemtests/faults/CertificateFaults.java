package dev.heliograph.systemtests.faults;

import dev.heliograph.systemtests.faults.Fault.Need;
import dev.heliograph.systemtests.faults.plant.Link;
import dev.heliograph.systemtests.faults.plant.Plant;
import dev.heliograph.systemtests.faults.plant.Plant.Part;
import dev.heliograph.systemtests.faults.plant.Service;
import dev.heliograph.systemtests.faults.plant.Waiting;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Certificates of the connections inside the installation. TLS looks at them when a connection is made: what stands goes on
 * when a certificate ends, so that each of these also ends the connections. No service is restarted.
 */
final class CertificateFaults {
    private static final Duration A_DAY = Duration.ofDays(1);
    private static final Duration TWO_DAYS = Duration.ofDays(2);
    private static final Duration SHORT_LIFE = Duration.ofSeconds(10);
    /** What was under way when the connections were cut is answered or not. */
    private static final Duration NOTICED = Duration.ofSeconds(2);

    private static final Duration LASTING = Duration.ofSeconds(8);
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration CATCH_UP = Duration.ofSeconds(180);

    private CertificateFaults() {}

    /** Kafka's certificate and those of its clients are renewed; then each is left to end, and renewed late. */
    static Fault kafkaExpires() {
        return Fault.of(
                        "F45",
                        "certificates of Kafka and of its clients renewed, then left to end and renewed late",
                        run -> {
                            Plant plant = run.plant();
                            Map<Service, Long> processes = processes(plant);

                            plant.renewKafka(TWO_DAYS);
                            plant.renewClients(TWO_DAYS);
                            cut(run, Part.KAFKA);
                            run.healed();
                            allFound(run, Part.KAFKA);
                            for (Service service : plant.services()) {
                                secondsOf(service, "heliograph_kafka_broker_certificate_expiry_seconds", A_DAY);
                                secondsOf(service, "heliograph_kafka_certificate_expiry_seconds", A_DAY);
                            }

                            plant.renewKafka(SHORT_LIFE);
                            Map<Service, Long> printed = printed(plant);
                            run.last(SHORT_LIFE);
                            run.healed(); // what is connected stays so
                            cut(run, Part.KAFKA);
                            nothingIsAcknowledged(run);
                            for (Service service : plant.services()) {
                                says(service, printed, "is not believed");
                                says(service, printed, "CN=kafka");
                                says(service, printed, "NotAfter");
                                require(
                                        service.metric("heliograph_kafka_certificate_refused_total")
                                                        .orElse(0)
                                                > 0,
                                        service.name() + " counts what it refuses");
                            }
                            tellsThatKafkaIsAway(run);
                            plant.renewKafka(A_DAY);
                            run.healed();
                            allFound(run, Part.KAFKA);

                            plant.renewClients(SHORT_LIFE);
                            cut(run, Part.KAFKA);
                            run.healed();
                            Waiting.until(
                                    "the gateway tells that its own certificate has ended",
                                    LIMIT,
                                    () -> plant.gateway()
                                                    .metric("heliograph_kafka_certificate_expiry_seconds")
                                                    .orElse(1)
                                            < 0);
                            cut(run, Part.KAFKA);
                            nothingIsAcknowledged(run);
                            plant.renewClients(A_DAY);
                            run.healed();
                            allFound(run, Part.KAFKA);
                            require(processes(plant).equals(processes), "no service was restarted");
                        })
                .needing(Need.ENCRYPTION)
                .settlingWithin(CATCH_UP);
    }

    /** The same of the database. Devices are answered all the while. */
    static Fault databaseExpires() {
        return Fault.of("F45", "certificate of the database renewed, then left to end and renewed late", run -> {
                    Plant plant = run.plant();
                    Map<Service, Long> processes = processes(plant);
                    plant.renewDatabase(TWO_DAYS);
                    cut(run, Part.DATABASE);
                    run.healed();
                    allFound(run, Part.DATABASE);

                    plant.renewDatabase(SHORT_LIFE);
                    Map<Service, Long> printed = printed(plant);
                    run.last(SHORT_LIFE);
                    cut(run, Part.DATABASE);
                    run.awaitAcknowledged(100);
                    for (Service service : List.of(plant.stream(), plant.api())) {
                        says(service, printed, "NotAfter");
                    }
                    Waiting.until(
                            "the writer tells that the database is away",
                            LIMIT,
                            () -> plant.stream()
                                            .metric("heliograph_writer_database_up")
                                            .orElse(1)
                                    == 0);
                    Waiting.until(
                            "the API is not ready", LIMIT, () -> !plant.api().isReady());
                    plant.renewDatabase(A_DAY);
                    run.healed();
                    allFound(run, Part.DATABASE);
                    plant.services().forEach(Service::awaitReady);
                    require(processes(plant).equals(processes), "no service was restarted");
                })
                .needing(Need.ENCRYPTION)
                .settlingWithin(CATCH_UP);
    }

    /** Another authority signs: with a time in which both are believed, nobody waits; without it, everybody does. */
    static Fault authorityReplaced() {
        return Fault.of(
                        "F45",
                        "authority of Kafka, database and clients replaced, with and without an overlap",
                        run -> {
                            Plant plant = run.plant();
                            Map<Service, Long> processes = processes(plant);
                            plant.beginNextAuthority();
                            cutBoth(run); // all with certificates of the former one
                            renewAll(plant);
                            cutBoth(run); // all with those of the new one
                            plant.endFormerAuthority();
                            cutBoth(run);

                            Map<Service, Long> printed = printed(plant);
                            plant.beginNextAuthority();
                            plant.endFormerAuthority(); // before anybody has a certificate of the new one
                            cut(run, Part.KAFKA);
                            cut(run, Part.DATABASE);
                            nothingIsAcknowledged(run);
                            for (Service service : plant.services()) {
                                says(service, printed, "issued by CN=Inner");
                            }
                            renewAll(plant);
                            run.healed();
                            allFound(run, Part.KAFKA);
                            allFound(run, Part.DATABASE);
                            plant.services().forEach(Service::awaitReady);
                            require(processes(plant).equals(processes), "no service was restarted");
                        })
                .needing(Need.ENCRYPTION)
                .settlingWithin(CATCH_UP);
    }

    private static void renewAll(Plant plant) {
        plant.renewClients(A_DAY);
        plant.renewKafka(A_DAY);
        plant.renewDatabase(A_DAY);
    }

    private static void cutBoth(FaultRun run) {
        for (Part part : List.of(Part.KAFKA, Part.DATABASE)) {
            cut(run, part);
            run.healed();
            allFound(run, part);
        }
    }

    private static void cut(FaultRun run, Part part) {
        each(run, part, Link::flap);
    }

    private static void allFound(FaultRun run, Part part) {
        each(run, part, way -> Waiting.until("every service is connected to " + part, LIMIT, way::isInUse));
    }

    private static void each(FaultRun run, Part part, Consumer<Link> action) {
        run.plant().waysTo(part).forEach(action);
    }

    /** The stream processor is not ready, or the API says that Kafka is away: somebody who looks can see it. */
    private static void tellsThatKafkaIsAway(FaultRun run) {
        Waiting.until(
                "the stream processor is not ready",
                LIMIT,
                () -> !run.plant().stream().isReady());
    }

    private static void nothingIsAcknowledged(FaultRun run) {
        run.last(NOTICED);
        long before = run.tenant().acknowledged();
        run.last(LASTING);
        long more = run.tenant().acknowledged() - before;
        require(more == 0, "nothing is acknowledged, but " + more + " messages were");
    }

    private static void secondsOf(Service service, String metric, Duration atLeast) {
        Waiting.until(
                service.name() + " tells " + metric,
                LIMIT,
                () -> service.metric(metric).orElse(0) > atLeast.toSeconds());
    }

    private static void says(Service service, Map<Service, Long> since, String text) {
        Waiting.until(
                service.name() + " says: " + text, LIMIT, () -> service.hasSaid(text, since.getOrDefault(service, 0L)));
    }

    private static Map<Service, Long> printed(Plant plant) {
        Map<Service, Long> all = new HashMap<>();
        plant.services().forEach(service -> all.put(service, service.printed()));
        return all;
    }

    private static Map<Service, Long> processes(Plant plant) {
        Map<Service, Long> all = new HashMap<>();
        plant.services().forEach(service -> all.put(service, service.process().pid()));
        return all;
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError("not so: " + what);
        }
    }
}
