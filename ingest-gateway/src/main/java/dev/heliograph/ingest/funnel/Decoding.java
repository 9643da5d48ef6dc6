package dev.heliograph.ingest.funnel;

import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.id.MetricName;
import dev.heliograph.model.id.TenantId;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * One message on its way through a codec.
 *
 * @param message the message
 * @param contentType its declared content type, or null
 * @param tenant whose it is; every reading is of this tenant
 * @param sender the device that the connection or the topic names; null only for a codec that {@link
 *     PayloadCodec#namesDevices names devices} itself
 * @param metric the metric that the topic names, or null
 * @param options what the mapping says
 * @param limits the bounds
 * @param admission who is known
 * @param gateways who reports for whom
 */
public record Decoding(
        RawMessage message,
        @Nullable MediaType contentType,
        TenantId tenant,
        @Nullable DeviceKey sender,
        @Nullable MetricName metric,
        MappingOptions options,
        FunnelLimits limits,
        Admission admission,
        Gateways gateways) {

    /**
     * The device of a message that is of one device.
     *
     * @throws IllegalStateException if there is none, which the funnel excludes
     */
    public DeviceKey device() {
        DeviceKey known = sender;
        if (known == null) {
            throw new IllegalStateException("the codec names no devices itself, so the funnel must have found one");
        }
        return known;
    }

    /** The zone of local times without offset: the device's own, else that of the mapping. */
    ZoneId zone() {
        ZoneId own = admission.zone(device());
        return own == null ? options.zone() : own;
    }

    /** Why the sender may not report for the device; null where it may. */
    @Nullable
    Refusal objection(DeviceKey device) {
        // Nearly always the very object.
        if (device == sender || device.equals(sender)) {
            return null;
        }
        if (!device.tenant().equals(tenant) || sender != null && !gateways.reportsFor(sender, device)) {
            return Refusal.ofMessage(Reason.IDENTITY_MISMATCH, "the sender does not report for this device");
        }
        return admission.knows(device)
                ? null
                : Refusal.ofMessage(Reason.UNKNOWN_DEVICE, "the device is not registered or disabled");
    }
}
