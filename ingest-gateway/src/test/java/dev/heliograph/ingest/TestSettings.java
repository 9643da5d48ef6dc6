package dev.heliograph.ingest;

import dev.heliograph.ingest.intake.LimitSettings;
import dev.heliograph.ingest.mqtt.MqttSettings;
import dev.heliograph.ingest.sparkplug.SparkplugSettings;
import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** Settings as a configuration file would give them: the defaults, and what a test writes as {@code name=value}. */
public final class TestSettings {
    private TestSettings() {}

    public static MqttSettings mqtt(String... settings) {
        return bind("heliograph.ingest.mqtt", MqttSettings.class, settings);
    }

    public static LimitSettings limits(String... settings) {
        return bind("heliograph.ingest.limits", LimitSettings.class, settings);
    }

    public static SparkplugSettings sparkplug(String... settings) {
        return bind("heliograph.ingest.sparkplug", SparkplugSettings.class, settings);
    }

    /** Limits that limit nothing. */
    public static LimitSettings noLimits() {
        return limits(
                "device-messages-per-second=0",
                "device-measurements-per-second=0",
                "device-bytes-per-second=0",
                "tenant-messages-per-second=0",
                "tenant-measurements-per-second=0",
                "tenant-bytes-per-second=0");
    }

    private static <T> T bind(String prefix, Class<T> type, String... settings) {
        Map<String, String> values = new HashMap<>();
        for (String setting : settings) {
            String[] parts = setting.split("=", 2);
            values.put(prefix + "." + parts[0], parts[1]);
        }
        return new Binder(new MapConfigurationPropertySource(values)).bindOrCreate(prefix, type);
    }
}
