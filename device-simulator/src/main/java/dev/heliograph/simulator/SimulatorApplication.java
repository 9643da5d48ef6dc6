package dev.heliograph.simulator;

import dev.heliograph.simulator.cli.SimulateCommand;
import picocli.CommandLine;

/** Entry point of the simulator's executable jar. */
public final class SimulatorApplication {
    private SimulatorApplication() {}

    /** Runs until the duration is over, the replay has ended or Ctrl-C; exit code 0, or 1 on failure, 2 on wrong usage. */
    static void main(String[] args) {
        System.exit(new CommandLine(new SimulateCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(args));
    }
}
