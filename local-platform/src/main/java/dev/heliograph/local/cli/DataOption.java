package dev.heliograph.local.cli;

import dev.heliograph.local.StartRefused;
import dev.heliograph.local.StartRefused.Reason;
import dev.heliograph.local.client.HeliographApi;
import dev.heliograph.local.data.DataDirectory;
import dev.heliograph.local.data.RunningPlatform;
import dev.heliograph.local.data.Secrets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option {@code --data}, and the platform that runs there. */
final class DataOption {
    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "Where Heliograph keeps its data. Default: $HELIOGRAPH_DATA, else .heliograph beside the launcher.")
    private @Nullable Path directory;

    Path directory() {
        if (directory != null) {
            return directory.toAbsolutePath().normalize();
        }
        String fromEnvironment = System.getenv("HELIOGRAPH_DATA");
        if (fromEnvironment != null && !fromEnvironment.isBlank()) {
            return Path.of(fromEnvironment).toAbsolutePath().normalize();
        }
        return Path.of(System.getProperty("heliograph.home", "."))
                .resolve(".heliograph")
                .toAbsolutePath()
                .normalize();
    }

    /** @throws StartRefused if no platform runs there */
    RunningPlatform running() {
        Path data = directory();
        if (!DataDirectory.isHeld(data)) {
            throw new StartRefused(
                    Reason.NOT_RUNNING,
                    "Heliograph is not running on %s; start it with: heliograph up".formatted(data));
        }
        return RunningPlatform.read(data)
                .orElseThrow(() -> new StartRefused(
                        Reason.NOT_RUNNING, "Heliograph is only just starting or stopping; try again in a moment."));
    }

    /** @throws StartRefused if no platform runs there */
    HeliographApi api(String tenant, String role) {
        RunningPlatform platform = running();
        String secret = Secrets.of(directory())
                .existing("cli-client-secret")
                .orElseThrow(() -> new StartRefused(
                        Reason.NOT_RUNNING, "Heliograph is only just starting; try again in a moment."));
        return new HeliographApi(platform.apiUrl(), secret, tenant, role);
    }
}
