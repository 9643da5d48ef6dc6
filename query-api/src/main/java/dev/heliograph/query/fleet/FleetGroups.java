package dev.heliograph.query.fleet;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Enabled devices, put together by what they have in common; largest groups first.
 *
 * @param truncated whether there are more groups than are shown
 */
record FleetGroups(String groupBy, List<FleetGroup> groups, boolean truncated) {
    /**
     * One group.
     *
     * @param value what its devices have; null for those that have none
     */
    record FleetGroup(
            @Nullable String value, long devices, long reporting, long late, long silent, long offline, long unknown) {}
}
