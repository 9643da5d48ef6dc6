package dev.heliograph.ingest.load;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * What the endpoint costs: sockets, TLS, MQTT, the funnel, the encoding of the record and the acknowledgement, without Kafka.
 * The endpoint is a process of its own ({@link LoadedEndpoint}), so that heap, descriptors and processor time are its alone;
 * the generator shares the processors with it. Run by its main method; README.md has the command.
 */
public final class EndpointLoad {
    private static final String HEAP = "-Xmx768m";
    private static final int HANDSHAKES_AT_ONCE = 500;
    private static final int PERCENT = 100;

    private EndpointLoad() {}

    /**
     * One scenario.
     *
     * @param arguments {@code throughput CONNECTIONS WINDOW SECONDS}, {@code latency RATE SECONDS}, {@code idle CONNECTIONS} or
     *     {@code storm CONNECTIONS}
     */
    public static void main(String[] arguments) throws Exception {
        try (EndpointProcess endpoint = new EndpointProcess(HEAP)) {
            System.out.printf("%s, load average %s: ", endpoint.io(), load());
            switch (arguments[0]) {
                case "throughput" ->
                    throughput(endpoint, number(arguments, 1), number(arguments, 2), number(arguments, 3));
                case "latency" -> latency(endpoint, number(arguments, 1), number(arguments, 2));
                case "idle" -> idle(endpoint, number(arguments, 1));
                case "storm" -> storm(endpoint, number(arguments, 1));
                default -> throw new IllegalArgumentException("throughput, latency, idle or storm");
            }
        }
        System.exit(0);
    }

    private static int number(String[] arguments, int index) {
        return Integer.parseInt(arguments[index]);
    }

    private static String load() throws IOException {
        return Files.readString(Path.of("/proc/loadavg")).split(" ")[0];
    }

    private static void throughput(EndpointProcess endpoint, int connections, int window, int seconds)
            throws Exception {
        List<Thread> clients = new ArrayList<>();
        AtomicLongArray counts = new AtomicLongArray(connections);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds + 5);
        for (int i = 0; i < connections; i++) {
            int number = i;
            clients.add(Thread.ofPlatform()
                    .name("client-" + i)
                    .start(() -> pump(endpoint.port(), number, window, end, counts)));
        }
        Thread.sleep(Duration.ofSeconds(5)); // warm
        long before = sum(counts);
        double cpu = endpoint.cpuSeconds();
        Thread.sleep(Duration.ofSeconds(seconds));
        long messages = sum(counts) - before;
        double coreSeconds = endpoint.cpuSeconds() - cpu;
        for (Thread client : clients) {
            client.join();
        }
        System.out.printf(
                "%d connections x window %d: %d messages in %d s, %.2f core-seconds of the gateway, %.2f per million%n",
                connections, window, messages, seconds, coreSeconds, coreSeconds * 1e6 / messages);
    }

    private static void pump(int port, int number, int window, long end, AtomicLongArray counts) {
        try (LoadClient client = new LoadClient(port, number)) {
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

    private static void latency(EndpointProcess endpoint, int rate, int seconds) throws Exception {
        int connections = 20;
        Histogram micros = new ConcurrentHistogram(3);
        List<Thread> clients = new ArrayList<>();
        long gap = TimeUnit.SECONDS.toNanos(1) * connections / rate;
        long warm = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        long end = warm + TimeUnit.SECONDS.toNanos(seconds);
        for (int i = 0; i < connections; i++) {
            int number = i;
            clients.add(Thread.ofPlatform().start(() -> {
                try (LoadClient client = new LoadClient(endpoint.port(), number)) {
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

    private static void idle(EndpointProcess endpoint, int connections) throws Exception {
        EndpointProcess.Memory before = endpoint.memory();
        List<LoadClient> clients = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            clients.add(new LoadClient(endpoint.port(), i));
        }
        EndpointProcess.Memory after = endpoint.memory();
        System.out.printf(
                "%d idle connections: %.1f MB of heap beside %.1f MB before (%.2f KB each), %.1f MB more resident%n",
                after.connections(),
                (after.heap() - before.heap()) / 1e6,
                before.heap() / 1e6,
                (after.heap() - before.heap()) / 1e3 / after.connections(),
                (after.resident() - before.resident()) / 1e6);
        for (LoadClient client : clients) {
            client.close();
        }
    }

    /** All connect at once with TLS 1.3 and their key, no session resumed: as after a loss of the gateway. */
    private static void storm(EndpointProcess endpoint, int connections) throws Exception {
        TrustManager[] trust = trust(endpoint);
        connectAll(endpoint, trust, 500).forEach(EndpointLoad::close); // warm
        double cpu = endpoint.cpuSeconds();
        long start = System.nanoTime();
        Histogram millis = new ConcurrentHistogram(3);
        Queue<LoadClient> clients = connectAll(endpoint, trust, connections, millis, start);
        double seconds = (System.nanoTime() - start) / 1e9;
        double cpuSeconds = endpoint.cpuSeconds() - cpu;
        int connected = endpoint.memory().connections();
        System.out.printf(
                "%d of %d connected by TLS in %.1f s (half after %.1f s), %d handshakes at a time,"
                        + " %.1f core-seconds of the gateway (%.2f ms each)%n",
                connected,
                connections,
                seconds,
                millis.getValueAtPercentile(PERCENT / 2.0) / 1e3,
                HANDSHAKES_AT_ONCE,
                cpuSeconds,
                cpuSeconds * 1e3 / connections);
        clients.forEach(EndpointLoad::close);
    }

    private static Queue<LoadClient> connectAll(EndpointProcess endpoint, TrustManager[] trust, int connections)
            throws InterruptedException {
        return connectAll(endpoint, trust, connections, new ConcurrentHistogram(3), System.nanoTime());
    }

    private static Queue<LoadClient> connectAll(
            EndpointProcess endpoint, TrustManager[] trust, int connections, Histogram millis, long start)
            throws InterruptedException {
        Queue<LoadClient> clients = new ConcurrentLinkedQueue<>();
        Semaphore places = new Semaphore(HANDSHAKES_AT_ONCE);
        CountDownLatch left = new CountDownLatch(connections);
        for (int i = 0; i < connections; i++) {
            int number = i;
            places.acquire();
            Thread.ofVirtual().start(() -> {
                try {
                    clients.add(new LoadClient(encrypted(endpoint, trust), number));
                    millis.recordValue(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
                } catch (IOException | GeneralSecurityException failure) {
                    System.err.println("connection " + number + ": " + failure);
                } finally {
                    places.release();
                    left.countDown();
                }
            });
        }
        left.await();
        return clients;
    }

    /** A context for each socket: else the client would resume its session, and not pay for a handshake. */
    private static Socket encrypted(EndpointProcess endpoint, TrustManager[] trust)
            throws IOException, GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(null, trust, null);
        SSLSocket socket = (SSLSocket)
                context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), endpoint.tlsPort());
        socket.startHandshake();
        return socket;
    }

    private static TrustManager[] trust(EndpointProcess endpoint) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (InputStream pem = Files.newInputStream(endpoint.certificate())) {
            store.setCertificateEntry(
                    "endpoint", CertificateFactory.getInstance("X.509").generateCertificate(pem));
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    private static void close(LoadClient client) {
        try {
            client.close();
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static long sum(AtomicLongArray counts) {
        long sum = 0;
        for (int i = 0; i < counts.length(); i++) {
            sum += counts.get(i);
        }
        return sum;
    }
}
