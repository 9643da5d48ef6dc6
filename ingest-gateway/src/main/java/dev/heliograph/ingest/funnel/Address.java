package dev.heliograph.ingest.funnel;

import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.id.TenantId;
import org.jspecify.annotations.Nullable;

/**
 * What the mapping table says of one topic and connection, worked out once for each message: by which row it is read, whose it
 * is, and whether the connection may send it. Immutable.
 */
public final class Address {
    /** Of a topic that no row knows. */
    static final Address NOWHERE = new Address(null, null, null, null);

    private final TopicMapping.@Nullable Route route;
    private final @Nullable TenantId tenant;
    private final @Nullable DeviceKey device;
    private final @Nullable Rejected fault;

    Address(
            TopicMapping.@Nullable Route route,
            @Nullable TenantId tenant,
            @Nullable DeviceKey device,
            @Nullable Rejected fault) {
        this.route = route;
        this.tenant = tenant;
        this.device = device;
        this.fault = fault;
    }

    /** Whether a row knows the topic and the connection may send there. */
    public boolean isGood() {
        return route != null && fault == null;
    }

    /** The device that the topic or the connection names; null where they name none, or not by the grammar of ids. */
    public @Nullable DeviceKey device() {
        return device;
    }

    /** The tenant that the row fixes, where it does. */
    public @Nullable TenantId fixedTenant() {
        return route == null || route.tenantLevel() != null ? null : tenant;
    }

    TopicMapping.@Nullable Route route() {
        return route;
    }

    @Nullable
    TenantId tenant() {
        return tenant;
    }

    @Nullable
    Rejected fault() {
        return fault;
    }
}
