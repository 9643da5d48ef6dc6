package dev.heliograph.benchmarks;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * The highest rate at which the backlog of the whole pipeline stays flat: raises the rate step by step, and stops at the
 * first step that leaves more than two seconds of it behind.
 */
@Command(name = "throughput", description = "Sustained readings a second.", mixinStandardHelpOptions = true)
final class ThroughputBenchmark implements Callable<Integer> {
    private static final double ALLOWED_BACKLOG_SECONDS = 2;
    private static final int MEASUREMENTS_PER_MILLION = 1_000_000;

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Mixin
    Target target = new Target();

    @Option(names = "--devices", defaultValue = "500", description = "Connected devices (${DEFAULT-VALUE}).")
    int devices = 500;

    @Option(
            names = "--window",
            defaultValue = "20",
            description = "Messages of a device that may await their PUBACK (${DEFAULT-VALUE}).")
    int window = 20;

    @Option(names = "--metrics", defaultValue = "1", description = "Metrics of a reading (${DEFAULT-VALUE}).")
    int metrics = 1;

    @Option(
            names = "--rates",
            split = ",",
            defaultValue = "1000,2000,4000,6000,8000,10000,15000,20000",
            description = "Steps in readings a second (${DEFAULT-VALUE}).")
    List<Integer> rates = List.of();

    @Option(names = "--seconds", defaultValue = "20", description = "Length of a step (${DEFAULT-VALUE}).")
    int seconds = 20;

    private long sent;

    @Override
    public Integer call() throws Exception {
        ApiClient api = new ApiClient(target.api, target.token);
        String tenant = api.tenant();
        List<String> names =
                IntStream.range(0, devices).mapToObj(i -> "load-" + i).toList();
        List<ApiClient.Credentials> keys = api.register(names);
        MqttLoadConnection.Counters counters = new MqttLoadConnection.Counters();
        PrintWriter out = spec.commandLine().getOut();
        out.printf("%10s %10s %10s %12s %14s%n", "asked/s", "acked/s", "refused", "backlog", "core-s/M");
        try (LoadLoop loop = new LoadLoop()) {
            List<MqttLoadConnection> connections = new ArrayList<>();
            for (ApiClient.Credentials key : keys) {
                connections.add(MqttLoadConnection.connect(
                                loop.group(), target, tenant, key.device(), key.password(), window, counters, tag -> {})
                        .join());
            }
            for (int rate : rates) {
                if (!step(api, connections, counters, rate, out)) {
                    break;
                }
            }
            connections.forEach(MqttLoadConnection::close);
        }
        return 0;
    }

    private boolean step(
            ApiClient api,
            List<MqttLoadConnection> connections,
            MqttLoadConnection.Counters counters,
            int rate,
            PrintWriter out)
            throws IOException, InterruptedException {
        long acknowledgedBefore = counters.acknowledged().get();
        long refusedBefore = counters.refused().get();
        double cpuBefore = target.cpu().map(CpuTime::seconds).orElse(0.0);
        publish(connections, rate);
        double acknowledged = (counters.acknowledged().get() - acknowledgedBefore) / (double) seconds;
        long refused = counters.refused().get() - refusedBefore;
        long backlog = api.backlog();
        double cpu = target.cpu().map(CpuTime::seconds).orElse(0.0) - cpuBefore;
        out.printf(
                "%,10d %,10.0f %,10d %,12d %14.1f%n",
                rate, acknowledged, refused, backlog, cpu / (acknowledged * seconds) * MEASUREMENTS_PER_MILLION);
        out.flush();
        boolean kept = acknowledged >= 0.97 * rate && backlog <= rate * ALLOWED_BACKLOG_SECONDS;
        if (!kept) {
            out.printf(
                    "stopped: %s%n",
                    acknowledged < 0.97 * rate ? "the gateway took less than was asked" : "the backlog grew");
        }
        return kept;
    }

    /** Sends at the rate, round robin; a device whose window is full is passed over, so that back-pressure shows as a lower rate. */
    private void publish(List<MqttLoadConnection> connections, int rate) {
        long start = System.nanoTime();
        long end = start + seconds * 1_000_000_000L;
        long sentInStep = 0;
        long wallStartMicros = System.currentTimeMillis() * 1_000;
        while (System.nanoTime() < end) {
            long due = (System.nanoTime() - start) * rate / 1_000_000_000L;
            int passed = 0;
            while (sentInStep < due && passed < connections.size()) {
                MqttLoadConnection connection = connections.get((int) (sent++ % connections.size()));
                if (connection.mayPublish()) {
                    long timeMillis = (wallStartMicros + (System.nanoTime() - start) / 1_000) / 1_000;
                    connection.publish(payload(timeMillis, sent), sent);
                    sentInStep++;
                    passed = 0;
                } else {
                    passed++;
                }
            }
            LockSupport.parkNanos(500_000);
        }
    }

    private String payload(long timeMillis, long number) {
        StringBuilder json =
                new StringBuilder(128).append("{\"ts\":").append(timeMillis).append(",\"metrics\":{");
        for (int metric = 0; metric < metrics; metric++) {
            json.append(metric == 0 ? "" : ",")
                    .append("\"m")
                    .append(metric)
                    .append("\":")
                    .append(number % 1_000);
        }
        return json.append("}}").toString();
    }
}
