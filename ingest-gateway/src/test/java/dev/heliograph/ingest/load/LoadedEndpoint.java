package dev.heliograph.ingest.load;

import dev.heliograph.ingest.TestSettings;
import dev.heliograph.ingest.funnel.Admission;
import dev.heliograph.ingest.funnel.Funnel;
import dev.heliograph.ingest.funnel.FunnelLimits;
import dev.heliograph.ingest.funnel.TopicMappings;
import dev.heliograph.ingest.intake.Allowances;
import dev.heliograph.ingest.intake.EventSink;
import dev.heliograph.ingest.intake.InFlightBudget;
import dev.heliograph.ingest.intake.Intake;
import dev.heliograph.ingest.intake.IntakeCounters;
import dev.heliograph.ingest.intake.PresenceEvents;
import dev.heliograph.ingest.intake.UnackedWatch;
import dev.heliograph.ingest.mqtt.MqttEndpoint;
import dev.heliograph.ingest.registry.DeviceTable;
import dev.heliograph.model.credential.DeviceKeyHash;
import dev.heliograph.model.wire.DeviceRecord;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.epoll.Epoll;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/**
 * The endpoint in a process of its own, with a sink that answers at once instead of Kafka. It prints its ports and whether it
 * runs on epoll, and then answers each line {@code heap} with the bytes of heap and of resident memory after a collection and
 * its connections. The end of its input ends it.
 */
final class LoadedEndpoint {
    /** Devices {@code demo/d0} and so on, all with one key. */
    static final String PASSWORD = "secret";

    private static final int DEVICES = 20_000;
    private static final int BYTES_PER_KB = 1_024;

    private LoadedEndpoint() {}

    /** @param arguments the directory for the certificate */
    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[0]);
        X509Bundle certificate = new CertificateBuilder()
                .subject("CN=localhost")
                .addSanDnsName("localhost")
                .setIsCertificateAuthority(true)
                .ecp256()
                .buildSelfSigned();
        Path chain = Files.writeString(directory.resolve("chain.pem"), certificate.getCertificatePathPEM());
        Path key = Files.writeString(directory.resolve("key.pem"), certificate.getPrivateKeyPEM());
        MqttEndpoint endpoint = endpoint(chain, key);
        endpoint.start();
        String io = Epoll.isAvailable() ? "epoll" : "nio";
        System.out.println("ports " + endpoint.port() + " " + endpoint.tlsPort() + " " + io);
        var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.equals("heap")) {
                long heap = heapAfterCollection();
                System.out.println("heap " + heap + " " + residentBytes() + " " + endpoint.connections());
            }
        }
        System.exit(0);
    }

    private static long heapAfterCollection() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            System.gc();
            Thread.sleep(Duration.ofMillis(300));
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static long residentBytes() throws IOException {
        try (var status = Files.lines(Path.of("/proc/self/status"))) {
            return status.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * BYTES_PER_KB)
                    .sum();
        } catch (UncheckedIOException failure) {
            throw failure.getCause();
        }
    }

    private static MqttEndpoint endpoint(Path chain, Path key) {
        DeviceTable devices = new DeviceTable();
        DeviceKeyHash hash = DeviceKeyHash.of(PASSWORD, new byte[16]);
        for (int i = 0; i < DEVICES; i++) {
            devices.put(new DeviceRecord(
                    1,
                    "demo",
                    "d" + i,
                    true,
                    null,
                    null,
                    Map.of(),
                    null,
                    List.of(new DeviceRecord.Credential(hash.saltHex(), hash.hashHex())),
                    1,
                    null));
        }
        EventSink sink = (event, completion) -> completion.completed(null);
        InFlightBudget budget = new InFlightBudget(20_000, 64 << 20);
        Intake intake = new Intake(
                new Funnel(FunnelLimits.DEFAULTS, TopicMappings.DEFAULTS, Admission.ALL),
                sink,
                budget,
                new IntakeCounters(new SimpleMeterRegistry()),
                new UnackedWatch(System::nanoTime));
        InstantSource clock = InstantSource.system();
        // All that comes is of one address, whose bounds are not what is measured; nor is who waits for its first
        // packet
        // behind thousands of handshakes on two cores.
        return new MqttEndpoint(
                TestSettings.mqtt(
                        "host=127.0.0.1",
                        "port=0",
                        "tls.enabled=true",
                        "tls.port=0",
                        "tls.certificate=" + chain,
                        "tls.private-key=" + key,
                        "max-connections=200000",
                        "max-keep-alive=1h",
                        "connect-timeout=2m",
                        "admission.connects-per-second-per-address=0",
                        "admission.max-pending=100000",
                        "admission.max-pending-per-address=100000"),
                devices,
                TopicMappings.DEFAULTS,
                intake,
                new PresenceEvents(sink, clock),
                new Allowances(TestSettings.noLimits(), budget, System::nanoTime),
                null,
                clock,
                () -> true,
                new SimpleMeterRegistry());
    }
}
