package dev.heliograph.local.cli;

import dev.heliograph.local.data.RunningPlatform;
import dev.heliograph.simulator.SimulatorApplication;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Unmatched;

/** {@code heliograph simulate}: the device simulator, told where the platform is and in whose name it registers. */
@Command(
        name = "simulate",
        sortOptions = false,
        description = {
            "Simulate more devices, or replay a CSV file, against the platform that runs here.",
            "",
            "Options of the simulator are passed on, among them:",
            "  --replay FILE          publish the rows of a CSV file: columns device, time, then metrics",
            "  --times shift|shift-each|keep",
            "                         shift them so that the last row is now (default), so that the last row of",
            "                         each device is now, or keep them",
            "  --backfill             with --times keep: send them as history, of any age, through the API",
            "  --speed 60|max         times real time (default 1)",
            "  --live 1h              so much of the end in real time, whatever the speed",
            "  --devices N            simulate so many devices instead",
            "  --rate N               readings a second of all of them",
            "  --faults none|some|many",
            "  --duration 10m         stop by itself",
            "  --history FILE         write down what was sent and acknowledged",
            "",
            "Example, history at once and then an hour that lives:",
            "  heliograph simulate --replay readings.csv --times shift-each --speed max --live 1h",
            "",
            "Example, readings of years ago as they were:",
            "  heliograph simulate --replay readings.csv --times keep --backfill"
        })
final class SimulateCommand implements Callable<Integer> {
    @Option(names = "--tenant", defaultValue = "demo", description = "Default: ${DEFAULT-VALUE}.")
    private String tenant = "demo";

    @Mixin
    private final DataOption data = new DataOption();

    @Unmatched
    private List<String> passedOn = new ArrayList<>();

    @Override
    public Integer call() throws Exception {
        RunningPlatform platform = data.running();
        List<String> arguments = new ArrayList<>(List.of(
                "--broker",
                "tcp://%s:%d".formatted(platform.mqttHost(), platform.mqttPort()),
                "--api",
                platform.apiUrl().toString(),
                "--tenant",
                tenant,
                "--token",
                data.api(tenant, "admin").requestToken(),
                "--credentials",
                data.directory()
                        .resolve("simulator")
                        .resolve("by-hand-" + tenant + ".json")
                        .toString()));
        arguments.addAll(passedOn);
        return SimulatorApplication.run(arguments.toArray(String[]::new));
    }
}
