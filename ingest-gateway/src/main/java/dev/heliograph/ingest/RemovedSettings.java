package dev.heliograph.ingest;

import java.util.Map;
import java.util.TreeMap;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/** Settings of former versions. Whoever still sets one is told at the start, instead of wondering why it does nothing. */
final class RemovedSettings {
    private static final Map<String, String> NOW = new TreeMap<>(Map.of(
            "heliograph.ingest.mqtt.messages-per-second", "heliograph.ingest.limits.device-messages-per-second",
            "heliograph.ingest.mqtt.burst", "heliograph.ingest.limits.burst, a duration",
            "heliograph.ingest.mqtt.drain-timeout", "heliograph.ingest.mqtt.drain.timeout"));

    private RemovedSettings() {}

    /** @throws IllegalStateException if one of them is set */
    static void requireNone(Environment environment) {
        Binder binder = Binder.get(environment);
        NOW.forEach((former, present) -> {
            if (binder.bind(former, String.class).isBound()) {
                throw new IllegalStateException("the setting " + former + " is now " + present);
            }
        });
    }
}
