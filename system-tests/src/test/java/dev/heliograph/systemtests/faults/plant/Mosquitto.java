package dev.heliograph.systemtests.faults.plant;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** An MQTT broker that somebody already runs: Mosquitto, told to save its queues at every change. */
public final class Mosquitto implements AutoCloseable {
    private static final int UNLIMITED = 0;
    private static final Duration START_LIMIT = Duration.ofSeconds(20);

    private final Path program;
    private final Path configuration;
    private final Path log;
    private final Path directory;
    private final int port = LoopbackPorts.one();
    private ChildProcess process;

    private Mosquitto(Path program, Path directory) {
        this.program = program;
        this.directory = directory;
        this.configuration = directory.resolve("mosquitto.conf");
        this.log = directory.resolve("mosquitto.log");
        try {
            Files.createDirectories(directory);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        configure(UNLIMITED);
        this.process = launch();
        awaitServing();
    }

    private void configure(int queueLimit) {
        try {
            Files.writeString(
                    configuration, """
                    listener %d 127.0.0.1
                    allow_anonymous true
                    user %s
                    persistence true
                    persistence_location %s/
                    autosave_on_changes true
                    autosave_interval 1
                    max_inflight_messages 0
                    max_queued_messages %d
                    """.formatted(port, System.getProperty("user.name"), directory, queueLimit));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /**
     * Restarts it by SIGTERM, as it takes this setting at its start alone: from then on it keeps so many messages of a session
     * that is away, and acknowledges and drops what comes beyond.
     */
    public void limitQueues(int messages) {
        configureAnew(messages);
    }

    /** Restarts it by SIGTERM; from then on it keeps everything. */
    public void liftLimit() {
        configureAnew(UNLIMITED);
    }

    private void configureAnew(int queueLimit) {
        process.terminate();
        configure(queueLimit);
        restart();
    }

    /** The broker, or empty where it is not installed. */
    public static Optional<Mosquitto> start(Path directory) {
        return Stream.of("/usr/sbin/mosquitto", "/usr/bin/mosquitto", "/usr/local/sbin/mosquitto")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst()
                .map(program -> new Mosquitto(program, directory));
    }

    public int port() {
        return port;
    }

    public ChildProcess process() {
        return process;
    }

    /** Starts it again on what it has saved. */
    public void restart() {
        process = launch();
        awaitServing();
    }

    private ChildProcess launch() {
        return ChildProcess.start("mosquitto", log, List.of(program.toString(), "-c", configuration.toString()));
    }

    private void awaitServing() {
        Waiting.until("Mosquitto listens (see " + log + ")", START_LIMIT, () -> {
            try (java.net.Socket socket = new java.net.Socket(java.net.InetAddress.getLoopbackAddress(), port)) {
                return socket.isConnected();
            } catch (IOException notYet) {
                return false;
            }
        });
    }

    @Override
    public void close() {
        process.kill();
    }
}
