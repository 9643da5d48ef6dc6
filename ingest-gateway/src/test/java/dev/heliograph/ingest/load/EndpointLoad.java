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
import dev.heliograph.ingest.mqtt.MqttSettings;
import dev.heliograph.ingest.registry.DeviceTable;
import dev.heliograph.model.credential.DeviceKeyHash;
import dev.heliograph.model.wire.DeviceRecord;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * What the endpoint costs: sockets, MQTT, the funnel, the encoding of the record and the acknowledgement, with a sink that
 * answers at once instead of Kafka. Processor time is that of the gateway's own threads, from /proc, so that a busy machine
 * and the generator in the same process do not count. Run by its main method; README.md has the command.
 */
public final class EndpointLoad {
    private static final int TICKS_PER_SECOND = 100;
    private static final String PASSWORD = "secret";

    private EndpointLoad() {}

    /** @param arguments {@code throughput CONNECTIONS WINDOW SECONDS}, {@code latency RATE SECONDS} or {@code idle CONNECTIONS} */
    public static void main(String[] arguments) throws Exception {
        MqttEndpoint endpoint = endpoint();
        endpoint.start();
        switch (arguments[0]) {
            case "throughput" ->
                throughput(endpoint.port(), number(arguments, 1), number(arguments, 2), number(arguments, 3));
            case "latency" -> latency(endpoint.port(), number(arguments, 1), number(arguments, 2));
            case "idle" -> idle(endpoint, number(arguments, 1));
            default -> throw new IllegalArgumentException("throughput, latency or idle");
        }
        endpoint.stop();
        System.exit(0);
    }

    private static int number(String[] arguments, int index) {
        return Integer.parseInt(arguments[index]);
    }

    private static void throughput(int port, int connections, int window, int seconds) throws Exception {
        List<Thread> clients = new ArrayList<>();
        AtomicLongArray counts = new AtomicLongArray(connections);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds + 5);
        for (int i = 0; i < connections; i++) {
            int number = i;
            clients.add(Thread.ofPlatform().name("client-" + i).start(() -> pump(port, number, window, end, counts)));
        }
        Thread.sleep(Duration.ofSeconds(5)); // warm
        long before = sum(counts);
        long ticks = gatewayTicks();
        Thread.sleep(Duration.ofSeconds(seconds));
        long messages = sum(counts) - before;
        double coreSeconds = (gatewayTicks() - ticks) / (double) TICKS_PER_SECOND;
        for (Thread client : clients) {
            client.join();
        }
        System.out.printf(
                "%d connections x window %d: %d messages in %d s, %.2f core-seconds of the gateway, %.2f per million%n",
                connections, window, messages, seconds, coreSeconds, coreSeconds * 1e6 / messages);
    }

    private static void pump(int port, int number, int window, long end, AtomicLongArray counts) {
        try (Client client = new Client(port, number)) {
            int sent = 0;
            int acknowledged = 0;
            while (System.nanoTime() < end) {
                client.publish(window - (sent - acknowledged));
                sent = acknowledged + window;
                int got = client.acknowledgements();
                acknowledged += got;
                counts.addAndGet(number, got);
            }
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static void latency(int port, int rate, int seconds) throws Exception {
        int connections = 20;
        Histogram micros = new ConcurrentHistogram(3);
        List<Thread> clients = new ArrayList<>();
        long gap = TimeUnit.SECONDS.toNanos(1) * connections / rate;
        long warm = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        long end = warm + TimeUnit.SECONDS.toNanos(seconds);
        for (int i = 0; i < connections; i++) {
            int number = i;
            clients.add(Thread.ofPlatform().start(() -> {
                try (Client client = new Client(port, number)) {
                    for (long due = System.nanoTime() + gap * number / connections; due < end; due += gap) {
                        LockSupport.parkNanos(due - System.nanoTime());
                        client.publish(1);
                        client.acknowledgements();
                        if (due > warm) {
                            // From when it was due: a stall of the endpoint counts for all that it held up.
                            micros.recordValue((System.nanoTime() - due) / 1_000);
                        }
                    }
                } catch (IOException failure) {
                    throw new IllegalStateException(failure);
                }
            }));
        }
        for (Thread client : clients) {
            client.join();
        }
        System.out.printf(
                "%d/s for %d s: PUBACK p50 %d us, p99 %d us, max %d us (%d messages)%n",
                rate,
                seconds,
                micros.getValueAtPercentile(50),
                micros.getValueAtPercentile(99),
                micros.getMaxValue(),
                micros.getTotalCount());
    }

    private static void idle(MqttEndpoint endpoint, int connections) throws Exception {
        long before = heapAfterCollection();
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            clients.add(new Client(endpoint.port(), i));
        }
        long after = heapAfterCollection();
        System.out.printf(
                "%d idle connections: %.1f MB of heap, clients included (%.1f KB each)%n",
                endpoint.connections(), (after - before) / 1e6, (after - before) / 1e3 / connections);
        for (Client client : clients) {
            client.close();
        }
    }

    private static long heapAfterCollection() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            System.gc();
            Thread.sleep(Duration.ofMillis(300));
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static long sum(AtomicLongArray counts) {
        long sum = 0;
        for (int i = 0; i < counts.length(); i++) {
            sum += counts.get(i);
        }
        return sum;
    }

    /** Processor time of all threads but the generator's, in clock ticks. */
    private static long gatewayTicks() throws IOException {
        long ticks = 0;
        try (var tasks = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
            for (Path task : tasks) {
                String stat = Files.readString(task.resolve("stat"));
                String name = stat.substring(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
                if (!name.startsWith("client-")) {
                    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
                    ticks += Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
                }
            }
        }
        return ticks;
    }

    private static MqttEndpoint endpoint() {
        DeviceTable devices = new DeviceTable();
        DeviceKeyHash hash = DeviceKeyHash.of(PASSWORD, new byte[16]);
        for (int i = 0; i < 10_000; i++) {
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
                    1));
        }
        EventSink sink = (event, completion) -> completion.completed(null);
        InFlightBudget budget = new InFlightBudget(20_000, 64 << 20);
        Intake intake = new Intake(
                new Funnel(FunnelLimits.DEFAULTS, TopicMappings.DEFAULTS, Admission.ALL),
                sink,
                budget,
                new IntakeCounters(new SimpleMeterRegistry()),
                new UnackedWatch(System::nanoTime));
        MqttSettings settings = TestSettings.mqtt(
                "host=127.0.0.1", "port=0", "max-connections=200000", "admission.connects-per-second-per-address=0");
        InstantSource clock = InstantSource.system();
        return new MqttEndpoint(
                settings,
                devices,
                TopicMappings.DEFAULTS,
                intake,
                new PresenceEvents(sink, clock),
                new Allowances(TestSettings.noLimits(), budget, System::nanoTime),
                clock,
                () -> true,
                new SimpleMeterRegistry());
    }

    /** A device that costs little: bytes prepared once, MQTT 5, QoS 1. */
    private static final class Client implements AutoCloseable {
        private final Socket socket;
        private final OutputStream out;
        private final DataInputStream in;
        private final byte[] publish;
        private final byte[] buffer = new byte[4_096];
        private int leftover;
        private int packetId;

        Client(int port, int number) throws IOException {
            String device = "d" + number;
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setTcpNoDelay(true);
            out = socket.getOutputStream();
            in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 64));
            out.write(connect(device));
            in.readUnsignedByte();
            in.skipNBytes(in.readUnsignedByte());
            publish = publish(device);
        }

        void publish(int count) throws IOException {
            ByteArrayOutputStream batch = new ByteArrayOutputStream(count * publish.length);
            for (int i = 0; i < count; i++) {
                packetId = packetId % 65_535 + 1;
                int at = publish.length - payload().length - 3;
                publish[at] = (byte) (packetId >> 8);
                publish[at + 1] = (byte) packetId;
                batch.write(publish);
            }
            out.write(batch.toByteArray());
        }

        /** Waits for at least one PUBACK of four bytes, and takes all that are there. */
        int acknowledgements() throws IOException {
            int got = 0;
            while (got == 0) {
                int read = socket.getInputStream().read(buffer);
                if (read < 0) {
                    throw new IOException("the endpoint has closed the connection");
                }
                leftover += read;
                got = leftover / 4;
                leftover %= 4;
            }
            return got;
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }

        private static byte[] payload() {
            return "{\"seq\":42,\"metrics\":{\"temperature\":21.43,\"humidity\":40.2,\"pressure\":1013.25,\"mode\":\"heating\"}}"
                    .getBytes(StandardCharsets.UTF_8);
        }

        private static byte[] connect(String device) {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            text(body, "MQTT");
            body.write(5);
            body.write(0xC2);
            body.write(1);
            body.write(44);
            body.write(0);
            text(body, device);
            text(body, "demo/" + device);
            text(body, PASSWORD);
            return packet(0x10, body);
        }

        private static byte[] publish(String device) {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            text(body, "iot/v1/demo/" + device + "/telemetry");
            body.write(0);
            body.write(1);
            body.write(0);
            body.writeBytes(payload());
            return packet(0x32, body);
        }

        private static void text(ByteArrayOutputStream out, String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            out.write(bytes.length >> 8);
            out.write(bytes.length);
            out.writeBytes(bytes);
        }

        private static byte[] packet(int type, ByteArrayOutputStream body) {
            ByteArrayOutputStream packet = new ByteArrayOutputStream();
            packet.write(type);
            int length = body.size();
            do {
                packet.write(length > 127 ? length & 127 | 128 : length);
                length >>= 7;
            } while (length > 0);
            packet.writeBytes(body.toByteArray());
            return packet.toByteArray();
        }
    }
}
