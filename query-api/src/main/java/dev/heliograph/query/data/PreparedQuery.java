package dev.heliograph.query.data;

import dev.heliograph.model.id.TenantId;
import java.time.Instant;
import java.util.List;

/**
 * A query that may run.
 *
 * @param plans empty for raw
 * @param values most numbers in the answer
 */
record PreparedQuery(
        TenantId tenant,
        DataQuery query,
        Heading heading,
        List<Slot> slots,
        List<ZonePlan> plans,
        Instant now,
        long values) {
    PreparedQuery(
            TenantId tenant, DataQuery query, Heading heading, List<Slot> slots, List<ZonePlan> plans, Instant now) {
        this(tenant, query, heading, slots, plans, now, 0);
    }

    PreparedQuery withValues(long most) {
        return new PreparedQuery(tenant, query, heading, slots, plans, now, most);
    }
}
