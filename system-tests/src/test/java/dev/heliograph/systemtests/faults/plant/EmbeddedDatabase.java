package dev.heliograph.systemtests.faults.plant;

import dev.heliograph.local.postgres.PostgresInstallation;
import dev.heliograph.local.postgres.PostgresServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The PostgreSQL that the local platform brings, or one with TimescaleDB, with all its promises of durability, as a process of
 * this suite.
 */
final class EmbeddedDatabase implements Database {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String STANDBY = "standby";

    private final Path directory;
    private final Path data;
    private final PostgresInstallation installation;
    private final String password = UUID.randomUUID().toString();
    private PostgresServer server;
    private Path cluster;
    private int clusters;
    private @Nullable Standby standby;

    /** A server that follows, and the way on which it does. */
    private record Standby(PostgresServer server, Path cluster, FaultProxy way) {}

    /**
     * Starts it.
     *
     * @param directory for its programs and what it prints
     * @param data for its clusters
     * @param tree one with TimescaleDB, see {@link DebianTree}; null for the PostgreSQL of the local platform
     */
    EmbeddedDatabase(Path directory, Path data, @Nullable Path tree) {
        this.directory = directory;
        this.data = data;
        try {
            this.installation = tree == null
                    ? PostgresInstallation.brought(directory.resolve("runtime"))
                    : DebianTree.installation(tree, directory.resolve("runtime"));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        this.cluster = nextCluster();
        this.server = start(cluster);
    }

    private Path nextCluster() {
        return data.resolve("cluster-" + clusters++);
    }

    private PostgresServer start(Path of) {
        try {
            Files.createDirectories(directory);
            return PostgresServer.start(of, installation, directory.resolve(of.getFileName() + ".log"), password);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public int port() {
        return portOf(server);
    }

    private static int portOf(PostgresServer of) {
        return URI.create(of.jdbcUrl().substring("jdbc:".length())).getPort();
    }

    @Override
    public String name() {
        return "postgres";
    }

    @Override
    public String username() {
        return server.username();
    }

    @Override
    public String password() {
        return server.password();
    }

    @Override
    public boolean isOurs() {
        return true;
    }

    @Override
    public boolean isAlive() {
        try {
            return ProcessHandle.of(postmaster())
                    .filter(ProcessHandle::isAlive)
                    .flatMap(process -> process.info().command())
                    .filter(command -> command.endsWith("/postgres"))
                    .isPresent();
        } catch (UncheckedIOException ended) {
            return false; // it takes its file along
        }
    }

    @Override
    public void kill() {
        long pid = postmaster();
        List<ProcessHandle> all = ProcessHandle.of(pid).stream()
                .flatMap(process -> Stream.concat(Stream.of(process), process.descendants()))
                .toList();
        // Of one that has ended by itself meanwhile this does not complain.
        all.forEach(ProcessHandle::destroyForcibly);
        // The shared memory of the old server is free only when the last of its processes is gone.
        Waiting.until("PostgreSQL is gone", LIMIT, () -> all.stream().noneMatch(ProcessHandle::isAlive));
    }

    private long postmaster() {
        try {
            return Long.parseLong(Files.readAllLines(cluster.resolve("postmaster.pid"))
                    .getFirst()
                    .strip());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void restart() {
        server = start(cluster);
    }

    @Override
    public void addStandby(boolean synchronous) {
        Path copy = nextCluster();
        FaultProxy way = FaultProxy.before(port());
        try (Connection primary = connect(name());
                Statement statement = primary.createStatement()) {
            // The slot keeps what the copy will ask for.
            statement.execute("SELECT pg_create_physical_replication_slot('" + STANDBY + "', true)");
            statement.execute("SELECT pg_backup_start('" + STANDBY + "', true)");
            copyCluster(copy);
            try (ResultSet stopped = statement.executeQuery("SELECT labelfile FROM pg_backup_stop(false)")) {
                stopped.next();
                Files.writeString(copy.resolve("backup_label"), stopped.getString(1));
            }
            follow(copy, way.port());
            standby = new Standby(start(copy), copy, way);
            if (synchronous) {
                statement.execute("ALTER SYSTEM SET synchronous_standby_names = '" + STANDBY + "'");
                statement.execute("SELECT pg_reload_conf()");
            }
            awaitFollowing(statement, synchronous ? "sync" : "async");
        } catch (SQLException failure) {
            throw new IllegalStateException("cannot make a second server", failure);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    // What pg_basebackup copies, in its order: pg_control at the end, of what belongs to the running server nothing.
    // https://www.postgresql.org/docs/18/continuous-archiving.html#BACKUP-LOWLEVEL-BASE-BACKUP-DATA
    private void copyCluster(Path copy) throws IOException {
        Path control = Path.of("global", "pg_control");
        List<Path> all;
        try (Stream<Path> tree = Files.walk(cluster)) {
            all = tree.map(cluster::relativize).toList();
        }
        for (Path path : all) {
            if (isOfTheServer(path)) {
                continue;
            }
            if (Files.isDirectory(cluster.resolve(path))) {
                Files.createDirectories(copy.resolve(path));
                Files.setPosixFilePermissions(copy.resolve(path), Files.getPosixFilePermissions(cluster.resolve(path)));
            } else if (!path.equals(control)) {
                copyFile(path, copy);
            }
        }
        copyFile(control, copy);
    }

    private static boolean isOfTheServer(Path path) {
        String name = path.toString();
        return name.startsWith("pg_wal/")
                || name.startsWith("pg_replslot/")
                || name.startsWith("pg_dynshmem/")
                || name.startsWith("postmaster.")
                || name.contains("pgsql_tmp");
    }

    private void copyFile(Path path, Path copy) throws IOException {
        try {
            Files.copy(cluster.resolve(path), copy.resolve(path), java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
        } catch (NoSuchFileException dropped) {
            // a table that went while it was copied; the log of the server knows of it
            if (path.startsWith("global")) {
                throw dropped;
            }
        }
    }

    private void follow(Path copy, int port) throws IOException {
        Files.writeString(copy.resolve("standby.signal"), "");
        Files.writeString(
                copy.resolve("postgresql.auto.conf"), """
                primary_conninfo = 'host=127.0.0.1 port=%d user=%s password=%s application_name=%s'
                primary_slot_name = '%s'
                """.formatted(port, username(), password, STANDBY, STANDBY));
    }

    private static void awaitFollowing(Statement statement, String how) {
        Waiting.until("the second server follows: " + how, LIMIT, () -> {
            try (ResultSet row = statement.executeQuery(
                    "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming' AND sync_state = '" + how
                            + "'")) {
                return row.next() && row.getInt(1) == 1;
            } catch (SQLException failure) {
                throw new IllegalStateException(failure);
            }
        });
    }

    @Override
    public void holdReplication() {
        following().way().silence();
    }

    @Override
    public void failOver() {
        Standby next = following();
        kill();
        server.close(); // what had watched over it
        next.way().close();
        server = next.server();
        cluster = next.cluster();
        standby = null;
        try (Connection connection = connect(name());
                Statement statement = connection.createStatement();
                ResultSet promoted = statement.executeQuery("SELECT pg_promote(true, 60)")) {
            if (!promoted.next() || !promoted.getBoolean(1)) {
                throw new IllegalStateException("the second server does not take the place of the first");
            }
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private Standby following() {
        Standby now = standby;
        if (now == null) {
            throw new IllegalStateException("no second server follows");
        }
        return now;
    }

    @Override
    public void close() {
        Standby second = standby;
        if (second != null) {
            second.server().close();
            second.way().close();
        }
        server.close();
    }
}
