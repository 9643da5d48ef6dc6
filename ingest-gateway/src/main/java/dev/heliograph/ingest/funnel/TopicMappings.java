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

    /**
     * What a topic means for a connection.
     *
     * @param principal who is connected, or null where the transport knows only the topic
     */
    public Address address(String topic, @Nullable DeviceKey principal) {
        TopicMapping.Route route = route(topic);
        if (route == null) {
            return Address.NOWHERE;
        }
        try {
            TenantId tenant = route.tenant(principal);
            DeviceKey device = route.device(tenant, principal);
            Rejected fault = mayPublish(principal, device) ? null : TopicMapping.Route.mismatch();
            return new Address(route, tenant, device, fault);
        } catch (Rejected notOurs) {
            return new Address(route, null, null, notOurs);
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
