package dev.heliograph.systemtests.faults.load;

import dev.heliograph.model.id.MetricName;
import dev.heliograph.model.reading.Sample;
import dev.heliograph.simulator.feed.DeviceFeed;
import dev.heliograph.simulator.feed.DeviceMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/** What scripted devices send. Each feed is for one device: it counts. */
public final class Feeds {
    /** Metric of the devices that raise alerts. */
    public static final String LEVEL = "level";

    private static final int TEETH = 20;
    private static final long EVERY = 4;

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

    /**
     * A number and a state with every reading; while it is asked for, every fourth state is one that the database refuses.
     *
     * @param now whether such states are sent now
     * @param prefix of such a state
     * @param kinds what follows, one after the other
     */
    public static DeviceFeed refused(BooleanSupplier now, String prefix, List<String> kinds) {
        Counter counter = new Counter();
        return due -> {
            long sequence = counter.next();
            String kind = kinds.get((int) (sequence / EVERY % kinds.size()));
            String state = sequence % EVERY == 0 && now.getAsBoolean() ? prefix + kind : "mode-" + sequence % 3;
            return List.of(DeviceMessage.fresh(
                    sequence,
                    due,
                    List.of(
                            new Sample.Measurement(new MetricName("pressure"), sequence % 13),
                            new Sample.State(new MetricName("mode"), state))));
        };
    }

    /** Every other reading has so many metrics of many digits, so that it cannot be made small. */
    public static DeviceFeed wordy(int metrics) {
        Counter counter = new Counter();
        return due -> {
            long sequence = counter.next();
            if (sequence % 2 == 0) {
                return List.of(message(sequence, due, sequence % 7));
            }
            SplittableRandom random = new SplittableRandom(sequence);
            List<Sample> samples = new ArrayList<>(metrics);
            for (int i = 0; i < metrics; i++) {
                samples.add(new Sample.Measurement(new MetricName("word_" + i), random.nextDouble()));
            }
            return List.of(DeviceMessage.fresh(sequence, due, samples));
        };
    }

    /** Several readings at once, each of another second of the last so many, in no order; no two of one instant. */
    public static DeviceFeed shuffled(int atOnce, int seconds) {
        Counter counter = new Counter();
        return due -> {
            List<DeviceMessage> some = new ArrayList<>(atOnce);
            for (int i = 0; i < atOnce; i++) {
                long sequence = counter.next();
                long late = new SplittableRandom(sequence).nextInt(seconds) * 1_000L;
                // Within the second its own millisecond, for as many readings as there are of them.
                long millis = Math.floorDiv(due - late, 1_000L) * 1_000L + sequence % 1_000;
                some.add(DeviceMessage.fresh(
                        sequence,
                        Math.min(millis, due),
                        List.of(new Sample.Measurement(new MetricName("drift"), sequence % 101))));
            }
            return some;
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
