package dev.heliograph.local.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What PostgreSQL writes into {@code postmaster.pid} of its cluster.
 *
 * @param processId the server's process
 * @param cluster the directory it serves
 */
record PostmasterPid(long processId, Path cluster) {

    /** The server that holds, or last held and did not release, this cluster. */
    static Optional<PostmasterPid> read(Path cluster) throws IOException {
        try {
            List<String> lines = Files.readAllLines(cluster.resolve("postmaster.pid"));
            return Optional.of(new PostmasterPid(Long.parseLong(lines.getFirst().strip()), cluster));
        } catch (NoSuchFileException released) {
            return Optional.empty();
        }
    }

    /** Whether that process is still there and still is a PostgreSQL server, not a newcomer with its number. */
    boolean isAlive() {
        return ProcessHandle.of(processId)
                .filter(ProcessHandle::isAlive)
                .flatMap(process -> process.info().command())
                .filter(command -> command.endsWith("/postgres"))
                .isPresent();
    }
}
