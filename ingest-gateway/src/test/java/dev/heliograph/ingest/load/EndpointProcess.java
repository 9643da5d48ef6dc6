package dev.heliograph.ingest.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A {@link LoadedEndpoint} as a child, with the class path of this process. */
final class EndpointProcess implements AutoCloseable {
    private static final double TICKS_PER_SECOND = 100;

    private final Process process;
    private final BufferedReader answers;
    private final Writer questions;
    private final Path directory;
    private final int port;
    private final int tlsPort;
    private final String io;

    /** @param options of its JVM */
    EndpointProcess(String... options) throws IOException {
        directory = Files.createTempDirectory("endpoint-load");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), LoadedEndpoint.class.getName()));
        command.add(directory.toString());
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        answers = process.inputReader(StandardCharsets.UTF_8);
        questions = process.outputWriter(StandardCharsets.UTF_8);
        String[] ports = answer("ports ");
        port = Integer.parseInt(ports[0]);
        tlsPort = Integer.parseInt(ports[1]);
        io = ports[2];
    }

    int port() {
        return port;
    }

    int tlsPort() {
        return tlsPort;
    }

    /** {@code epoll} or {@code nio}. */
    String io() {
        return io;
    }

    Path certificate() {
        return directory.resolve("chain.pem");
    }

    /**
     * After a collection.
     *
     * @param heap bytes of the heap in use
     * @param resident bytes of resident memory
     * @param connections devices connected
     */
    record Memory(long heap, long resident, int connections) {}

    Memory memory() throws IOException {
        questions.write("heap\n");
        questions.flush();
        String[] told = answer("heap ");
        return new Memory(Long.parseLong(told[0]), Long.parseLong(told[1]), Integer.parseInt(told[2]));
    }

    /** Processor time of the process so far, compiler and collector included, in seconds. */
    double cpuSeconds() throws IOException {
        String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
    }

    private String[] answer(String beginning) throws IOException {
        for (String line = answers.readLine(); line != null; line = answers.readLine()) {
            if (line.startsWith(beginning)) {
                return line.substring(beginning.length()).split(" ");
            }
        }
        throw new IOException("the endpoint has ended");
    }

    @Override
    public void close() throws IOException {
        questions.close();
        try {
            process.waitFor();
        } catch (InterruptedException stopped) {
            process.destroy();
            Thread.currentThread().interrupt();
        }
        Files.deleteIfExists(directory.resolve("chain.pem"));
        Files.deleteIfExists(directory.resolve("key.pem"));
        Files.deleteIfExists(directory);
    }
}
