package dev.heliograph.model.alert;

import dev.heliograph.model.device.DeviceAttributes;
import dev.heliograph.model.id.DeviceId;
import java.util.Map;
import java.util.Set;

/**
 * Which devices a rule watches: each criterion that is not empty must match; all empty means every device.
 *
 * @param devices ids
 * @param types device types
 * @param sites sites
 * @param labels labels, all of which the device must have with these values
 */
public record RuleScope(Set<String> devices, Set<String> types, Set<String> sites, Map<String, String> labels) {
    /** Every device. */
    public static final RuleScope ALL = new RuleScope(Set.of(), Set.of(), Set.of(), Map.of());

    public RuleScope {
        devices = Set.copyOf(devices);
        types = Set.copyOf(types);
        sites = Set.copyOf(sites);
        labels = Map.copyOf(labels);
    }

    /** Whether the rule watches this device. */
    public boolean matches(DeviceId device, DeviceAttributes attributes) {
        String type = attributes.type();
        String site = attributes.site();
        return (devices.isEmpty() || devices.contains(device.value()))
                && (types.isEmpty() || type != null && types.contains(type))
                && (sites.isEmpty() || site != null && sites.contains(site))
                && attributes.labels().entrySet().containsAll(labels.entrySet());
    }
}
