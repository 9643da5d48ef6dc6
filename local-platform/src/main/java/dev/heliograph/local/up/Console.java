package dev.heliograph.local.up;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;

/** What the user sees: one line a step, with the time it took. Everything else goes to the log file. */
public final class Console {
    private final PrintStream out;
    private final long startedNanos = System.nanoTime();

    /** Prints to this stream. */
    public Console(PrintStream out) {
        this.out = out;
    }

    /** Prints a line. */
    public void say(String line) {
        out.println(line);
        out.flush();
    }

    /** Runs a step and reports when it is done; the line's first half is printed before, so that a wait has a name. */
    public <T> T step(String name, Callable<T> work) throws Exception {
        out.printf("  %-34s", name);
        out.flush();
        long before = System.nanoTime();
        try {
            T result = work.call();
            out.println(seconds(Duration.ofNanos(System.nanoTime() - before)));
            out.flush();
            return result;
        } catch (Exception | Error failure) {
            out.println("failed");
            out.flush();
            throw failure;
        }
    }

    /** Time since this console was made. */
    public Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - startedNanos);
    }

    static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%5.1f s", duration.toMillis() / 1000.0);
    }
}
