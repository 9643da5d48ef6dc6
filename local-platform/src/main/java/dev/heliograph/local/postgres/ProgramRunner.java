package dev.heliograph.local.postgres;

import dev.heliograph.local.StartRefused;
import dev.heliograph.local.StartRefused.Reason;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs PostgreSQL's programs, as somebody other than root. */
final class ProgramRunner {
    private final Path home;
    private final List<String> prefix;

    private ProgramRunner(Path home, List<String> prefix) {
        this.home = home;
        this.prefix = prefix;
    }

    /**
     * @param home the directory that holds {@code bin}
     * @throws StartRefused if this is root and the system offers no user namespaces: PostgreSQL refuses to run as root
     */
    static ProgramRunner in(Path home) throws IOException {
        if (!"root".equals(System.getProperty("user.name"))) {
            return new ProgramRunner(home, List.of());
        }
        List<String> unprivileged = List.of("unshare", "-U");
        ProgramRunner runner = new ProgramRunner(home, unprivileged);
        if (runner.exitCodeOf(List.of("unshare", "-U", "true"), Duration.ofSeconds(10)) != 0) {
            throw new StartRefused(
                    Reason.USAGE,
                    "PostgreSQL does not run as root, and this system offers no user namespaces. "
                            + "Start Heliograph as an ordinary user.");
        }
        return runner;
    }

    /** Runs a program to its end and returns what it printed. */
    String run(Duration limit, String program, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.add(home.resolve("bin").resolve(program).toString());
        command.addAll(List.of(arguments));
        Path output = Files.createTempFile("heliograph-" + program, ".out");
        try {
            int exitCode = await(start(command, output), limit, program);
            // PostgreSQL may print in the system's encoding; only messages for people come this way.
            String text = new String(Files.readAllBytes(output), StandardCharsets.UTF_8);
            if (exitCode != 0) {
                throw new IOException("%s ended with exit code %d: %s".formatted(program, exitCode, text.strip()));
            }
            return text;
        } finally {
            Files.deleteIfExists(output);
        }
    }

    private int exitCodeOf(List<String> command, Duration limit) throws IOException {
        try {
            return await(
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start(),
                    limit,
                    command.getFirst());
        } catch (IOException noSuchProgram) {
            return -1;
        }
    }

    private static Process start(List<String> command, Path output) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
        builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
        builder.environment().put("LC_ALL", "C");
        return builder.start();
    }

    private static int await(Process process, Duration limit, String program) throws IOException {
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new IOException(program + " did not end within " + limit);
            }
            return process.exitValue();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
            throw new IOException("interrupted while running " + program, interrupted);
        }
    }
}
