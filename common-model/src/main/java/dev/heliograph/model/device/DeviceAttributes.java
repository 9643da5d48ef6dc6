package dev.heliograph.model.device;

import dev.heliograph.model.wire.DeviceRecord;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Properties of a device that rules select by and presence counts with.
 *
 * @param enabled whether the device may report; one that may not raises no alert
 * @param type its type, or null
 * @param site its site, or null
 * @param labels free labels by name
 * @param expectedInterval the declared time between its readings, or null where it is to be learned
 */
public record DeviceAttributes(
        boolean enabled,
        @Nullable String type,
        @Nullable String site,
        Map<String, String> labels,
        @Nullable Duration expectedInterval) {
    /** A device that reports without being registered. */
    public static final DeviceAttributes UNREGISTERED = new DeviceAttributes(true, null, null, Map.of(), null);

    /** @throws IllegalArgumentException if the expected interval is not positive */
    public DeviceAttributes {
        if (expectedInterval != null && !expectedInterval.isPositive()) {
            throw new IllegalArgumentException("expectedInterval must be positive, was " + expectedInterval);
        }
        labels = Map.copyOf(labels);
    }

    /** The attributes in a record of the registry. An interval that is not positive counts as not declared. */
    public static DeviceAttributes of(DeviceRecord device) {
        Long interval = device.expectedIntervalMs();
        return new DeviceAttributes(
                device.enabled(),
                device.type(),
                device.site(),
                device.labels() == null ? Map.of() : device.labels(),
                interval == null || interval <= 0 ? null : Duration.ofMillis(interval));
    }
}
