package dev.heliograph.local.cli;

import dev.heliograph.local.data.RunningPlatform;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code heliograph open}. */
@Command(name = "open", description = "Open the dashboard in a browser.")
final class OpenCommand implements Callable<Integer> {
    @Mixin
    private final DataOption data = new DataOption();

    @Override
    public Integer call() {
        RunningPlatform platform = data.running();
        String url = platform.url().toString();
        String opener = System.getProperty("os.name").startsWith("Mac") ? "open" : "xdg-open";
        try {
            new ProcessBuilder(opener, url)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException noOpener) {
            System.out.println("No browser can be opened from here. The dashboard is at:");
        }
        System.out.println(url);
        return 0;
    }
}
