package dev.heliograph.systemtests.faults;

import dev.heliograph.systemtests.faults.load.Tenant;
import dev.heliograph.systemtests.faults.plant.Plant;
import dev.heliograph.systemtests.faults.plant.Service;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Nothing is away, but somebody asks for more than there is: the others must not wait for it. */
final class LoadFaults {
    private static final Duration LASTING = Duration.ofSeconds(12);
    private static final int ASKING_AT_ONCE = 16;
    private static final int NOISY_DEVICES = 150;
    private static final double NOISY_RATE = 1_400;
    private static final String NOISY_QUOTA = "300";

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
