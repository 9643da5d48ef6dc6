package dev.heliograph.query.data;

import dev.heliograph.model.id.TenantId;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds the devices that a query is about. */
public interface DeviceSelection {
    /**
     * A device and what it can be grouped by.
     *
     * @param timezone of its site; null where it has none
     */
    record Selected(
            String id,
            @Nullable String site,
            @Nullable String type,
            Map<String, String> labels,
            @Nullable String timezone) {}

    /**
     * Up to {@code most} devices of the tenant's in the order of their ids.
     *
     * @param start where to begin; null for the first device
     * @param including whether {@code start} itself belongs to it
     */
    List<Selected> devices(TenantId tenant, Selector selector, @Nullable String start, boolean including, int most);
}
