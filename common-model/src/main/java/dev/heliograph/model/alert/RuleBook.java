package dev.heliograph.model.alert;

import dev.heliograph.model.device.DeviceAttributes;
import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.id.TenantId;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** All rules of all tenants at one moment; immutable. */
public final class RuleBook {
    /** No rule. */
    public static final RuleBook EMPTY = new RuleBook(List.of());

    private final Map<TenantId, Map<UUID, AlertRule>> byTenant = new HashMap<>();

    public RuleBook(Collection<AlertRule> rules) {
        for (AlertRule rule : rules) {
            byTenant.computeIfAbsent(rule.tenant(), tenant -> new HashMap<>()).put(rule.id(), rule);
        }
    }

    /** The rules in force for a device. */
    public WatchedRules watching(DeviceKey device, DeviceAttributes attributes) {
        Map<UUID, AlertRule> own = byTenant.getOrDefault(device.tenant(), Map.of());
        List<AlertRule> rules = own.values().stream()
                .filter(rule -> rule.watches(device, attributes))
                .toList();
        return new WatchedRules(rules, id -> whyNot(own.get(id), attributes));
    }

    private static String whyNot(@Nullable AlertRule rule, DeviceAttributes attributes) {
        if (rule == null) {
            return "the rule was deleted";
        }
        if (!rule.enabled()) {
            return "the rule was disabled";
        }
        return attributes.enabled() ? "the rule no longer watches this device" : "the device was disabled";
    }

    /** How many rules there are. */
    public int size() {
        return byTenant.values().stream().mapToInt(Map::size).sum();
    }
}
