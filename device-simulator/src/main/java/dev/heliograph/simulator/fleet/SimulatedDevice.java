package dev.heliograph.simulator.fleet;

import dev.heliograph.model.id.DeviceId;
import dev.heliograph.simulator.physics.Site;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A device of the fleet as the registry knows it.
 *
 * @param id its name in topics
 * @param name for people
 * @param type such as {@code boiler}
 * @param site where it stands
 * @param labels free words, such as {@code line=2}
 * @param interval between two readings; null where the pace is not known, as in a replay of a single reading
 */
public record SimulatedDevice(
        DeviceId id,
        String name,
        String type,
        Site site,
        Map<String, String> labels,
        @Nullable Duration interval) {
    public SimulatedDevice {
        labels = Map.copyOf(labels);
    }
}
