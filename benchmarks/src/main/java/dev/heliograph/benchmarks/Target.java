package dev.heliograph.benchmarks;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the platform under test is, and in whose name it is measured. */
final class Target {
    @Option(
            names = "--api",
            defaultValue = "http://localhost:8080",
            description = "Address of the platform (${DEFAULT-VALUE}).")
    URI api = URI.create("http://localhost:8080");

    @Option(
            names = "--mqtt-host",
            defaultValue = "127.0.0.1",
            description = "Host of the MQTT endpoint (${DEFAULT-VALUE}).")
    String mqttHost = "127.0.0.1";

    @Option(names = "--mqtt-port", defaultValue = "1883", description = "Port of the MQTT endpoint (${DEFAULT-VALUE}).")
    int mqttPort = 1883;

    @Option(
            names = "--token",
            required = true,
            description = "Access token with the role admin: $(./heliograph token --role admin).")
    String token = "";

    @Option(names = "--pid", description = "Process whose CPU time, with that of its children, is reported.")
    @Nullable
    Long pid;

    /** CPU time of the process under test with its descendants, if it was named. */
    Optional<CpuTime> cpu() {
        return Optional.ofNullable(pid)
                .filter(id -> Files.exists(Path.of("/proc/" + id)))
                .map(CpuTime::new);
    }
}
