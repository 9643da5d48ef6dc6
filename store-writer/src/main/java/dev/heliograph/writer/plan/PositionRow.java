package dev.heliograph.writer.plan;

import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.reading.Location;

/**
 * Where a device was.
 *
 * @param timeMicros device time of the reading that said so, microseconds since the epoch
 */
public record PositionRow(DeviceKey device, long timeMicros, Location location) {}
