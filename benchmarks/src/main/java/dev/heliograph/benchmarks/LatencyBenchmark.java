package dev.heliograph.benchmarks;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/**
 * How long after its PUBACK a reading is visible by REST and by SSE, at a steady rate.
 *
 * <p>Open loop: each reading has an intended time and is sent then, whatever became of those before it. Each reading's
 * value is its own number, so that what arrives can be told apart. REST is polled without pause for one reading at a
 * time, so its figure includes one round trip.
 */
@Command(name = "latency", description = "PUBACK to visible by REST and by SSE.", mixinStandardHelpOptions = true)
final class LatencyBenchmark implements Callable<Integer> {
    /** Each is asked for again and again until it is there; all together must stay below the quota of one user, 50 a second. */
    private static final long BETWEEN_WATCHED_NANOS = 100_000_000;

    private static final String METRIC = "number";
    private static final long SETTLE_NANOS = 10_000_000_000L;

    private record Watched(String device, double number, long acknowledgedNanos) {}

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Mixin
    Target target = new Target();

    @Option(names = "--rate", defaultValue = "200", description = "Readings a second in all (${DEFAULT-VALUE}).")
    int rate = 200;

    @Option(names = "--devices", defaultValue = "20", description = "Devices that share the rate (${DEFAULT-VALUE}).")
    int devices = 20;

    @Option(names = "--seconds", defaultValue = "60", description = "Length of the measurement (${DEFAULT-VALUE}).")
    int seconds = 60;

    private final Percentiles sendToAck = new Percentiles();
    private final Percentiles ackToSse = new Percentiles();
    private final Percentiles ackToRest = new Percentiles();
    private final Map<Long, Long> acknowledgedAt = new ConcurrentHashMap<>();
    private final Map<Long, Long> arrivedAt = new ConcurrentHashMap<>();
    private final Map<Long, Long> intendedAt = new ConcurrentHashMap<>();
    private final AtomicReference<@Nullable Watched> toWatch = new AtomicReference<>();
    private final String run = Long.toString(System.currentTimeMillis(), Character.MAX_RADIX);
    private volatile boolean done;

    @Override
    public Integer call() throws Exception {
        ApiClient api = new ApiClient(target.api, target.token);
        String tenant = api.tenant();
        List<String> names = IntStream.range(0, devices).mapToObj(this::device).toList();
        List<ApiClient.Credentials> keys = api.register(names);
        MqttLoadConnection.Counters counters = new MqttLoadConnection.Counters();
        PrintWriter out = spec.commandLine().getOut();
        try (LoadLoop loop = new LoadLoop();
                SseSamples sse = new SseSamples(
                        api.stream("topics=samples&device=" + String.join("&device=", names)), this::onSample)) {
            List<MqttLoadConnection> connections = new ArrayList<>();
            for (ApiClient.Credentials key : keys) {
                connections.add(MqttLoadConnection.connect(
                                loop.group(),
                                target,
                                tenant,
                                key.device(),
                                key.password(),
                                1_000,
                                counters,
                                this::onAcknowledged)
                        .join());
            }
            Thread rest = Thread.ofPlatform().daemon().name("rest").start(() -> watchRest(api));
            double cpuBefore = target.cpu().map(CpuTime::seconds).orElse(0.0);
            publish(connections);
            double cpu = target.cpu().map(CpuTime::seconds).orElse(0.0) - cpuBefore;
            settle();
            done = true;
            rest.join();
            connections.forEach(MqttLoadConnection::close);
            compareArrivals();
            report(out, counters, cpu);
        }
        return acknowledgedAt.size() == arrivedAt.size() ? 0 : 1;
    }

    /** New devices for each run, so that no value of an earlier one can be taken for this one's. */
    private String device(int index) {
        return "latency-" + run + "-" + index;
    }

    private void publish(List<MqttLoadConnection> connections) {
        long start = System.nanoTime();
        long wallStartMillis = System.currentTimeMillis();
        long total = (long) rate * seconds;
        for (long number = 0; number < total; number++) {
            long intended = start + number * 1_000_000_000L / rate;
            for (long wait = intended - System.nanoTime(); wait > 0; wait = intended - System.nanoTime()) {
                LockSupport.parkNanos(wait);
            }
            intendedAt.put(number, intended);
            // Two readings of one device never share a millisecond: the device's turn comes every devices/rate seconds.
            long timeMillis = wallStartMillis + (intended - start) / 1_000_000;
            connections
                    .get((int) (number % devices))
                    .publish("{\"ts\":" + timeMillis + ",\"metrics\":{\"" + METRIC + "\":" + number + "}}", number);
        }
    }

    private void onAcknowledged(long number) {
        long now = System.nanoTime();
        acknowledgedAt.put(number, now);
        sendToAck.recordNanos(now - intendedAt.getOrDefault(number, now));
        toWatch.compareAndSet(null, new Watched(device((int) (number % devices)), number, now));
    }

    private void onSample(String device, String metric, double value, long arrivedNanos) {
        long number = (long) value;
        if (metric.equals(METRIC) && intendedAt.containsKey(number)) {
            arrivedAt.putIfAbsent(number, arrivedNanos);
        }
    }

    private void watchRest(ApiClient api) {
        while (!done) {
            Watched watched = toWatch.get();
            if (watched == null) {
                LockSupport.parkNanos(1_000_000);
                continue;
            }
            try {
                if (isVisible(api.get("/api/v1/devices/" + watched.device() + "/latest"), watched.number())) {
                    ackToRest.recordNanos(System.nanoTime() - watched.acknowledgedNanos());
                    LockSupport.parkNanos(BETWEEN_WATCHED_NANOS);
                    toWatch.set(null);
                }
            } catch (IOException failure) {
                throw new IllegalStateException("the API failed while it was watched", failure);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private static boolean isVisible(JsonNode latest, double number) {
        for (JsonNode sample : latest.path("samples")) {
            if (sample.path("metric").asString().equals(METRIC)
                    && sample.path("value").asDouble() >= number) {
                return true;
            }
        }
        return false;
    }

    private void settle() {
        long deadline = System.nanoTime() + SETTLE_NANOS;
        long total = (long) rate * seconds;
        while (arrivedAt.size() < total && System.nanoTime() < deadline) {
            LockSupport.parkNanos(10_000_000);
        }
    }

    /** A sample may overtake its own PUBACK; that counts as no wait. */
    private void compareArrivals() {
        acknowledgedAt.forEach((number, acknowledged) -> {
            Long arrived = arrivedAt.get(number);
            if (arrived != null) {
                ackToSse.recordNanos(Math.max(0, arrived - acknowledged));
            }
        });
    }

    private void report(PrintWriter out, MqttLoadConnection.Counters counters, double cpu) {
        out.printf(
                "published %,d, acknowledged %,d, refused %,d, seen by SSE %,d%n",
                intendedAt.size(),
                counters.acknowledged().get(),
                counters.refused().get(),
                arrivedAt.size());
        out.printf("intended time -> PUBACK: %s%n", sendToAck.summary());
        out.printf("PUBACK -> SSE:           %s%n", ackToSse.summary());
        out.printf("PUBACK -> REST:          %s%n", ackToRest.summary());
        if (cpu > 0) {
            out.printf("CPU of the platform: %.1f core-seconds in %d s%n", cpu, seconds);
        }
        out.flush();
    }
}
