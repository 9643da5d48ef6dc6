package dev.heliograph.local.data;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/** Files and directories that only their owner may read, from the moment they exist. */
public final class OwnerOnly {
    private OwnerOnly() {}

    /** Creates the directory and its missing parents, {@code rwx------}. */
    public static void createDirectories(Path directory) throws IOException {
        Files.createDirectories(directory, attributes("rwx------"));
    }

    /** Creates an empty file, {@code rw-------}; fails if it exists. */
    public static Path createFile(Path file) throws IOException {
        return Files.createFile(file, attributes("rw-------"));
    }

    private static FileAttribute<?>[] attributes(String permissions) {
        boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
        return posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }
}
