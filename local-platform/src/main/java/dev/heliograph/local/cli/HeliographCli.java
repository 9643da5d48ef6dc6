package dev.heliograph.local.cli;

import dev.heliograph.connections.NameLookups;
import dev.heliograph.local.StartRefused;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;

/** The command {@code heliograph}. */
@Command(
        name = "heliograph",
        description = "Heliograph on one machine: devices in, dashboard and API out.",
        mixinStandardHelpOptions = true,
        versionProvider = HeliographCli.Version.class,
        scope = ScopeType.INHERIT,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            UpCommand.class,
            StopCommand.class,
            StatusCommand.class,
            OpenCommand.class,
            TokenCommand.class,
            DeviceKeyCommand.class,
            SimulateCommand.class
        })
public final class HeliographCli implements Runnable {
    @CommandLine.Spec
    private CommandLine.Model.@Nullable CommandSpec spec;

    /** Runs a command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        NameLookups.followMoves();
        System.exit(new CommandLine(new HeliographCli())
                .setExecutionExceptionHandler((failure, commandLine, parsed) -> explain(failure, commandLine))
                .setParameterExceptionHandler(HeliographCli::refuse)
                .execute(arguments));
    }

    @Override
    public void run() {
        if (spec != null) {
            spec.commandLine().usage(System.out);
        }
    }

    private static int explain(Exception failure, CommandLine commandLine) {
        PrintWriter err = commandLine.getErr();
        if (failure instanceof StartRefused refused) {
            err.println(refused.getMessage());
            if (refused.getCause() != null) {
                log("refused", refused);
            }
            return refused.reason().exitCode();
        }
        err.println("Heliograph failed: " + failure);
        log("failed", failure);
        return StartRefused.Reason.FAILED.exitCode();
    }

    /** Only {@code up} has a log file; the other commands are over before anybody could read one. */
    private static void log(String what, Exception failure) {
        String logs = System.getProperty("heliograph.logs");
        if (logs != null) {
            LoggerFactory.getLogger(HeliographCli.class).error(what, failure);
            System.err.println("The log is in " + logs);
        }
    }

    private static int refuse(ParameterException wrong, String[] arguments) {
        CommandLine command = wrong.getCommandLine();
        command.getErr().println(wrong.getMessage());
        command.getErr()
                .println("Try: heliograph " + (command.getParent() == null ? "" : command.getCommandName() + " ")
                        + "--help");
        return StartRefused.Reason.USAGE.exitCode();
    }

    /** The version of the jar. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"Heliograph " + current()};
        }

        static String current() {
            String version = HeliographCli.class.getPackage().getImplementationVersion();
            return version == null ? "(unpackaged)" : version.replace("-SNAPSHOT", "");
        }
    }
}
