package dev.heliograph.systemtests.faults.plant;

import dev.heliograph.local.postgres.PostgresServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** The PostgreSQL that the local platform brings, with all its promises of durability, as a process of this suite. */
final class EmbeddedDatabase implements Database {
    private static final Duration END_LIMIT = Duration.ofSeconds(30);

    private final Path directory;
    private final String password = UUID.randomUUID().toString();
    private PostgresServer server;

    EmbeddedDatabase(Path directory) {
        this.directory = directory;
        this.server = start(directory, password);
    }

    private static PostgresServer start(Path directory, String password) {
        try {
            Files.createDirectories(directory);
            return PostgresServer.start(
                    directory.resolve("cluster"),
                    directory.resolve("runtime"),
                    directory.resolve("postgresql.log"),
                    password);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public int port() {
        return URI.create(server.jdbcUrl().substring("jdbc:".length())).getPort();
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
    public void kill() {
        long pid = postmaster();
        List<ProcessHandle> all = ProcessHandle.of(pid).stream()
                .flatMap(process ->
                        java.util.stream.Stream.concat(java.util.stream.Stream.of(process), process.descendants()))
                .toList();
        all.forEach(process -> ChildProcess.signal(process.pid(), "KILL"));
        // The shared memory of the old server is free only when the last of its processes is gone.
        Waiting.until("PostgreSQL is gone", END_LIMIT, () -> all.stream().noneMatch(ProcessHandle::isAlive));
    }

    private long postmaster() {
        try {
            return Long.parseLong(Files.readAllLines(directory.resolve("cluster/postmaster.pid"))
                    .getFirst()
                    .strip());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void restart() {
        server = start(directory, password);
    }

    @Override
    public void close() {
        server.close();
    }
}
