package dev.heliograph.simulator.replay;

import dev.heliograph.model.id.DeviceId;
import dev.heliograph.model.reading.Sample;
import java.util.List;
import java.util.SortedMap;

/**
 * What a CSV file holds.
 *
 * @param devices the readings of each device in the order of time
 * @param problems the first lines that were left out, with their numbers and reasons
 * @param badLines how many lines were left out
 */
public record Recording(SortedMap<DeviceId, List<Row>> devices, List<String> problems, long badLines) {
    /** @param timeMillis ms since the epoch @param samples at least one */
    public record Row(long timeMillis, List<Sample> samples) {}

    /** Readings of all devices. */
    public long rows() {
        return devices.values().stream().mapToLong(List::size).sum();
    }

    /** The earliest time, ms since the epoch. */
    long firstMillis() {
        return devices.values().stream()
                .mapToLong(rows -> rows.getFirst().timeMillis())
                .min()
                .orElseThrow();
    }

    /** The latest time, ms since the epoch. */
    long lastMillis() {
        return devices.values().stream()
                .mapToLong(rows -> rows.getLast().timeMillis())
                .max()
                .orElseThrow();
    }
}
