package dev.heliograph.ingest.sparkplug;

import dev.heliograph.ingest.funnel.Reason;
import dev.heliograph.model.id.DeviceId;
import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.id.TenantId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which edge node or device of Sparkplug is which device of the platform. The tenant is that of the group, the id
 * follows from the names by {@link Names#deviceId}. Of two that would be the same device, the first keeps it until its edge
 * node is forgotten, and the other is refused. Bounded by the edge nodes and devices that are known. Not thread-safe.
 */
final class DeviceIds {
    private final Function<String, @Nullable TenantId> tenants;
    private final Map<DeviceKey, String> owners = new HashMap<>();

    /** @param tenants the tenant of each group, null for none */
    DeviceIds(Function<String, @Nullable TenantId> tenants) {
        this.tenants = tenants;
    }

    /**
     * The device that an edge node (device null) or a device of it is; takes possession of it.
     *
     * @throws MalformedPayload if it is none, or is that of another
     */
    DeviceKey claim(NodeId node, @Nullable String device) throws MalformedPayload {
        DeviceKey key = check(node, device);
        owners.put(key, source(node, device));
        return key;
    }

    /** The same without taking possession. */
    DeviceKey check(NodeId node, @Nullable String device) throws MalformedPayload {
        TenantId tenant = tenants.apply(node.group());
        if (tenant == null) {
            throw new MalformedPayload(Reason.TOPIC, "no tenant is configured for the group " + node.group());
        }
        Optional<DeviceId> id = Names.deviceId(node.node(), device);
        if (id.isEmpty()) {
            throw new MalformedPayload(Reason.TOPIC, "edge node and device make no device id of at most 64 characters");
        }
        DeviceKey key = new DeviceKey(tenant, id.get());
        String owner = owners.get(key);
        if (owner != null && !owner.equals(source(node, device))) {
            throw new MalformedPayload(Reason.SPARKPLUG, "the device id " + id.get() + " is already that of " + owner);
        }
        return key;
    }

    /** Gives a device back. */
    void release(DeviceKey device) {
        owners.remove(device);
    }

    private static String source(NodeId node, @Nullable String device) {
        return device == null ? node.toString() : node + "/" + device;
    }
}
