package dev.heliograph.systemtests.faults.plant;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A version of the services that can be started.
 *
 * @param name for people
 * @param classPath of its processes; the suite's own {@link ChildMain} is on it
 */
public record Build(String name, String classPath) {
    private static final String OLDER = "heliograph.faults.older";

    /** The version that is under test: this tree. */
    public static Build newer() {
        return new Build("newer", System.getProperty("java.class.path"));
    }

    /** The version before it, in the built tree that {@code -Dheliograph.faults.older} names; empty where none is named. */
    public static Optional<Build> older() {
        String tree = System.getProperty(OLDER, "");
        return tree.isEmpty() ? Optional.empty() : Optional.of(older(Path.of(tree)));
    }

    private static Build older(Path tree) {
        Path libraries = tree.resolve("local-platform/target/lib").toAbsolutePath();
        if (!Files.isDirectory(libraries)) {
            throw new IllegalStateException(
                    OLDER + ": there is no " + libraries + "; build that tree by mvn package -DskipTests");
        }
        return new Build("older", libraries + "/*:" + ofThisSuite());
    }

    private static Path ofThisSuite() {
        try {
            return Path.of(ChildMain.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
