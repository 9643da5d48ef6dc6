package dev.heliograph.ingest.funnel;

import dev.heliograph.model.id.MetricName;
import java.time.ZoneId;
import java.util.Map;
import java.util.Set;

/**
 * What a mapping tells its codec.
 *
 * @param names how names of devices become ids
 * @param zone the zone of local times without offset
 * @param precision the unit of times of line protocol, where the content type does not say
 * @param ignoredTags tags of line protocol that are not part of a metric's name
 * @param units units of metrics whose unit the message does not name
 */
public record MappingOptions(
        DeviceNames names,
        ZoneId zone,
        TimePrecision precision,
        Set<String> ignoredTags,
        Map<MetricName, String> units) {

    /** Names as they are, UTC, nanoseconds, the tag {@code host} ignored, no units. */
    public static final MappingOptions DEFAULTS =
            new MappingOptions(DeviceNames.EXACT, ZoneId.of("UTC"), TimePrecision.NS, Set.of("host"), Map.of());

    public MappingOptions {
        ignoredTags = Set.copyOf(ignoredTags);
        units = Map.copyOf(units);
    }
}
