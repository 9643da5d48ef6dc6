package dev.heliograph.query.data;

import dev.heliograph.model.id.TenantId;
import java.time.Duration;
import java.util.Map;

/** For how long the store keeps data. */
@FunctionalInterface
public interface RetentionTimes {
    /** The times of a tenant by class: {@code raw}, {@code 10s}, {@code 1m}, {@code 1h}, {@code quarantine}, {@code ledger}. A class that is absent has no limit that is known. */
    Map<String, Duration> of(TenantId tenant);
}
