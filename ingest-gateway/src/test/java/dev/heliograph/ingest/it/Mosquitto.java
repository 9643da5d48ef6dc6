package dev.heliograph.ingest.it;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/** An Eclipse Mosquitto as a process of its own, on a free port of loopback. */
final class Mosquitto implements TestBroker {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private final ProcessBuilder program;
    private final int port;
    private Process process;

    private Mosquitto(ProcessBuilder program, int port) throws IOException {
        this.program = program;
        this.port = port;
        this.process = program.start();
        await().atMost(PATIENCE).until(() -> answers(port));
    }

    /** Where it is installed, if it is. */
    static Optional<Path> find() {
        return Stream.of("/usr/sbin/mosquitto", "/usr/local/sbin/mosquitto", "/usr/bin/mosquitto")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
    }

    // No receive maximum: Paho gives a place of its window back on another thread, after it has woken who waits for the
    // PUBACK, so on a busy machine a publisher that sends one message at a time fills Mosquitto's window of 20.
    static Mosquitto start(Path program, Path directory) throws IOException {
        int port = freePort();
        Path config = directory.resolve("mosquitto.conf");
        Files.writeString(config, """
                listener %d 127.0.0.1
                allow_anonymous true
                persistence false
                max_inflight_messages 0
                """.formatted(port));
        return new Mosquitto(
                new ProcessBuilder(program.toString(), "-c", config.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(
                                directory.resolve("mosquitto.log").toFile())),
                port);
    }

    /** Kills it and starts it again; it has forgotten every session. */
    void killAndRestart() throws IOException, InterruptedException {
        process.destroyForcibly().waitFor();
        process = program.start();
        await().atMost(PATIENCE).until(() -> answers(port));
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public void close() {
        process.destroy();
    }

    private static boolean answers(int port) {
        try (Socket probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return probe.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }
}
