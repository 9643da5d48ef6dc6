package dev.heliograph.local.cli;

import dev.heliograph.local.StartRefused;
import dev.heliograph.local.StartRefused.Reason;
import dev.heliograph.local.data.RunningPlatform;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code heliograph stop}. */
@Command(name = "stop", description = "Stop the platform that runs here, as Ctrl-C does.")
final class StopCommand implements Callable<Integer> {
    private static final int LIMIT_SECONDS = 60;

    @Mixin
    private final DataOption data = new DataOption();

    @Override
    public Integer call() throws Exception {
        RunningPlatform platform = data.running();
        ProcessHandle process = ProcessHandle.of(platform.processId())
                .orElseThrow(() -> new StartRefused(Reason.NOT_RUNNING, "Heliograph has just stopped."));
        process.destroy();
        try {
            process.onExit().get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException tooLong) {
            throw new StartRefused(
                    Reason.FAILED,
                    "Process %d has not stopped within %d s.".formatted(platform.processId(), LIMIT_SECONDS));
        }
        System.out.println("Heliograph has stopped.");
        return 0;
    }
}
