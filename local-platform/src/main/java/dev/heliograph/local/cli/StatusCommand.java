package dev.heliograph.local.cli;

import dev.heliograph.local.data.RunningPlatform;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;

/** {@code heliograph status}. */
@Command(name = "status", description = "Say whether Heliograph is running here, and how its stages are.")
final class StatusCommand implements Callable<Integer> {
    @Mixin
    private final DataOption data = new DataOption();

    @Override
    public Integer call() throws Exception {
        RunningPlatform platform = data.running();
        System.out.printf("Heliograph is running: %s%n", platform.url());
        System.out.printf("  process     %d%n", platform.processId());
        System.out.printf("  data        %s%n", data.directory());
        System.out.printf("  devices at  mqtt://%s:%d%n", platform.mqttHost(), platform.mqttPort());
        JsonNode system = data.api("demo", "viewer").get("/system");
        for (JsonNode stage : system.path("stages")) {
            System.out.printf(
                    "  %-11s %s%s%n",
                    stage.path("id").asString(), stage.path("state").asString(), rate(stage.path("ratePerSecond")));
        }
        return 0;
    }

    private static String rate(JsonNode perSecond) {
        return perSecond.isNumber() ? ", %.1f/s".formatted(perSecond.asDouble()) : "";
    }
}
