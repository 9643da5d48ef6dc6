package dev.heliograph.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Files of this module; tests run with the module's directory as their working directory. */
final class Tree {
    /** Set to {@code true}, the tests write the generated files instead of comparing them: {@code -Dheliograph.update=true}. */
    static final boolean UPDATE = Boolean.getBoolean("heliograph.update");

    private static final Path MODULE = Path.of("").toAbsolutePath();

    private Tree() {}

    /** A path of this module, whether it exists or not. */
    static Path path(String relative) {
        return MODULE.resolve(relative).normalize();
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    static String read(String relative) {
        return read(path(relative));
    }

    static void write(Path file, String content) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    /** Regular files directly in a directory, sorted by name. */
    static List<Path> filesIn(String directory) {
        try (Stream<Path> files = Files.list(path(directory))) {
            return files.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + directory, e);
        }
    }
}
