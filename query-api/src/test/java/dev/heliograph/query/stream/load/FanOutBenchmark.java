package dev.heliograph.query.stream.load;

import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.id.MetricName;
import dev.heliograph.model.reading.Micros;
import dev.heliograph.model.reading.Reading;
import dev.heliograph.model.reading.Sample;
import dev.heliograph.model.reading.Transport;
import dev.heliograph.model.wire.ReadingCodec;
import dev.heliograph.model.wire.Topics;
import dev.heliograph.query.testing.TestApi;
import dev.heliograph.query.testing.TestKafka;
import dev.heliograph.query.testing.TestTokens;
import dev.heliograph.storage.TestDatabase;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * One instance of the live stream before many readers, a tenth of which take nothing: {@code FanOutBenchmark [CONNECTIONS]
 * [READINGS A SECOND] [SECONDS]}, by default 5,000, 2,000 and 60.
 *
 * <p>A thousand devices publish one metric each; a reader looks at twenty of them, a stalled one at two hundred. The value
 * of a sample is the time at which it was handed to Kafka, so that readers can tell how old it is. The readers are a process
 * of their own; Kafka and the devices share this one with the service, and what they take without any reader is measured
 * and left out.
 */
public final class FanOutBenchmark {
    static final int DEVICES = 1_000;
    private static final String TENANT = "fan-out";
    private static final double NANOS_PER_SECOND = 1e9;
    private static final Duration WARM = Duration.ofSeconds(15);

    private final TestKafka kafka;
    private final TestApi api;
    private final int rate;
    private final long startMicros = Micros.of(Instant.now());
    private volatile boolean publishing = true;

    private FanOutBenchmark(TestKafka kafka, TestApi api, int rate) {
        this.kafka = kafka;
        this.api = api;
        this.rate = rate;
    }

    /** See the class. */
    public static void main(String[] args) throws Exception {
        int connections = args.length > 0 ? Integer.parseInt(args[0]) : 5_000;
        int rate = args.length > 1 ? Integer.parseInt(args[1]) : 2_000;
        int seconds = args.length > 2 ? Integer.parseInt(args[2]) : 60;
        try (TestKafka kafka = new TestKafka();
                TestApi api = new TestApi(
                        TestDatabase.postgres(),
                        false,
                        "--heliograph.kafka.bootstrap-servers=" + kafka.bootstrapServers,
                        "--heliograph.query.stream.connections-per-user=" + connections,
                        "--heliograph.query.stream.connections=" + connections,
                        // All readers are one user, who comes at once.
                        "--heliograph.query.rate.user-burst=" + 2 * connections,
                        "--heliograph.query.rate.tenant-burst=" + 2 * connections)) {
            new FanOutBenchmark(kafka, api, rate).run(connections, seconds);
        }
        System.exit(0);
    }

    private void run(int connections, int seconds) throws Exception {
        String load = Files.readString(Path.of("/proc/loadavg")).split(" ")[0];
        Thread devices = Thread.ofPlatform().name("devices").start(this::publish);
        // A rehearsal, so that what is measured then is compiled.
        try (FanOutReaders readers = readers(connections)) {
            readers.begin();
            TimeUnit.NANOSECONDS.sleep(WARM.toNanos());
        }
        TimeUnit.NANOSECONDS.sleep(WARM.toNanos());
        double idle = cpuOver(seconds / 2) / (seconds / 2);
        long heapBefore = heap();
        double closedBefore = counted("heliograph.sse.slow.closed");
        double droppedBefore = counted("heliograph.sse.dropped");
        try (FanOutReaders readers = readers(connections)) {
            TimeUnit.NANOSECONDS.sleep(WARM.toNanos());
            long heapWith = heap();
            readers.begin();
            double cpu = cpuOver(seconds);
            FanOutReaders.Told told = readers.end();
            double own = cpu - idle * seconds;
            System.out.printf(
                    Locale.ROOT,
                    "%,d readers, %,d of them stalled, %,d readings/s, %d s, load before %s:%n",
                    connections,
                    told.stalled(),
                    rate,
                    seconds,
                    load);
            System.out.printf(
                    Locale.ROOT,
                    "  %,.0f samples delivered a second; %.2f cores of the service for it (and %.2f of Kafka, devices and feed"
                            + " without readers): %,.0f a second for each core%n",
                    told.samples() / (double) seconds,
                    own / seconds,
                    idle,
                    told.samples() / own);
            System.out.printf(
                    Locale.ROOT,
                    "  age of a sample at its reader: p50 %.0f ms, p99 %.0f ms, largest %.0f ms; missed %,d%n",
                    told.p50Micros() / 1e3,
                    told.p99Micros() / 1e3,
                    told.mostMicros() / 1e3,
                    told.missed());
            System.out.printf(
                    Locale.ROOT,
                    "  %.1f KB of heap for each connection; closed as slow %.0f, left out for slow readers %.0f%n",
                    (heapWith - heapBefore) / 1024.0 / connections,
                    counted("heliograph.sse.slow.closed") - closedBefore,
                    counted("heliograph.sse.dropped") - droppedBefore);
        } finally {
            publishing = false;
            devices.join();
        }
    }

    private FanOutReaders readers(int connections) throws IOException {
        return FanOutReaders.start(api.port, TestTokens.of(TENANT, "viewer"), connections, startMicros);
    }

    private double counted(String name) {
        return api.context.getBean(MeterRegistry.class).get(name).counter().count();
    }

    /** At a steady pace, all devices in turn. */
    private void publish() {
        long gap = (long) (NANOS_PER_SECOND / rate);
        long next = System.nanoTime();
        for (int n = 0; publishing; n++) {
            String device = "d" + n % DEVICES;
            kafka.sendLater(Topics.READINGS, TENANT + "/" + device, reading(device));
            next += gap;
            while (System.nanoTime() < next) {
                LockSupport.parkNanos(next - System.nanoTime());
            }
        }
    }

    private byte[] reading(String device) {
        long now = Micros.of(Instant.now());
        List<Sample> samples = List.of(new Sample.Measurement(new MetricName("m"), now - startMicros));
        return ReadingCodec.encode(
                new Reading(DeviceKey.of(TENANT, device), now, now, null, samples, null, Transport.MQTT, Set.of()));
    }

    /** Core-seconds of this process. */
    private static double cpuOver(int seconds) throws InterruptedException {
        long before = cpuNanos();
        TimeUnit.SECONDS.sleep(seconds);
        return (cpuNanos() - before) / NANOS_PER_SECOND;
    }

    private static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    private static long heap() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            System.gc();
            TimeUnit.MILLISECONDS.sleep(300);
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
