package dev.heliograph.systemtests.faults.load;

import dev.heliograph.model.id.MetricName;
import dev.heliograph.model.reading.Sample;
import dev.heliograph.simulator.feed.DeviceFeed;
import dev.heliograph.simulator.feed.DeviceMessage;
import java.util.ArrayList;
import java.util.List;

/** What scripted devices send. Each feed is for one device: it counts. */
public final class Feeds {
    /** Metric of the devices that raise alerts. */
    public static final String LEVEL = "level";

    private static final int TEETH = 20;

    private Feeds() {}

    /** A level that rises from 0 to 19 and falls back: an alert at every turn. */
    public static DeviceFeed sawtooth(int phase) {
        Counter counter = new Counter();
        return due -> {
            long sequence = counter.next();
            double level = (sequence + phase) % TEETH;
            return List.of(message(sequence, due, level));
        };
    }

    /** Many readings at once, a millisecond apart, for so many turns; then the device is quiet. */
    public static DeviceFeed hot(int atOnce, int turns) {
        Counter counter = new Counter();
        return due -> {
            List<DeviceMessage> burst = new ArrayList<>(atOnce);
            for (int i = 0; i < atOnce && counter.count < (long) atOnce * turns; i++) {
                long sequence = counter.next();
                burst.add(message(sequence, due + i, sequence % 7));
            }
            return burst;
        };
    }

    /** A new metric with every reading, several at once, until there were so many. */
    public static DeviceFeed inventive(int atOnce, int metrics) {
        Counter counter = new Counter();
        return due -> {
            List<DeviceMessage> burst = new ArrayList<>(atOnce);
            for (int i = 0; i < atOnce && counter.count < metrics; i++) {
                long sequence = counter.next();
                burst.add(DeviceMessage.fresh(
                        sequence,
                        due + i,
                        List.of(new Sample.Measurement(new MetricName("metric_" + sequence), sequence))));
            }
            return burst;
        };
    }

    /** A device whose clock is ahead. */
    public static DeviceFeed ahead(long millis) {
        Counter counter = new Counter();
        return due -> {
            long sequence = counter.next();
            return List.of(message(sequence, due + millis, sequence % 11));
        };
    }

    private static DeviceMessage message(long sequence, long millis, double level) {
        return DeviceMessage.fresh(sequence, millis, List.of(new Sample.Measurement(new MetricName(LEVEL), level)));
    }

    /** One thread asks a feed, one after the other. */
    private static final class Counter {
        private long count;

        long next() {
            return count++;
        }
    }
}
