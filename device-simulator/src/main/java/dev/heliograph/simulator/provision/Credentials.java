package dev.heliograph.simulator.provision;

import dev.heliograph.model.id.DeviceId;
import dev.heliograph.simulator.mqtt.LinkIdentity.Credential;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The keys of devices. Changes give a new object. */
public record Credentials(Map<DeviceId, Credential> byDevice) {
    /** No device has a key: for brokers that let anybody in. */
    public static final Credentials NONE = new Credentials(Map.of());

    public Credentials {
        byDevice = Map.copyOf(byDevice);
    }

    /** The key of the device, where it is known. */
    public Optional<Credential> of(DeviceId device) {
        return Optional.ofNullable(byDevice.get(device));
    }

    /** These, and those of the others; the others win. */
    public Credentials and(Map<DeviceId, Credential> others) {
        Map<DeviceId, Credential> all = new TreeMap<>(byDevice);
        all.putAll(others);
        return new Credentials(all);
    }
}
