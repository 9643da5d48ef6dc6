package dev.heliograph.simulator.replay;

import dev.heliograph.model.id.DeviceId;
import dev.heliograph.model.reading.Sample;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.IntStream;

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
        return devices.keySet().stream().mapToLong(this::firstMillis).min().orElseThrow();
    }

    /** The latest time, ms since the epoch. */
    long lastMillis() {
        return devices.keySet().stream().mapToLong(this::lastMillis).max().orElseThrow();
    }

    /** The earliest time of one device, ms since the epoch. */
    long firstMillis(DeviceId device) {
        return rowsOf(device).getFirst().timeMillis();
    }

    /** The latest time of one device, ms since the epoch. */
    long lastMillis(DeviceId device) {
        return rowsOf(device).getLast().timeMillis();
    }

    /**
     * The readings of one device.
     *
     * @throws IllegalArgumentException if the recording does not have it
     */
    List<Row> rowsOf(DeviceId device) {
        List<Row> rows = devices.get(device);
        if (rows == null) {
            throw new IllegalArgumentException("device " + device + " is not in the recording");
        }
        return rows;
    }

    /** The middle one of the distances between the readings of a device, where it has two of them. */
    public Optional<Duration> medianInterval(DeviceId device) {
        List<Row> rows = rowsOf(device);
        long[] distances = IntStream.range(1, rows.size())
                .mapToLong(i -> rows.get(i).timeMillis() - rows.get(i - 1).timeMillis())
                .filter(distance -> distance > 0)
                .sorted()
                .toArray();
        return distances.length == 0
                ? Optional.empty()
                : Optional.of(Duration.ofMillis(distances[distances.length / 2]));
    }

    /** Devices whose recording ends so long before that of the others, that the present would look empty. */
    public List<DeviceId> endingEarly(Duration before) {
        long last = lastMillis();
        return devices.keySet().stream()
                .filter(device -> last - lastMillis(device) > before.toMillis())
                .toList();
    }
}
