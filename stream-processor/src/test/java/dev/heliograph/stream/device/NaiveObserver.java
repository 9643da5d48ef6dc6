package dev.heliograph.stream.device;

import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.id.MetricName;
import dev.heliograph.model.id.SeriesKey;
import dev.heliograph.model.presence.PresenceState;
import dev.heliograph.model.reading.Reading;
import dev.heliograph.model.reading.ReadingFlag;
import dev.heliograph.model.reading.Sample;
import dev.heliograph.model.window.WindowSize;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Sees every arrival, keeps all of them, and says from the definitions alone what the windows, the latest values and the
 * presence must be. As simple as can be, and as slow.
 */
final class NaiveObserver {
    record Window(SeriesKey series, WindowSize size, long start) {}

    /** A window as the definitions have it. {@code squares} is in two passes. */
    record Expected(
            long count,
            double sum,
            double min,
            double max,
            double first,
            long firstMicros,
            double last,
            long lastMicros,
            double mean,
            double squares,
            double[] sorted) {}

    private record Seen(Reading reading, long now) {}

    private final List<Seen> arrivals = new ArrayList<>();
    private final Map<DeviceKey, Boolean> connected = new HashMap<>();
    private final Map<DeviceKey, Long> sessionAt = new HashMap<>();

    void reading(Reading reading, long now) {
        arrivals.add(new Seen(reading, now));
    }

    void session(DeviceKey device, boolean stands, long at) {
        if (at >= sessionAt.getOrDefault(device, Long.MIN_VALUE)) {
            connected.put(device, stands);
            sessionAt.put(device, at);
        }
    }

    /** The first value of each identity. */
    Map<SeriesKey, TreeMap<Long, Double>> measurements() {
        Map<SeriesKey, TreeMap<Long, Double>> first = new HashMap<>();
        for (Seen seen : arrivals) {
            for (Sample sample : seen.reading().samples()) {
                SeriesKey series = new SeriesKey(seen.reading().device(), sample.metric());
                first.computeIfAbsent(series, key -> new TreeMap<>())
                        .putIfAbsent(seen.reading().timeMicros(), ((Sample.Measurement) sample).value());
            }
        }
        return first;
    }

    /** Whether the reading has the value of a metric that was the first of its identity. */
    boolean isFirst(DeviceKey device, MetricName metric, long time, Reading reading) {
        double value = reading.samples().stream()
                .filter(sample -> sample.metric().equals(metric))
                .mapToDouble(sample -> ((Sample.Measurement) sample).value())
                .findFirst()
                .orElseThrow();
        return measurements().get(new SeriesKey(device, metric)).get(time) == value;
    }

    /** How many samples came again with another value than the first. */
    long conflicts() {
        Map<SeriesKey, TreeMap<Long, Double>> first = measurements();
        long conflicts = 0;
        for (Seen seen : arrivals) {
            for (Sample sample : seen.reading().samples()) {
                Double kept = first.get(new SeriesKey(seen.reading().device(), sample.metric()))
                        .get(seen.reading().timeMicros());
                conflicts += kept == ((Sample.Measurement) sample).value() ? 0 : 1;
            }
        }
        return conflicts;
    }

    long samples() {
        return arrivals.stream()
                .mapToLong(seen -> seen.reading().samples().size())
                .sum();
    }

    Map<Window, Expected> windows() {
        Map<Window, TreeMap<Long, Double>> samples = new HashMap<>();
        measurements()
                .forEach((series, values) -> values.forEach((time, value) -> {
                    for (WindowSize size : WindowSize.values()) {
                        Window window = new Window(series, size, Math.floorDiv(time, size.micros()) * size.micros());
                        samples.computeIfAbsent(window, key -> new TreeMap<>()).put(time, value);
                    }
                }));
        Map<Window, Expected> windows = new HashMap<>();
        samples.forEach((window, values) -> windows.put(window, expected(values)));
        return windows;
    }

    private static Expected expected(TreeMap<Long, Double> samples) {
        double[] values =
                samples.values().stream().mapToDouble(Double::doubleValue).toArray();
        double sum = Arrays.stream(values).sum();
        double mean = sum / values.length;
        double squares = Arrays.stream(values)
                .map(value -> (value - mean) * (value - mean))
                .sum();
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return new Expected(
                values.length,
                sum,
                sorted[0],
                sorted[sorted.length - 1],
                values[0],
                samples.firstKey(),
                values[values.length - 1],
                samples.lastKey(),
                mean,
                squares,
                sorted);
    }

    /** State of a device whose interval was never declared. */
    PresenceState presence(DeviceKey device, long now) {
        List<Long> received = new ArrayList<>();
        for (Seen seen : arrivals) {
            boolean isHistory = seen.reading().flags().contains(ReadingFlag.BACKFILL);
            if (seen.reading().device().equals(device) && !isHistory) {
                received.add(Math.min(seen.reading().receivedMicros(), seen.now()));
            }
        }
        long newest = received.stream().mapToLong(Long::longValue).max().orElse(Long.MIN_VALUE);
        if (Boolean.FALSE.equals(connected.get(device)) && sessionAt.getOrDefault(device, Long.MIN_VALUE) >= newest) {
            return PresenceState.OFFLINE;
        }
        if (received.isEmpty()) {
            return PresenceState.UNKNOWN;
        }
        long expected = Math.max(2_000_000, interval(received));
        long age = now - newest;
        return age > 3 * expected
                ? PresenceState.SILENT
                : age > expected * 3 / 2 ? PresenceState.LATE : PresenceState.REPORTING;
    }

    /** The median of the last nine times between arrivals; a minute as long as there are fewer than three. */
    private static long interval(List<Long> received) {
        List<Long> gaps = new ArrayList<>();
        long newest = received.getFirst();
        for (long at : received) {
            if (at > newest) {
                gaps.add(at - newest);
                newest = at;
            }
        }
        if (gaps.size() < 3) {
            return 60_000_000;
        }
        List<Long> last = new ArrayList<>(gaps.subList(Math.max(0, gaps.size() - 9), gaps.size()));
        last.sort(null);
        return last.get(last.size() / 2);
    }
}
