package dev.heliograph.systemtests.faults;

import dev.heliograph.systemtests.faults.load.Feeds;
import dev.heliograph.systemtests.faults.load.SampleWatcher;
import dev.heliograph.systemtests.faults.load.StalledReader;
import dev.heliograph.systemtests.faults.load.Tenant;
import dev.heliograph.systemtests.faults.plant.Plant;
import dev.heliograph.systemtests.faults.plant.Service;
import dev.heliograph.systemtests.faults.plant.Waiting;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeMap;

/** Nothing is away, but somebody asks for more than there is: the others must not wait for it. */
final class LoadFaults {
    private static final Duration LASTING = Duration.ofSeconds(12);
    private static final int ASKING_AT_ONCE = 16;
    private static final int NOISY_DEVICES = 150;
    private static final double NOISY_RATE = 1_400;
    private static final String NOISY_QUOTA = "300";

    private static final int STALLED = 8;
    private static final int BRISK_DEVICES = 4;
    private static final Duration BRISK_INTERVAL = Duration.ofMillis(20);
    private static final String WATCHED = "tooth-0";
    /** Until the buffers between are full, and the deadline of a write, 10 s. */
    private static final Duration SHOWN_OUT_WITHIN = Duration.ofSeconds(90);

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final int MUCH = 100;
    private static final long MICROS_PER_MILLI = 1_000;

    private LoadFaults() {}

    /** Users who ask for everything, again and again, as many at once as there are threads for it. */
    static Fault heavyQueries() {
        return Fault.of("F41", ASKING_AT_ONCE + " queries at a time for all windows of all devices", run -> {
            Map<Integer, Integer> answers = new TreeMap<>();
            long end = System.nanoTime() + LASTING.toNanos();
            List<Thread> asking = new ArrayList<>();
            for (int i = 0; i < ASKING_AT_ONCE; i++) {
                asking.add(Thread.ofVirtual().start(() -> askUntil(end, run.tenant(), answers)));
            }
            for (Thread thread : asking) {
                thread.join();
            }
            run.healed();
            synchronized (answers) {
                System.out.println("[faults] F41: answers by status " + answers);
                if (!answers.containsKey(200) || answers.keySet().stream().anyMatch(status -> status == 500)) {
                    throw new AssertionError("heavy queries were answered so: " + answers);
                }
            }
        });
    }

    private static void askUntil(long end, Tenant tenant, Map<Integer, Integer> answers) {
        while (System.nanoTime() < end) {
            int status;
            try {
                HttpResponse<String> answer = tenant.api()
                        .ask("/data?from=now-24h&bucket=10s&maxPoints=10000&aggregate=avg&aggregate=max&limit=500");
                status = answer.statusCode();
            } catch (IOException noAnswer) {
                status = 0;
            }
            synchronized (answers) {
                answers.merge(status, 1, Integer::sum);
            }
        }
    }

    /**
     * Users who open a stream of everything and never read it, beside one who reads: they are shown out when a write has waited
     * for its deadline, and he is shown every sample.
     */
    static Fault stalledReaders() {
        return Fault.of("F39", STALLED + " readers of the live stream stand still beside one who reads", run -> {
                    Service api = run.plant().api();
                    List<String> devices = new ArrayList<>();
                    run.tenant()
                            .api()
                            .call("GET", "/devices?limit=100", "")
                            .path("items")
                            .forEach(device -> devices.add(device.path("id").asString()));
                    double before = shownOut(api);
                    List<StalledReader> stalled = new ArrayList<>();
                    try (SampleWatcher watcher = new SampleWatcher(run.tenant().api(), WATCHED, Feeds.LEVEL)) {
                        double readers = seats(api);
                        for (int i = 0; i < STALLED; i++) {
                            stalled.add(new StalledReader(
                                    run.plant().apiPort(api), run.tenant().api().token(), devices));
                        }
                        Waiting.until("they are all there", LIMIT, () -> seats(api) >= readers + STALLED);
                        Waiting.until(
                                "all who stand still are shown out",
                                SHOWN_OUT_WITHIN,
                                () -> shownOut(api) - before >= STALLED);
                        Waiting.until("their places are free", LIMIT, () -> seats(api) <= readers);
                        run.healed();
                        sawEverything(run, watcher);
                        require(run.tenant().viewer().viewed().reconnects() == 0, "nobody else was cut off");
                    } finally {
                        for (StalledReader reader : stalled) {
                            reader.close();
                        }
                    }
                })
                .under(load -> {
                    Tenant.Load more = load;
                    for (int i = 0; i < BRISK_DEVICES; i++) {
                        more = more.with("brisk-" + i, BRISK_INTERVAL, Feeds.sawtooth(i));
                    }
                    return more;
                });
    }

    private static double shownOut(Service api) {
        return api.metric("heliograph_sse_slow_closed_total").orElse(0);
    }

    private static double seats(Service api) {
        return api.metric("heliograph_sse_clients").orElse(0);
    }

    /** From the first sample that was shown to the last, none of those that are in Kafka is missing. */
    private static void sawEverything(FaultRun run, SampleWatcher watcher) {
        require(!watcher.hasEnded(), "who reads is not cut off");
        NavigableSet<Long> seen = watcher.times();
        run.topics().catchUp();
        List<Long> missed = run.topics().readings(run.tenant().id()).stream()
                .filter(reading -> reading.device().device().value().equals(WATCHED))
                .map(reading -> reading.timeMicros() / MICROS_PER_MILLI)
                .filter(time -> time >= seen.first() && time <= seen.last())
                .filter(time -> !seen.contains(time))
                .toList();
        System.out.println("[faults] F39: a reader saw " + seen.size() + " samples, missed " + missed.size());
        require(seen.size() > MUCH && missed.isEmpty(), "who reads sees every sample, not all but " + missed);
    }

    private static void require(boolean condition, String what) {
        if (!condition) {
            throw new AssertionError("expected: " + what);
        }
    }

    /** A tenant with more than four times what it may send, at a gateway that knows its quota. */
    static Fault noisyTenant() {
        return Fault.of("F43", "another tenant sends four times its quota and more", run -> {
            Plant plant = run.plant();
            String id = run.tenant().id() + "-noisy";
            Service strict = plant.anotherGateway(
                    id + "-gateway",
                    Map.of(
                            "heliograph.ingest.limits.tenant-messages-per-second",
                            NOISY_QUOTA,
                            "heliograph.ingest.limits.burst",
                            "1s"));
            try {
                strict.awaitReady();
                plant.aimDevicesAt(List.of(strict));
                plant.toGateway().flap();
                run.healed();
                Tenant.Load load = Tenant.Load.usual(run.random().nextLong()).of(NOISY_DEVICES, NOISY_RATE);
                try (Tenant noisy = new Tenant(plant, id, load, run.directory().resolve(id))) {
                    noisy.start();
                    run.last(LASTING);
                    run.healed();
                }
                double held = strict.metric("heliograph_ingest_throttled_total", "scope=\"tenant\"")
                        .orElse(0);
                if (held == 0) {
                    throw new AssertionError("the noisy tenant was never told to wait");
                }
            } finally {
                plant.aimDevicesAt(List.of(plant.gateway()));
                strict.process().kill();
            }
            run.healed();
        });
    }
}
