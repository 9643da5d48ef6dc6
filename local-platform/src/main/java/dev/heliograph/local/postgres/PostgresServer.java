package dev.heliograph.local.postgres;

import dev.heliograph.local.data.DirectoryTree;
import dev.heliograph.local.data.OwnerOnly;
import dev.heliograph.local.data.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL server of our own on the loopback interface, with every promise of durability switched on.
 *
 * <p>It runs in a session of its own, so that Ctrl-C in a terminal reaches this process only and the order of stopping is
 * ours. A watchdog stops it when this process dies without stopping it.
 */
public final class PostgresServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresServer.class);
    private static final String USER = "heliograph";
    private static final String DATABASE = "postgres";
    private static final Duration INIT_LIMIT = Duration.ofMinutes(2);
    private static final Duration START_LIMIT = Duration.ofMinutes(5);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);

    private static final Map<String, String> SETTINGS = Map.ofEntries(
            Map.entry("listen_addresses", "127.0.0.1"),
            Map.entry("unix_socket_directories", ""),
            Map.entry("fsync", "on"),
            Map.entry("synchronous_commit", "on"),
            Map.entry("full_page_writes", "on"),
            Map.entry("shared_buffers", "128MB"),
            Map.entry("max_connections", "60"),
            Map.entry("max_wal_size", "1GB"),
            Map.entry("checkpoint_timeout", "10min"),
            Map.entry("wal_compression", "on"),
            Map.entry("random_page_cost", "1.1"),
            Map.entry("jit", "off"),
            Map.entry("timezone", "UTC"),
            Map.entry("log_checkpoints", "off"),
            Map.entry("logging_collector", "off"));

    private final Path cluster;
    private final ProgramRunner programs;
    private final int port;
    private final String password;
    private final Watchdog watchdog;

    private PostgresServer(Path cluster, ProgramRunner programs, int port, String password, Watchdog watchdog) {
        this.cluster = cluster;
        this.programs = programs;
        this.port = port;
        this.password = password;
        this.watchdog = watchdog;
    }

    /**
     * Starts the server and returns once it accepts connections; recovers what an earlier crash left behind.
     *
     * @param cluster its data, created at first use with this password
     * @param runtime where its programs are unpacked
     * @param logFile what it has to say
     */
    public static PostgresServer start(Path cluster, Path runtime, Path logFile, String password) throws IOException {
        return start(cluster, PostgresInstallation.brought(runtime), logFile, password);
    }

    /** The same with other programs or more settings. */
    public static PostgresServer start(Path cluster, PostgresInstallation installation, Path logFile, String password)
            throws IOException {
        ProgramRunner programs = ProgramRunner.in(installation.home());
        if (!Files.exists(cluster.resolve("PG_VERSION"))) {
            create(cluster, programs, password);
        }
        stopOrphan(cluster, programs);
        int port = Ports.free(InetAddress.getByName("127.0.0.1"));
        programs.run(
                START_LIMIT,
                "pg_ctl",
                "start",
                "--wait",
                "--timeout=" + START_LIMIT.toSeconds(),
                "--pgdata=" + cluster,
                "--log=" + logFile,
                "--options=" + options(installation, port));
        Watchdog watchdog = Watchdog.over(PostmasterPid.read(cluster)
                .orElseThrow(() -> new IOException("PostgreSQL started without a process id in " + cluster)));
        return new PostgresServer(cluster, programs, port, password, watchdog);
    }

    /** What a JDBC client connects to. */
    public String jdbcUrl() {
        return "jdbc:postgresql://127.0.0.1:%d/%s".formatted(port, DATABASE);
    }

    /** The owner of the database. */
    public String username() {
        return USER;
    }

    /** Its password. */
    public String password() {
        return password;
    }

    /** Ends the open connections, writes a checkpoint and stops. */
    @Override
    public void close() {
        try {
            stop(cluster, programs);
        } catch (IOException failure) {
            LOG.error("PostgreSQL did not stop cleanly; it will recover at the next start", failure);
        } finally {
            watchdog.dismiss();
        }
    }

    /** What the death of this process does: closes the watchdog's pipe. */
    void abandon() throws IOException {
        watchdog.closePipe();
    }

    private static void create(Path cluster, ProgramRunner programs, String password) throws IOException {
        // Made aside and moved: a crash in between leaves no half-made cluster that would be taken for a whole one.
        Path draft = cluster.resolveSibling(cluster.getFileName() + ".new");
        DirectoryTree.delete(draft);
        DirectoryTree.delete(cluster);
        Path passwordFile = cluster.resolveSibling("password.new");
        Files.deleteIfExists(passwordFile);
        OwnerOnly.createFile(passwordFile);
        try {
            Files.writeString(passwordFile, password + "\n");
            programs.run(
                    INIT_LIMIT,
                    "initdb",
                    "--pgdata=" + draft,
                    "--username=" + USER,
                    "--pwfile=" + passwordFile,
                    "--auth=scram-sha-256",
                    "--encoding=UTF8",
                    "--locale=C",
                    "--data-checksums",
                    "--no-instructions");
        } finally {
            Files.deleteIfExists(passwordFile);
        }
        Files.move(draft, cluster, StandardCopyOption.ATOMIC_MOVE);
    }

    /** A server that outlived its platform still holds our cluster: it must let go before another may have it. */
    private static void stopOrphan(Path cluster, ProgramRunner programs) throws IOException {
        if (PostmasterPid.read(cluster).filter(PostmasterPid::isAlive).isPresent()) {
            LOG.warn("Stopping the PostgreSQL server that an earlier run left behind");
            stop(cluster, programs);
        }
    }

    private static void stop(Path cluster, ProgramRunner programs) throws IOException {
        if (PostmasterPid.read(cluster).filter(PostmasterPid::isAlive).isEmpty()) {
            return;
        }
        programs.run(
                STOP_LIMIT.plusSeconds(5),
                "pg_ctl",
                "stop",
                "--wait",
                "--mode=fast",
                "--timeout=" + STOP_LIMIT.toSeconds(),
                "--pgdata=" + cluster);
    }

    private static String options(PostgresInstallation installation, int port) {
        // The later of two with the same name counts.
        return Stream.of(SETTINGS, installation.settings())
                        .flatMap(settings -> settings.entrySet().stream())
                        .map(setting -> "-c %s='%s'".formatted(setting.getKey(), setting.getValue()))
                        .collect(Collectors.joining(" "))
                + " -c port=" + port;
    }
}
