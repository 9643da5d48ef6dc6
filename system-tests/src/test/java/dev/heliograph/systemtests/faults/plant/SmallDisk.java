package dev.heliograph.systemtests.faults.plant;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A disk that can be full: a file system in memory. An ordinary user mounts it where only a process of its own sees it,
 * which needs user namespaces of Linux, and others get there by that process's root in {@code /proc}. Root mounts it where all
 * see it, as PostgreSQL then runs in a namespace from which there is no way into another one. Either way it goes with its
 * keeper, and that ends with this process, however it ends: nothing stays mounted. Where neither is possible, there is none.
 */
public final class SmallDisk implements AutoCloseable {
    private static final String MOUNT_POINT = "/mnt";
    private static final String READY = "ready";
    private static final int BLOCK = 1 << 20;
    private static final int SMALLEST_BLOCK = 4_096;

    private final Process keeper;
    private final Path directory;

    private SmallDisk(Process keeper, Path directory) {
        this.keeper = keeper;
        this.directory = directory;
    }

    /** A disk of this size, or empty where this system lets nobody mount one. */
    public static Optional<SmallDisk> ofMegabytes(int megabytes) {
        try {
            return "root".equals(System.getProperty("user.name")) ? forAll(megabytes) : inANamespace(megabytes);
        } catch (IOException noSuchProgram) {
            return Optional.empty();
        }
    }

    // The keepers read until the pipe is closed, which the death of this process does too.

    private static Optional<SmallDisk> forAll(int megabytes) throws IOException {
        Path directory = Files.createTempDirectory("small-disk");
        Process keeper = keeper(
                "/bin/sh",
                "-c",
                "%s && echo %s && cat >/dev/null; umount -l %s; rmdir %s"
                        .formatted(mount(megabytes, directory.toString()), READY, directory, directory));
        return whenReady(new SmallDisk(keeper, directory));
    }

    private static Optional<SmallDisk> inANamespace(int megabytes) throws IOException {
        Process keeper = keeper(
                "unshare",
                "--user",
                "--map-root-user",
                "--mount",
                "/bin/sh",
                "-c",
                "%s && echo %s && exec cat >/dev/null".formatted(mount(megabytes, MOUNT_POINT), READY));
        return whenReady(new SmallDisk(keeper, Path.of("/proc", String.valueOf(keeper.pid()), "root", MOUNT_POINT)));
    }

    private static String mount(int megabytes, String where) {
        return "mount -t tmpfs -o size=%dm,mode=0755 tmpfs %s".formatted(megabytes, where);
    }

    private static Process keeper(String... command) throws IOException {
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static Optional<SmallDisk> whenReady(SmallDisk disk) throws IOException {
        BufferedReader said = disk.keeper.inputReader(StandardCharsets.US_ASCII);
        if (READY.equals(said.readLine()) && Files.isWritable(disk.directory)) {
            return Optional.of(disk);
        }
        disk.close();
        return Optional.empty();
    }

    /** Its root, as this process and its children reach it. */
    public Path directory() {
        return directory;
    }

    /** Leaves no room at all. */
    public void fill() {
        try (OutputStream out = Files.newOutputStream(ballast())) {
            fillBy(out, BLOCK);
            fillBy(out, SMALLEST_BLOCK);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void fillBy(OutputStream out, int block) {
        byte[] zeros = new byte[block];
        try {
            while (true) {
                out.write(zeros);
            }
        } catch (IOException full) {
            // what was wanted
        }
    }

    /** Makes room again. */
    public void free() {
        try {
            Files.deleteIfExists(ballast());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private Path ballast() {
        return directory.resolve("ballast");
    }

    @Override
    public void close() {
        try {
            keeper.getOutputStream().close();
        } catch (IOException ended) {
            // it has gone before, and the disk with it
        }
    }
}
