package dev.heliograph.systemtests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The Chromium in the npm package {@code @sparticuz/chromium}: a headless shell for Linux on x86-64 with the libraries
 * and fonts that it needs. The version is the one in {@code src/test/browser/package-lock.json}.
 *
 * <p>Everything lands in {@code target/browser}, about 280 MB, once: as long as the files in {@code src/test/browser}
 * stay as they are, later runs use what is there.
 */
final class NpmChromium {
    private static final List<String> RECIPE =
            List.of(".npmrc", "package.json", "package-lock.json", "unpack.mjs", "fonts.conf");
    private static final Path SOURCE = Path.of("src/test/browser").toAbsolutePath();
    private static final Path HOME = Path.of("target/browser").toAbsolutePath();
    /** Exists once everything before it has succeeded; what an interrupted run leaves is not mistaken for a browser. */
    private static final Path COMPLETE = HOME.resolve("complete");

    private static final Path UNPACKED = HOME.resolve("unpacked");
    private static final Path EXECUTABLE = UNPACKED.resolve("chromium");
    private static final Duration DOWNLOAD_LIMIT = Duration.ofMinutes(5);
    private static final Duration UNPACK_LIMIT = Duration.ofMinutes(2);
    private static final Duration TRIAL_LIMIT = Duration.ofMinutes(1);
    private static final int QUOTED_CHARACTERS = 800;

    private NpmChromium() {}

    /**
     * Downloads and unpacks the browser unless that has been done, and has it tell its version.
     *
     * @throws IOException if this is another kind of machine, or npm, Node.js or the browser is missing, fails or takes
     *     too long; the message says which and quotes the end of its output
     */
    static BrowserLocation install() throws IOException, InterruptedException {
        requireLinuxOnX64();
        if (!isComplete()) {
            copyRecipe();
            run("npm", DOWNLOAD_LIMIT, System.getenv(), "npm", "ci");
            run("unpack", UNPACK_LIMIT, with(Map.of("TMPDIR", UNPACKED.toString())), "node", "unpack.mjs");
            Files.createFile(COMPLETE);
        }
        BrowserLocation browser = new BrowserLocation(EXECUTABLE, browserEnvironment());
        run("trial", TRIAL_LIMIT, browser.environment(), EXECUTABLE.toString(), "--version");
        return browser;
    }

    private static void requireLinuxOnX64() throws IOException {
        String system = System.getProperty("os.name");
        String processor = System.getProperty("os.arch");
        if (!system.equals("Linux") || !processor.equals("amd64")) {
            throw new IOException("it is built for Linux on x86-64, this is " + system + " on " + processor);
        }
    }

    private static boolean isComplete() throws IOException {
        if (!Files.exists(COMPLETE)) {
            return false;
        }
        for (String name : RECIPE) {
            Path copy = HOME.resolve(name);
            if (!Files.exists(copy) || Files.mismatch(SOURCE.resolve(name), copy) >= 0) {
                return false;
            }
        }
        return true;
    }

    private static void copyRecipe() throws IOException {
        deleteHome();
        Files.createDirectories(UNPACKED);
        for (String name : RECIPE) {
            Files.copy(SOURCE.resolve(name), HOME.resolve(name));
        }
    }

    private static void deleteHome() throws IOException {
        if (!Files.exists(HOME)) {
            return;
        }
        List<Path> children;
        try (Stream<Path> tree = Files.walk(HOME)) {
            children = tree.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path child : children) {
            Files.delete(child);
        }
    }

    private static Map<String, String> browserEnvironment() {
        String libraries = UNPACKED.resolve("al2023/lib").toString();
        String others = System.getenv("LD_LIBRARY_PATH");
        return with(Map.of(
                "LD_LIBRARY_PATH", others == null || others.isEmpty() ? libraries : libraries + ":" + others,
                "FONTCONFIG_FILE", HOME.resolve("fonts.conf").toString(),
                "XDG_CACHE_HOME", HOME.resolve("cache").toString()));
    }

    private static Map<String, String> with(Map<String, String> additions) {
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.putAll(additions);
        return environment;
    }

    private static void run(String step, Duration limit, Map<String, String> environment, String... command)
            throws IOException, InterruptedException {
        Path output = HOME.resolve(step + ".log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(HOME.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException(String.join(" ", command) + " took more than " + limit + endOf(output));
            }
        } finally {
            // After a normal end there is nothing left to end; after a timeout or an interrupt there is.
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        if (process.exitValue() != 0) {
            throw new IOException(String.join(" ", command) + " ended with " + process.exitValue() + endOf(output));
        }
    }

    private static String endOf(Path output) throws IOException {
        String text = Files.readString(output).strip();
        return System.lineSeparator() + text.substring(Math.max(0, text.length() - QUOTED_CHARACTERS));
    }
}
