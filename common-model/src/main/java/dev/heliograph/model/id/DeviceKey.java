package dev.heliograph.model.id;

import java.util.Optional;

/** A device among those of all tenants. Its text {@code tenant/device} is the key of the Kafka topics. */
public record DeviceKey(TenantId tenant, DeviceId device) {
    /** @throws IllegalArgumentException if either part breaks the grammar */
    public static DeviceKey of(String tenant, String device) {
        return new DeviceKey(new TenantId(tenant), new DeviceId(device));
    }

    /** Reads {@code tenant/device}; empty where the text is anything else. */
    public static Optional<DeviceKey> parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            return Optional.empty();
        }
        return TenantId.parse(text.substring(0, slash))
                .flatMap(tenant ->
                        DeviceId.parse(text.substring(slash + 1)).map(device -> new DeviceKey(tenant, device)));
    }

    /** {@code tenant/device}. */
    @Override
    public String toString() {
        return tenant.value() + "/" + device.value();
    }
}
