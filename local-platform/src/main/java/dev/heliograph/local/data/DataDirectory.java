package dev.heliograph.local.data;

import dev.heliograph.local.StartRefused;
import dev.heliograph.local.StartRefused.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The directory that holds everything a local platform keeps: records, database, keys, logs. It belongs to one process at
 * a time, which holds its lock until {@link #close()} or its death.
 *
 * <p>A directory is only ever written to, or emptied, if it was empty at first or bears our marker file. Files that hold
 * secrets are readable by their owner only.
 */
public final class DataDirectory implements AutoCloseable {
    private static final String MARKER = ".heliograph-data";
    private static final String MARKER_TEXT =
            "This directory belongs to Heliograph (layout 1). `heliograph up --fresh` empties it.\n";
    private static final String LOCK = "lock";
    private static final String RUNTIME = "runtime";

    private final Path root;
    private final FileChannel lockChannel;
    private final FileLock lock;

    private DataDirectory(Path root, FileChannel lockChannel, FileLock lock) {
        this.root = root;
        this.lockChannel = lockChannel;
        this.lock = lock;
    }

    /**
     * Takes possession of the directory, creating it where it is missing.
     *
     * @param fresh whether to empty it first; unpacked programs are kept
     * @throws StartRefused if the directory is someone else's, or another process holds it
     */
    public static DataDirectory open(Path directory, boolean fresh) {
        Path root = directory.toAbsolutePath().normalize();
        try {
            claim(root);
            FileChannel channel =
                    FileChannel.open(root.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = tryLock(channel);
            if (lock == null) {
                channel.close();
                throw new StartRefused(Reason.ALREADY_RUNNING, alreadyRunning(root));
            }
            DataDirectory data = new DataDirectory(root, channel, lock);
            if (fresh) {
                data.empty();
            }
            return data;
        } catch (IOException failure) {
            throw new StartRefused(
                    Reason.USAGE, "Cannot use the data directory %s: %s".formatted(root, describe(failure)), failure);
        }
    }

    /** Whether a process holds the lock of this directory at the moment. */
    public static boolean isHeld(Path directory) {
        Path file = directory.resolve(LOCK);
        if (!Files.exists(file)) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            FileLock lock = tryLock(channel);
            if (lock != null) {
                lock.release();
            }
            return lock == null;
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot read " + file, failure);
        }
    }

    /** The directory itself, absolute. */
    public Path root() {
        return root;
    }

    /** The topics' log segments. */
    public Path kafka() {
        return root.resolve("kafka");
    }

    /** The database cluster. */
    public Path postgres() {
        return root.resolve("postgres");
    }

    /** Local state of the stream processor; rebuilt from Kafka when it is missing. */
    public Path streams() {
        return root.resolve("streams");
    }

    /** Unpacked programs; the same for every platform of this version, so kept by a fresh start. */
    public Path runtime() {
        return root.resolve(RUNTIME);
    }

    /** Log files. */
    public Path logs() {
        return root.resolve("logs");
    }

    /** What the simulated fleet remembers, its device keys above all. */
    public Path simulator() {
        return root.resolve("simulator");
    }

    /** Generated passwords and keys. */
    public Secrets secrets() {
        return new Secrets(root.resolve("secrets"));
    }

    @Override
    public void close() {
        try (lockChannel) {
            lock.release();
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot release the lock of " + root, failure);
        }
    }

    private static void claim(Path root) throws IOException {
        Path marker = root.resolve(MARKER);
        if (Files.exists(marker)) {
            return;
        }
        if (Files.exists(root) && !isEmptyDirectory(root)) {
            throw new StartRefused(
                    Reason.USAGE,
                    "%s exists, is not empty and is not a Heliograph data directory; choose another with --data."
                            .formatted(root));
        }
        OwnerOnly.createDirectories(root);
        Files.writeString(marker, MARKER_TEXT);
    }

    private static boolean isEmptyDirectory(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            return false;
        }
        try (Stream<Path> children = Files.list(path)) {
            return children.findAny().isEmpty();
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException heldByThisProcess) {
            return null;
        }
    }

    private static String alreadyRunning(Path root) {
        Optional<RunningPlatform> running = RunningPlatform.read(root);
        return running.map(platform -> "Heliograph is already running on %s: process %d, %s"
                        .formatted(root, platform.processId(), platform.url()))
                .orElse("Heliograph is already starting or stopping on %s.".formatted(root));
    }

    private void empty() throws IOException {
        Set<String> kept = Set.of(MARKER, LOCK, RUNTIME);
        List<Path> doomed;
        try (Stream<Path> children = Files.list(root)) {
            doomed = children.filter(child -> !kept.contains(child.getFileName().toString()))
                    .toList();
        }
        for (Path child : doomed) {
            DirectoryTree.delete(child);
        }
    }

    private static String describe(IOException failure) {
        return failure.getClass().getSimpleName() + ": " + failure.getMessage();
    }
}
