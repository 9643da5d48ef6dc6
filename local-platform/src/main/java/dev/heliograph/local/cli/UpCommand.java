package dev.heliograph.local.cli;

import dev.heliograph.local.up.UpOptions;
import dev.heliograph.local.up.UpRun;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code heliograph up}. */
@Command(name = "up", sortOptions = false, description = "Start everything and stay in the foreground; Ctrl-C stops.")
final class UpCommand implements Callable<Integer> {
    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "8080",
            description = "Dashboard, API and sign-in. 0: any free port. Default: ${DEFAULT-VALUE}.")
    private int port;

    @Option(
            names = "--mqtt-port",
            paramLabel = "PORT",
            defaultValue = "1883",
            description = "Where devices connect. 0: any free port. Default: ${DEFAULT-VALUE}.")
    private int mqttPort;

    @Option(
            names = "--devices",
            paramLabel = "N",
            defaultValue = "100",
            description = "How many devices to simulate, 0 to 10000. Default: ${DEFAULT-VALUE}.")
    private int devices;

    @Option(names = "--no-simulator", description = "Simulate no devices: wait for real ones.")
    private boolean noSimulator;

    @Mixin
    private final DataOption data = new DataOption();

    @Option(names = "--fresh", description = "Empty the data directory first. Everything stored is lost.")
    private boolean fresh;

    @Option(
            names = "--bind",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "The interface to listen on; 0.0.0.0 lets other machines in, without encryption. "
                    + "Default: ${DEFAULT-VALUE}.")
    private InetAddress address = InetAddress.getLoopbackAddress();

    @Option(
            names = "--public-url",
            paramLabel = "URL",
            description = "The address that browsers use, if it is not http://localhost:PORT.")
    private @Nullable URI publicUrl;

    @Option(names = "--trial", hidden = true, description = "Stop soon after everything is ready.")
    private boolean trial;

    @Override
    public Integer call() throws Exception {
        int simulated = noSimulator ? 0 : devices;
        return UpRun.run(
                new UpOptions(address, port, mqttPort, publicUrl, data.directory(), simulated, fresh),
                trial ? Duration.ofSeconds(5) : null,
                HeliographCli.Version.current());
    }
}
