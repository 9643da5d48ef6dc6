package dev.heliograph.ingest.funnel;

import dev.heliograph.model.id.DeviceKey;

/** Which devices report for others: a bridge of radio sensors, an edge node, a ThingsBoard gateway. */
@FunctionalInterface
public interface Gateways {
    /** Nobody reports for another. */
    Gateways NONE = (gateway, device) -> false;

    /** Whether the gateway may report for the device. Not asked for a device's own readings. */
    boolean reportsFor(DeviceKey gateway, DeviceKey device);
}
