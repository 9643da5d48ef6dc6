package dev.heliograph.local.up;

import dev.heliograph.local.data.DataDirectory;
import dev.heliograph.local.data.RunningPlatform;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** {@code heliograph up}: starts, reports, waits for the signal to stop, stops. */
public final class UpRun {
    private UpRun() {}

    /**
     * Runs until the process is told to end.
     *
     * @param lifetime ends by itself so long after everything is ready; null: never
     */
    public static int run(UpOptions options, @Nullable Duration lifetime, String version) throws Exception {
        // First of all: nothing may be written, not even a log, to a directory that is not ours.
        DataDirectory data = DataDirectory.open(options.data(), options.fresh());
        useOwnLogging(data.logs());
        Console console = new Console(System.out);
        Parts parts = new Parts();
        parts.add("data directory", Duration.ofSeconds(5), data);
        CountDownLatch stopped = new CountDownLatch(1);
        Thread stopper = new Thread(
                () -> {
                    stop(console, parts);
                    stopped.countDown();
                },
                "stop");
        console.say("Heliograph " + version + " is starting, data in " + options.data());
        Runtime.getRuntime().addShutdownHook(stopper);
        Platform platform = Platform.start(options, console, data, parts);
        console.say("");
        report(console, platform, options);
        if (lifetime == null) {
            stopped.await();
        } else {
            stopped.await(lifetime.toMillis(), TimeUnit.MILLISECONDS);
        }
        return 0;
    }

    /** One log file for all parts. Each Spring Boot application would set up logging anew, for everybody. */
    private static void useOwnLogging(Path logs) {
        System.setProperty("heliograph.logs", logs.toString());
        System.setProperty("logback.configurationFile", "heliograph-local-logback.xml");
        System.setProperty("org.springframework.boot.logging.LoggingSystem", "none");
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
    }

    private static void stop(Console console, Parts parts) {
        if (parts.isRunning()) {
            console.say("");
            console.say("Heliograph is stopping");
        }
        parts.stopAll();
    }

    private static void report(Console console, Platform platform, UpOptions options) {
        RunningPlatform running = platform.running();
        console.say("  Dashboard    " + running.url());
        console.say("  API          " + running.url() + "/api/v1   (described in /api/docs)");
        console.say("  Devices      mqtt://%s:%d".formatted(running.mqttHost(), running.mqttPort()));
        console.say("");
        console.say("  Sign in as");
        for (Map.Entry<String, String> user : platform.demoUsers().entrySet()) {
            console.say("    %-10s %s".formatted(user.getKey(), user.getValue()));
        }
        console.say("");
        console.say("  Next");
        console.say("    ./heliograph device-key my-device       connect a device of your own");
        console.say("    ./heliograph token --role operator      a token for the API");
        console.say("    Ctrl-C                                  stop; the data stays in " + options.data());
        console.say("");
        console.say(
                "Ready after %s.".formatted(Console.seconds(console.elapsed()).strip()));
        console.say("Heliograph is up: " + running.url());
    }
}
