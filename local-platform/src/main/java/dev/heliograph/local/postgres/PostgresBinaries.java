package dev.heliograph.local.postgres;

import dev.heliograph.local.StartRefused;
import dev.heliograph.local.StartRefused.Reason;
import dev.heliograph.local.data.DirectoryTree;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/** The PostgreSQL programs for this operating system and processor, unpacked from the class path. */
final class PostgresBinaries {
    private PostgresBinaries() {}

    /**
     * Unpacks the programs unless they are there already, and returns the directory that holds {@code bin}.
     *
     * @throws StartRefused if this build brings no PostgreSQL for this machine
     */
    static Path unpack(Path runtime) throws IOException {
        String archive = archiveName(System.getProperty("os.name"), System.getProperty("os.arch"));
        Path home = runtime.resolve(archive.replace(".txz", "") + "-" + fingerprint(archive));
        if (Files.exists(home)) {
            return home;
        }
        // Unpacked aside and moved, so that a half-unpacked tree is never taken for a whole one.
        Path draft = runtime.resolve("unpacking");
        DirectoryTree.delete(draft);
        Files.createDirectories(draft);
        try (InputStream packed = open(archive);
                TarArchiveInputStream tar = new TarArchiveInputStream(new XZCompressorInputStream(packed))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                extract(tar, entry, draft);
            }
        }
        Files.move(draft, home, StandardCopyOption.ATOMIC_MOVE);
        return home;
    }

    static String archiveName(String operatingSystem, String processor) {
        String os = operatingSystem.toLowerCase(Locale.ROOT);
        boolean arm = processor.equals("aarch64") || processor.equals("arm64");
        if (os.startsWith("linux")) {
            return arm ? "postgres-linux-arm_64.txz" : "postgres-linux-x86_64.txz";
        }
        if (os.startsWith("mac")) {
            return arm ? "postgres-darwin-arm_64.txz" : "postgres-darwin-x86_64.txz";
        }
        throw new StartRefused(
                Reason.USAGE, "Heliograph brings no PostgreSQL for %s on %s.".formatted(operatingSystem, processor));
    }

    private static void extract(TarArchiveInputStream tar, TarArchiveEntry entry, Path root) throws IOException {
        Path target = root.resolve(entry.getName()).normalize();
        if (!target.startsWith(root)) {
            throw new IOException("archive entry outside of the target: " + entry.getName());
        }
        if (entry.isDirectory()) {
            Files.createDirectories(target);
            return;
        }
        Files.createDirectories(target.resolveSibling("."));
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
        } else {
            Files.copy(tar, target);
            boolean executable = (entry.getMode() & 0100) != 0;
            Files.setPosixFilePermissions(
                    target, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
        }
    }

    /** Tells one version's programs from another's without reading 15 MB: the archive's size in bytes. */
    private static String fingerprint(String archive) throws IOException {
        URL url = PostgresBinaries.class.getClassLoader().getResource(archive);
        if (url == null) {
            throw missing(archive);
        }
        return Long.toString(url.openConnection().getContentLengthLong(), 36);
    }

    private static InputStream open(String archive) {
        InputStream stream = PostgresBinaries.class.getClassLoader().getResourceAsStream(archive);
        if (stream == null) {
            throw missing(archive);
        }
        return stream;
    }

    private static StartRefused missing(String archive) {
        return new StartRefused(
                Reason.USAGE, "This build brings no PostgreSQL for this machine (%s is missing).".formatted(archive));
    }
}
