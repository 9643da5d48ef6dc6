package dev.heliograph.ingest.subscription;

import dev.heliograph.ingest.funnel.Address;
import dev.heliograph.ingest.funnel.RawMessage;
import dev.heliograph.ingest.funnel.TopicMappings;
import dev.heliograph.ingest.intake.Allowance;
import dev.heliograph.ingest.intake.Allowances;
import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.id.TenantId;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which limits a broker's message counts against: those of the registered device that its topic names, else those of the
 * tenant that the row of its topic fixes. Whoever is not registered is refused by the funnel and needs no limit, so that
 * invented names fill no memory. Thread-safe.
 */
public final class SenderLimits {
    private final TopicMappings mappings;
    private final Allowances allowances;
    private final Predicate<DeviceKey> registered;

    /** @param registered whether the device is registered and enabled */
    public SenderLimits(TopicMappings mappings, Allowances allowances, Predicate<DeviceKey> registered) {
        this.mappings = mappings;
        this.allowances = allowances;
        this.registered = registered;
    }

    /**
     * A sender.
     *
     * @param device null where the topic names none
     */
    record Limited(@Nullable DeviceKey device, Allowance allowance) {}

    /** What the mapping table says of the message. */
    Address address(RawMessage message) {
        return mappings.address(message.topic(), message.principal());
    }

    /** Who sent the message of this address, or null where nobody is limited. */
    @Nullable
    Limited of(Address address) {
        DeviceKey device = address.device();
        if (device != null) {
            return registered.test(device) ? new Limited(device, allowances.of(device)) : null;
        }
        TenantId tenant = address.fixedTenant();
        return tenant == null ? null : new Limited(null, allowances.of(tenant));
    }
}
