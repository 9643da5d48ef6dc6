package dev.heliograph.local.postgres;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A tiny shell that waits for this process to end, however it ends, and then tells the database server to stop.
 *
 * <p>It reads from a pipe that only this process writes to: the operating system closes the pipe when the process dies,
 * {@code kill -9} included. It ignores the signals of the terminal, so that Ctrl-C does not end it first.
 */
final class Watchdog {
    private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);
    private static final String SCRIPT = """
            trap '' INT TERM HUP QUIT
            while read -r word; do [ "$word" = dismissed ] && exit 0; done
            kill -INT "$1" 2>/dev/null
            """;

    private final Process shell;

    private Watchdog(Process shell) {
        this.shell = shell;
    }

    static Watchdog over(PostmasterPid server) throws IOException {
        Process shell = new ProcessBuilder(
                        "/bin/sh", "-c", SCRIPT, "heliograph-watchdog", Long.toString(server.processId()))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        return new Watchdog(shell);
    }

    /** What the operating system does when this process dies. */
    void closePipe() throws IOException {
        shell.getOutputStream().close();
    }

    /** The server has stopped; there is nothing left to watch. */
    void dismiss() {
        try (var pipe = shell.outputWriter()) {
            pipe.write("dismissed\n");
            pipe.flush();
            shell.waitFor(1, TimeUnit.SECONDS);
        } catch (IOException alreadyGone) {
            LOG.debug("the watchdog had ended before", alreadyGone);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
