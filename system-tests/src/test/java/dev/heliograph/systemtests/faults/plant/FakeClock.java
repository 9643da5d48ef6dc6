package dev.heliograph.systemtests.faults.plant;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The wall clock of processes that were started with its {@link #environment}; it can be set while they run. Clocks that only
 * measure durations go on as they do when somebody sets the time of a machine. Made by libfaketime, Debian's package of
 * that name.
 */
public final class FakeClock {
    private static final Path ROOT = Path.of("/usr/lib");
    private static final String LIBRARY = "libfaketimeMT.so.1";

    private final Path file;

    /** A clock that is right at first. */
    public FakeClock(Path file) {
        this.file = file;
        set(Duration.ZERO);
    }

    /** Whether clocks can be set here. */
    public static boolean isPossible() {
        return library().isPresent();
    }

    private static Optional<Path> library() {
        try (Stream<Path> there = Files.list(ROOT)) {
            return Stream.concat(there, Stream.of(ROOT))
                    .map(directory -> directory.resolve("faketime").resolve(LIBRARY))
                    .filter(Files::isReadable)
                    .findFirst();
        } catch (IOException noLibraries) {
            return Optional.empty();
        }
    }

    /** What makes a process follow this clock. */
    public Map<String, String> environment() {
        return Map.of(
                "LD_PRELOAD",
                library().orElseThrow().toString(),
                "FAKETIME_TIMESTAMP_FILE",
                file.toString(),
                // Seconds for which what the file says is believed.
                "FAKETIME_CACHE_DURATION",
                "1",
                "FAKETIME_DONT_FAKE_MONOTONIC",
                "1");
    }

    /** The clock is so far ahead of the right time, or behind it, within a second. */
    public void set(Duration ahead) {
        try {
            Path fresh = Files.writeString(
                    file.resolveSibling(file.getFileName() + ".new"), "%+d\n".formatted(ahead.toSeconds()));
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
