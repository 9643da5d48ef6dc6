package dev.heliograph.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The platform as its user starts it: the launcher script in a process of its own. */
final class PlatformProcess implements AutoCloseable {
    /** Generous: a machine that also builds is slow. */
    private static final Duration START_LIMIT = Duration.ofMinutes(5);

    private static final Duration COMMAND_LIMIT = Duration.ofMinutes(1);
    private static final Pattern UP = Pattern.compile("^Heliograph is up: (\\S+)$", Pattern.MULTILINE);

    private final Process process;
    private final Path data;
    private final Path output;
    private final URI url;

    private PlatformProcess(Process process, Path data, Path output, URI url) {
        this.process = process;
        this.data = data;
        this.output = output;
        this.url = url;
    }

    /** How a command ended. */
    record Result(int exitCode, String output) {}

    /** Starts on free ports and waits for the line that says that it is up. */
    static PlatformProcess start(Path data, int devices) {
        try {
            Path output = Files.createTempFile("heliograph-up", ".log");
            List<String> up = List.of("up", "--port", "0", "--mqtt-port", "0", "--devices", "" + devices);
            Process process = launch(data, output, up);
            await().atMost(START_LIMIT)
                    .until(() -> !process.isAlive() || UP.matcher(read(output)).find());
            Matcher line = UP.matcher(read(output));
            assertThat(line.find())
                    .as("the platform did not start:%n%s", read(output))
                    .isTrue();
            return new PlatformProcess(process, data, output, URI.create(line.group(1)));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Runs a command of the launcher to its end. */
    static Result run(Path data, String... arguments) {
        try {
            Path output = Files.createTempFile("heliograph-command", ".log");
            Process process = launch(data, output, List.of(arguments));
            if (!process.waitFor(COMMAND_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(List.of(arguments) + " did not end: " + read(output));
            }
            return new Result(process.exitValue(), read(output));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    URI url() {
        return url;
    }

    /** The password that was printed for a demo user. */
    String password(String user) {
        Matcher line =
                Pattern.compile("^ +" + user + " +(\\S+)$", Pattern.MULTILINE).matcher(read(output));
        assertThat(line.find()).isTrue();
        return line.group(1);
    }

    /** An access token, by the command that users have for it. */
    String token(String role) {
        Result result = run(data, "token", "--role", role);
        assertThat(result.exitCode()).as(result.output()).isZero();
        return result.output().strip();
    }

    /** A key for a device, by the command that users have for it. */
    JsonNode deviceKey(String device) {
        Result result = run(data, "device-key", "--json", device);
        assertThat(result.exitCode()).as(result.output()).isZero();
        return JsonMapper.shared().readTree(result.output());
    }

    Path data() {
        return data;
    }

    /** What {@code kill -9} does. */
    void kill() {
        process.destroyForcibly();
        await().atMost(Duration.ofSeconds(30)).until(() -> !process.isAlive());
    }

    /** What Ctrl-C does; returns what was printed meanwhile. */
    String stop() {
        process.destroy();
        await().atMost(Duration.ofMinutes(1)).until(() -> !process.isAlive());
        return read(output);
    }

    @Override
    public void close() {
        stop();
    }

    private static Process launch(Path data, Path output, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(launcher().toString());
        command.addAll(arguments);
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().put("HELIOGRAPH_DATA", data.toString());
        // What is under test has been built before; a build inside of a build would wait for itself.
        builder.environment().put("HELIOGRAPH_BUILT", "1");
        return builder.start();
    }

    private static Path launcher() {
        return Path.of("").toAbsolutePath().resolveSibling("heliograph");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
