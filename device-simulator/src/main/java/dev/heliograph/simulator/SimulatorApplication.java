package dev.heliograph.simulator;

import dev.heliograph.simulator.cli.SimulateCommand;
import picocli.CommandLine;

/** Entry point of the simulator's executable jar. */
public final class SimulatorApplication {
    private SimulatorApplication() {}

    /** Ends the process with the exit code of {@link #run}. */
    static void main(String[] args) {
        System.exit(run(args));
    }

    /**
     * Runs until the duration is over, the replay has ended or the process is interrupted.
     *
     * @return 0, or 1 on failure, 2 on wrong usage
     */
    public static int run(String... args) {
        return new CommandLine(new SimulateCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(args);
    }
}
