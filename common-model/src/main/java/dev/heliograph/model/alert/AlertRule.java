package dev.heliograph.model.alert;

import dev.heliograph.model.device.DeviceAttributes;
import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.id.TenantId;
import java.time.Duration;
import java.util.UUID;

/**
 * When to raise an alert, checked; see {@link RuleCheck}.
 *
 * @param tenant whose rule it is
 * @param id its identity over all versions
 * @param version grows with each change
 * @param enabled whether it raises alerts
 * @param name what an operator calls it
 * @param severity how much it matters
 * @param scope which devices it watches
 * @param condition what must be the case
 * @param hold how long the condition must hold, by data time for a threshold and by wall clock for an absence
 * @param clearHold how long a threshold must be clear before the alert ends, by data time
 */
public record AlertRule(
        TenantId tenant,
        UUID id,
        int version,
        boolean enabled,
        String name,
        Severity severity,
        RuleScope scope,
        Condition condition,
        Duration hold,
        Duration clearHold) {
    /** @throws IllegalArgumentException if a duration is negative */
    public AlertRule {
        if (hold.isNegative() || clearHold.isNegative()) {
            throw new IllegalArgumentException("hold and clearHold must not be negative");
        }
    }

    /** Whether the rule is in force for this device. */
    public boolean watches(DeviceKey device, DeviceAttributes attributes) {
        return enabled
                && attributes.enabled()
                && tenant.equals(device.tenant())
                && scope.matches(device.device(), attributes);
    }

    long holdMicros() {
        return hold.toNanos() / 1_000;
    }

    long clearHoldMicros() {
        return clearHold.toNanos() / 1_000;
    }
}
