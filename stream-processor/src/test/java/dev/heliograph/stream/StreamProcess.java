package dev.heliograph.stream;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The stream processor as a child process, which can be killed as a machine would kill it. */
final class StreamProcess implements AutoCloseable {
    private final Process process;

    StreamProcess(String bootstrapServers, Path directory, String... settings) throws IOException {
        String java = ProcessHandle.current().info().command().orElse("java");
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> command = new ArrayList<>(List.of(
                java,
                "-Xmx512m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                classPath,
                StreamProcessorApplication.class.getName()));
        // Given twice, a setting would become a list.
        arguments(bootstrapServers, directory.resolve("state")).stream()
                .filter(argument -> Stream.of(settings).noneMatch(setting -> setting.startsWith(nameOf(argument))))
                .forEach(command::add);
        command.addAll(List.of(settings));
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("stream.log").toFile()))
                .start();
    }

    private static String nameOf(String argument) {
        return argument.substring(0, argument.indexOf('=') + 1);
    }

    static List<String> arguments(String bootstrapServers, Path state) {
        return List.of(
                "--heliograph.kafka.bootstrap-servers=" + bootstrapServers,
                "--heliograph.stream.state-directory=" + state,
                "--heliograph.stream.instance=one",
                "--heliograph.stream.session-timeout=6s",
                "--heliograph.stream.windows.lateness=3s",
                "--heliograph.writer.enabled=false",
                "--management.server.port=0",
                "--server.address=127.0.0.1",
                "--management.server.address=127.0.0.1");
    }

    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor(10, TimeUnit.SECONDS);
    }

    boolean isAlive() {
        return process.isAlive();
    }

    Duration cpu() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(40, TimeUnit.SECONDS)) {
            kill();
        }
    }
}
