package dev.heliograph.ingest.funnel;

import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.id.TenantId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The mapping table: the first row that matches a topic counts. Immutable. */
public final class TopicMappings {
    /** Heliograph's own layout and ThingsBoard's. */
    public static final TopicMappings DEFAULTS =
            new TopicMappings(Layout.mappings(List.of(Layout.HELIOGRAPH, Layout.THINGSBOARD)), Gateways.NONE);

    private final List<TopicMapping> mappings;
    private final Gateways gateways;

    /**
     * A table.
     *
     * @param mappings the rows in the order in which they are asked
     * @param gateways who publishes for whom
     */
    public TopicMappings(List<TopicMapping> mappings, Gateways gateways) {
        this.mappings = List.copyOf(mappings);
        this.gateways = gateways;
    }

    /** Whether the device may publish telemetry to the topic: it is its own, or that of a device for which it reports. */
    public boolean isOwn(String topic, DeviceKey principal) {
        TopicMapping.Route route = route(topic);
        if (route == null) {
            return false;
        }
        try {
            TenantId tenant = route.tenant(principal);
            return mayPublish(principal, route.device(tenant, principal));
        } catch (Rejected notOurs) {
            return false;
        }
    }

    /**
     * Whose message it is, as far as topic and connection tell before anything of the payload is read.
     *
     * @param device null where they name none, or not by the grammar of ids
     * @param tenant the tenant of the row that the topic matches, where the row fixes one
     */
    public record Sender(
            @Nullable DeviceKey device, @Nullable TenantId tenant) {
        private static final Sender UNKNOWN = new Sender(null, null);
    }

    /** Who sent a message to the topic. */
    public Sender sender(String topic, @Nullable DeviceKey principal) {
        TopicMapping.Route route = route(topic);
        if (route == null) {
            return Sender.UNKNOWN;
        }
        try {
            TenantId tenant = route.tenant(principal);
            DeviceKey device = route.device(tenant, principal);
            return new Sender(device, route.tenantLevel() == null ? tenant : null);
        } catch (Rejected notOurs) {
            return Sender.UNKNOWN;
        }
    }

    /** The rows, in order. */
    public List<TopicMapping> rows() {
        return mappings;
    }

    boolean mayPublish(@Nullable DeviceKey principal, @Nullable DeviceKey device) {
        return principal == null
                || device == null
                || principal == device
                || principal.equals(device)
                || gateways.reportsFor(principal, device);
    }

    Gateways gateways() {
        return gateways;
    }

    TopicMapping.@Nullable Route route(String topic) {
        for (TopicMapping mapping : mappings) {
            TopicMapping.Route route = mapping.match(topic);
            if (route != null) {
                return route;
            }
        }
        return null;
    }
}
