package dev.heliograph.systemtests.faults;

import dev.heliograph.systemtests.faults.check.Checker;
import dev.heliograph.systemtests.faults.check.Evidence;
import dev.heliograph.systemtests.faults.check.Evidence.Bound;
import dev.heliograph.systemtests.faults.check.Evidence.Recovery;
import dev.heliograph.systemtests.faults.check.Forgotten;
import dev.heliograph.systemtests.faults.check.Sent;
import dev.heliograph.systemtests.faults.check.Stored;
import dev.heliograph.systemtests.faults.check.WindowCheck;
import dev.heliograph.systemtests.faults.load.Tenant;
import dev.heliograph.systemtests.faults.observe.StoredReader;
import dev.heliograph.systemtests.faults.observe.TopicReader;
import dev.heliograph.systemtests.faults.observe.Watch;
import dev.heliograph.systemtests.faults.plant.KafkaCluster.Client;
import dev.heliograph.systemtests.faults.plant.Plant;
import dev.heliograph.systemtests.faults.plant.Service;
import dev.heliograph.systemtests.faults.plant.Waiting;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Runs faults one after the other against one plant, each with a tenant of its own, and judges what is left of each. */
final class FaultSuite implements AutoCloseable {
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);
    /** A minute, its lateness, and some time to tell its hour. */
    private static final Duration MINUTES_CLOSED = Duration.ofSeconds(80);

    private static final double HEAP_SHARE = 0.85;
    private static final double OTHERS_P99_MILLIS = 2_000;
    /** Faults in which nothing is away: somebody asks for too much, and the others must not wait for it. */
    private static final Set<String> OF_OTHERS = Set.of("F41", "F42", "F43");

    private static final long BEFORE = 100;

    private final Plant plant;
    private final Path directory;
    private final TopicReader topics;
    private final Canary canary;
    private final List<String> tenants = new ArrayList<>();
    private final Map<String, Long> quietSince = new TreeMap<>();

    /** A suite against a plant that is ready. */
    FaultSuite(Plant plant, Path directory) {
        this.plant = plant;
        this.directory = directory;
        this.topics = new TopicReader(plant.kafka().bootstrapServers(Client.DIRECT));
        this.canary = new Canary(plant, directory);
    }

    Plant plant() {
        return plant;
    }

    /** Loads, breaks, heals, waits for quiet and judges. */
    FaultResult run(Fault fault, long seed) throws Exception {
        String id = "t%d-%s-%d".formatted(tenants.size(), name(fault), Math.floorMod(seed, 1_000));
        tenants.add(id);
        Tenant.Load load = fault.load().apply(Tenant.Load.usual(seed));
        try (Tenant tenant = new Tenant(plant, id, load, directory.resolve(id))) {
            tenant.start();
            FaultRun run = new FaultRun(plant, tenant, topics, directory, seed);
            run.awaitAcknowledged(BEFORE);
            // As a resource: what fails in the repair must not hide what failed in the fault.
            try (AutoCloseable _ = this::repair;
                    Watch watch = Watch.over(plant, id)) {
                fault.action().run(run);
                tenant.finishLoad();
                quietSince.put(id, System.nanoTime());
                return judge(fault, seed, tenant, run, watch);
            }
        }
    }

    private static String name(Fault fault) {
        return fault.id().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    }

    /** A fault that failed halfway must not break the next one. */
    private void repair() {
        plant.healLinks();
        if (!plant.database().isAlive()) {
            plant.restartDatabase();
        }
        for (Service service : plant.services()) {
            if (!service.process().isAlive()) {
                service.restart();
            }
            service.process().thaw();
        }
        plant.services().forEach(Service::awaitReady);
    }

    private FaultResult judge(Fault fault, long seed, Tenant tenant, FaultRun run, Watch watch) throws SQLException {
        List<Sent> sent = tenant.sent();
        Map<String, Long> heap = new TreeMap<>();
        List<Bound> heaps = new ArrayList<>();
        for (Service service : plant.services()) {
            service.heapAfterCollection().ifPresent(bytes -> {
                heap.put(service.name(), Math.round(bytes / (1024 * 1024)));
                heaps.add(
                        new Bound(service.name() + " heap after collection", bytes, HEAP_SHARE * service.heapLimit()));
            });
        }
        heaps.add(new Bound(
                "PUBACK p99 of the fleet in ms, outages left out",
                OF_OTHERS.contains(fault.id()) ? tenant.statistics().ackP99().toMillis() : 0,
                OTHERS_P99_MILLIS));
        List<Forgotten.Numbered> numbered = run.whiles().isEmpty() ? List.of() : tenant.numbered();
        List<String> foreign = Canary.seenBy(tenant, plant);
        long loadEnded = System.nanoTime();
        Evidence evidence;
        Map<Checker, List<String>> broken;
        List<String> also;
        Forgotten forgotten;
        do {
            topics.catchUp();
            forgotten = Forgotten.of(numbered, numbered.isEmpty() ? List.of() : tenant.missing(), run.whiles());
            Stored stored = read(tenant.id());
            List<Bound> bounds = new ArrayList<>(watch.bounds());
            bounds.addAll(heaps);
            evidence = new Evidence(
                    forgotten.among(sent),
                    stored,
                    topics.readings(tenant.id()),
                    topics.transitions(tenant.id()),
                    tenant.rules(),
                    Tenant.UNJUDGED,
                    tenant.viewer().viewed(),
                    run.mayGoBack() ? List.of() : watch.backwardSteps(),
                    foreign,
                    bounds,
                    new Recovery(
                            run.slowestAnswer(),
                            Duration.ofNanos(System.nanoTime() - loadEnded),
                            ANSWER_LIMIT,
                            fault.settleLimit()),
                    tenant.changes());
            broken = Checker.judge(evidence);
            also = new ArrayList<>(fault.also().problems(run, stored));
            also.addAll(run.problems(forgotten));
            if (!broken.isEmpty() || !also.isEmpty()) {
                Waiting.pause(Duration.ofMillis(500));
            }
        } while ((!broken.isEmpty() || !also.isEmpty())
                && evidence.recovery().settled().compareTo(fault.settleLimit()) < 0);
        topics.forget(tenant.id());
        if (forgotten.size() > 0) {
            System.out.println("[faults] " + fault.id() + ": a broker acknowledged and forgot " + forgotten.size()
                    + " messages, and the ledger misses these");
        }
        return result(fault, seed, run, evidence, heap, broken, also);
    }

    private static FaultResult result(
            Fault fault,
            long seed,
            FaultRun run,
            Evidence evidence,
            Map<String, Long> heap,
            Map<Checker, List<String>> broken,
            List<String> also) {
        List<Sent> sent = evidence.sent();
        Stored stored = evidence.stored();
        return new FaultResult(
                fault.id(),
                fault.title(),
                seed,
                run.times(),
                sent.size(),
                count(sent, Sent.Verdict.ACKNOWLEDGED),
                count(sent, Sent.Verdict.REFUSED),
                sent.stream().mapToLong(message -> message.attempts() - 1L).sum(),
                stored.measurements().size() + stored.states().size(),
                stored.windows().size(),
                stored.transitions().size(),
                stored.ledger().stream().mapToLong(Stored.LedgerLine::duplicate).sum(),
                run.slowestAnswer(),
                run.largestBacklog(),
                run.catchUp(),
                evidence.recovery().settled(),
                heap,
                broken,
                also);
    }

    private static long count(List<Sent> sent, Sent.Verdict verdict) {
        return sent.stream().filter(message -> message.verdict() == verdict).count();
    }

    private Stored read(String tenant) throws SQLException {
        try (Connection connection = plant.database().connect(plant.database().name())) {
            return StoredReader.read(connection, tenant);
        }
    }

    /** The canary's own promises, after all faults. */
    FaultResult judgeCanary() throws Exception {
        canary.close();
        Tenant tenant = canary.tenant();
        Fault all = Fault.of("all", "the tenant that lived through all of them, by HTTP", run -> {});
        FaultRun run = new FaultRun(plant, tenant, topics, directory, 1);
        run.awaitStored();
        List<Sent> sent = tenant.sent();
        Evidence evidence;
        Map<Checker, List<String>> broken;
        long loadEnded = System.nanoTime();
        do {
            topics.catchUp();
            Duration settled = Duration.ofNanos(System.nanoTime() - loadEnded);
            evidence = new Evidence(
                    sent,
                    read(tenant.id()),
                    topics.readings(tenant.id()),
                    topics.transitions(tenant.id()),
                    Map.of(),
                    Set.of(),
                    new Evidence.Viewed(List.of(), 0, 0),
                    List.of(),
                    List.of(),
                    List.of(),
                    new Recovery(Duration.ZERO, settled, ANSWER_LIMIT, all.settleLimit()),
                    tenant.changes());
            broken = Checker.judge(evidence);
            if (!broken.isEmpty()) {
                Waiting.pause(Duration.ofMillis(500));
            }
        } while (!broken.isEmpty() && evidence.recovery().settled().compareTo(all.settleLimit()) < 0);
        return result(all, 1, run, evidence, Map.of(), broken, List.of());
    }

    /** C4 for windows of an hour, running ones too: of tenants that have been quiet for so long that all minutes have closed. */
    List<String> problemsOfHours() throws SQLException {
        List<String> problems = new ArrayList<>();
        for (Map.Entry<String, Long> tenant : quietSince.entrySet()) {
            if (System.nanoTime() - tenant.getValue() > MINUTES_CLOSED.toNanos()) {
                WindowCheck.problemsOfHours(read(tenant.getKey()))
                        .forEach(problem -> problems.add(tenant.getKey() + ": " + problem));
            }
        }
        return problems;
    }

    /** C11 over all tenants. */
    List<String> replayDifferences() throws SQLException {
        List<String> all = new ArrayList<>(tenants);
        all.add(canary.tenant().id());
        return Replay.differences(plant, topics, List.copyOf(all));
    }

    @Override
    public void close() {
        canary.close();
        topics.close();
        plant.close();
    }
}
