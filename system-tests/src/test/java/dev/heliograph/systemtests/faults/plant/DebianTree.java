package dev.heliograph.systemtests.faults.plant;

import dev.heliograph.local.postgres.PostgresInstallation;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;

/**
 * PostgreSQL with TimescaleDB out of Debian's packages, extracted into a directory, as {@code .ci/timescaledb} makes it. Neither
 * root nor a change of root is needed: each program is started by the tree's own loader with the tree's own libraries, whatever
 * this system has, by a script that lies where the program lies in the tree, as PostgreSQL finds everything else from there.
 */
final class DebianTree {
    private static final List<String> PROGRAMS = List.of("initdb", "pg_ctl", "postgres");
    private static final Map<String, String> SETTINGS =
            Map.of("shared_preload_libraries", "timescaledb", "timescaledb.telemetry_level", "off");

    private DebianTree() {}

    /**
     * The installation.
     *
     * @param tree the root of the packages' files
     * @param runtime for the scripts
     */
    static PostgresInstallation installation(Path tree, Path runtime) throws IOException {
        Path root = tree.toRealPath();
        Path version = only(root.resolve("usr/lib/postgresql"), "[0-9]*");
        Path home = runtime.resolve(root.relativize(version).toString());
        Files.createDirectories(home.resolve("bin"));
        Files.createDirectories(runtime.resolve("usr/share"));
        Files.createSymbolicLink(home.resolve("lib"), version.resolve("lib"));
        Files.createSymbolicLink(runtime.resolve("usr/share/postgresql"), root.resolve("usr/share/postgresql"));
        // By its name the system tells that it is a server of PostgreSQL that runs.
        Path loader = runtime.resolve("postgres");
        Path libraries = only(root.resolve("usr/lib"), "*-linux-gnu");
        Files.copy(only(libraries, "ld-linux-*.so.*"), loader, StandardCopyOption.COPY_ATTRIBUTES);
        for (String program : PROGRAMS) {
            Path script = home.resolve("bin").resolve(program);
            Files.writeString(script, """
                    #!/bin/sh
                    exec '%s' --library-path '%s' --argv0 "$0" '%s' "$@"
                    """.formatted(
                            loader, libraries, version.resolve("bin").resolve(program)));
            Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        return new PostgresInstallation(home, SETTINGS);
    }

    private static Path only(Path directory, String pattern) throws IOException {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, pattern)) {
            for (Path path : found) {
                return path;
            }
        }
        throw new IOException("no " + pattern + " in " + directory + ": is it a tree of Debian's PostgreSQL?");
    }
}
