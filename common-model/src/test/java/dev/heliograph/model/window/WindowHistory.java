package dev.heliograph.model.window;

import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.id.MetricName;
import dev.heliograph.model.reading.Reading;
import dev.heliograph.model.reading.ReadingFlag;
import dev.heliograph.model.reading.Sample;
import dev.heliograph.model.reading.Transport;
import dev.heliograph.model.state.StateReader;
import dev.heliograph.model.state.StateWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * One seeded history of one device, played to {@link DeviceWindows}, and beside it what a naive observer writes down: the
 * first value of every (metric, time), and the last thing told of every window.
 */
final class WindowHistory implements WindowEvents {
    private static final long SECOND = 1_000_000;
    private static final long MINUTE = 60 * SECOND;
    private static final DeviceKey DEVICE = DeviceKey.of("demo", "boiler-7");
    private static final List<MetricName> METRICS = List.of(new MetricName("a"), new MetricName("b"));

    record Series(MetricName metric, long time) {}

    record Window(MetricName metric, WindowSize size, long start) {}

    private final Random random;
    private final WindowPolicy policy;
    private final StoredSpans minutes = new StoredSpans();
    private final StoredSpans hours = new StoredSpans();
    private final long pace;
    private DeviceWindows windows;
    private long now = 1_790_000_000L * SECOND;
    private long deviceTime = now;
    private long offset;
    private final List<Reading> sent = new ArrayList<>();

    final Map<Series, Double> raw = new HashMap<>();
    private final Map<Series, Long> firstOffsets = new HashMap<>();
    final Map<Window, List<WindowResult>> told = new HashMap<>();
    /** Windows that were made anew after a deletion, which is the last word where nothing is told of them any more. */
    private final Map<Window, WindowResult> renewed = new HashMap<>();

    final StringBuilder transcript = new StringBuilder();
    final boolean restarts;
    int duplicates;
    int conflicts;
    int expectedDuplicates;
    int expectedConflicts;
    int overflows;
    int mostMinutes;
    int mostHours;

    WindowHistory(long seed, WindowPolicy policy, boolean restarts) {
        this.random = new Random(seed);
        this.policy = policy;
        this.restarts = restarts;
        // A third spans minutes, a third an hour or two, a third most of a day.
        this.pace = List.of(1L, 20L, 200L).get(random.nextInt(3));
        this.windows = new DeviceWindows(policy, minutes, hours);
    }

    void play(int steps) {
        boolean wild = random.nextInt(4) == 0;
        boolean withPast = random.nextInt(4) == 0;
        for (int i = 0; i < steps; i++) {
            if (withPast && random.nextInt(12) == 0) {
                tellOfThePast();
            } else if (withPast && random.nextInt(30) == 0) {
                delete();
            } else {
                step(random.nextInt(100), wild);
            }
            if (restarts && random.nextInt(10) == 0) {
                restart();
            }
            mostMinutes = Math.max(mostMinutes, minutes.bytes.size());
            mostHours = Math.max(mostHours, hours.bytes.size());
        }
        drain();
        renewed.forEach((window, result) -> told.putIfAbsent(window, List.of(result)));
    }

    private void step(int dice, boolean wild) {
        if (dice < 55) {
            pass((long) (random.nextDouble() * 3 * SECOND));
            send(deviceTime);
        } else if (dice < 70) {
            send(deviceTime - random.nextLong(2 * MINUTE));
        } else if (dice < 76) {
            send(deviceTime - random.nextLong(10 * MINUTE * pace));
        } else if (dice < 85) {
            resend();
        } else if (dice < 92) {
            windows.advance(now, random.nextInt(5) == 0, this);
        } else if (dice < 95) {
            pass(random.nextLong(3 * MINUTE));
            windows.advance(now, false, this);
        } else if (wild) {
            disturb();
        }
    }

    private void disturb() {
        switch (random.nextInt(4)) {
            case 0 -> deviceTime += random.nextLong(5 * MINUTE); // its clock jumps ahead, and may come back
            case 1 -> deviceTime = now - random.nextLong(60 * MINUTE);
            case 2 -> now += random.nextLong(60 * MINUTE); // the platform's clock jumps
            default -> now -= random.nextLong(60 * MINUTE);
        }
    }

    private void pass(long step) {
        long micros = step * pace;
        now += micros;
        deviceTime += micros;
    }

    private void send(long time) {
        List<Sample> samples = new ArrayList<>();
        for (MetricName metric : METRICS) {
            if (random.nextInt(4) > 0 || samples.isEmpty()) {
                samples.add(new Sample.Measurement(metric, Math.round(random.nextGaussian() * 100) / 10.0));
            }
        }
        deliver(new Reading(
                DEVICE, time, now - random.nextLong(SECOND), null, samples, null, Transport.MQTT, Set.of()));
    }

    private void resend() {
        if (sent.isEmpty()) {
            return;
        }
        Reading old = sent.get(Math.max(0, sent.size() - 1 - random.nextInt(20)));
        List<Sample> samples = random.nextBoolean()
                ? old.samples()
                : List.of(new Sample.Measurement(METRICS.getFirst(), random.nextInt(3)));
        deliver(new Reading(DEVICE, old.timeMicros(), now, null, samples, null, Transport.MQTT, Set.of()));
    }

    /** A reading by the way of history, of any age; whoever stores it recomputes its windows at once. */
    private void tellOfThePast() {
        long age = random.nextInt(3) == 0 ? random.nextLong(72 * 60 * MINUTE) : random.nextLong(4 * MINUTE);
        Reading past = new Reading(
                DEVICE,
                deviceTime - age,
                now,
                null,
                List.of(new Sample.Measurement(METRICS.get(random.nextInt(METRICS.size())), random.nextInt(100))),
                null,
                Transport.HTTP,
                Set.of(ReadingFlag.BACKFILL));
        SourcePosition source = new SourcePosition(3, offset);
        note(past);
        windows.note(past, source);
        for (WindowSize size : WindowSize.values()) {
            MetricName metric = past.samples().getFirst().metric();
            result(new WindowResult(
                    metric, size, size.startOf(past.timeMicros()), WindowPhase.REPAIR, 0, null, null, source));
        }
        offset++;
    }

    /** Takes samples of one series away; whoever stores them makes the windows that had a part in the range anew. */
    private void delete() {
        MetricName metric = METRICS.get(random.nextInt(METRICS.size()));
        long from = deviceTime - random.nextLong(6 * MINUTE);
        long to = from + random.nextLong(3 * MINUTE) + 1;
        SourcePosition source = new SourcePosition(3, offset++);
        windows.letGo(metric, from, to, source);
        raw.keySet().removeIf(series -> series.metric().equals(metric) && series.time() >= from && series.time() < to);
        firstOffsets.keySet().retainAll(raw.keySet());
        Predicate<Window> touched = window -> window.metric().equals(metric)
                && window.start() < to
                && window.start() + window.size().micros() > from;
        told.keySet().removeIf(touched);
        renewed.keySet().removeIf(touched);
        truth().keySet().stream()
                .filter(touched)
                .forEach(window -> renewed.put(
                        window,
                        new WindowResult(
                                metric, window.size(), window.start(), WindowPhase.REPAIR, 0, null, null, source)));
    }

    /** The windows of which something was told; a repair of a window without samples finds nothing and tells nothing. */
    Set<Window> toldOf(Set<Window> withSamples) {
        Set<Window> windowsTold = new HashSet<>(told.keySet());
        windowsTold.removeIf(window -> !withSamples.contains(window)
                && told.get(window).stream().allMatch(result -> result.phase() == WindowPhase.REPAIR));
        return windowsTold;
    }

    private void deliver(Reading reading) {
        sent.add(reading);
        note(reading);
        windows.accept(reading, new SourcePosition(3, offset++), now, this);
    }

    private void note(Reading reading) {
        for (Sample sample : reading.samples()) {
            double value = ((Sample.Measurement) sample).value();
            Double first = raw.putIfAbsent(new Series(sample.metric(), reading.timeMicros()), value);
            firstOffsets.putIfAbsent(new Series(sample.metric(), reading.timeMicros()), offset);
            if (first != null && first == value) {
                expectedDuplicates++;
            } else if (first != null) {
                expectedConflicts++;
            }
        }
    }

    private void restart() {
        StateWriter out = new StateWriter();
        windows.writeTo(out);
        windows = DeviceWindows.readFrom(new StateReader(out.toBytes()), policy, minutes, hours);
    }

    private void drain() {
        for (int i = 0; i < 1_000 && windows.dueMicros() != Long.MAX_VALUE; i++) {
            now = Math.max(now + 1, windows.dueMicros());
            windows.advance(now, false, this);
        }
    }

    boolean isDrained() {
        return windows.dueMicros() == Long.MAX_VALUE && minutes.bytes.isEmpty() && hours.bytes.isEmpty();
    }

    long firstOffset(MetricName metric, long time) {
        return firstOffsets.getOrDefault(new Series(metric, time), -1L);
    }

    /** What a fresh look at all distinct samples says of every window. */
    Map<Window, TreeMap<Long, Double>> truth() {
        Map<Window, TreeMap<Long, Double>> truth = new HashMap<>();
        raw.forEach((series, value) -> {
            for (WindowSize size : WindowSize.values()) {
                var window = new Window(series.metric(), size, size.startOf(series.time()));
                truth.computeIfAbsent(window, key -> new TreeMap<>()).put(series.time(), value);
            }
        });
        return truth;
    }

    @Override
    public void result(WindowResult result) {
        var window = new Window(result.metric(), result.size(), result.startMicros());
        told.computeIfAbsent(window, key -> new ArrayList<>()).add(result);
        transcript.append(result).append('\n');
    }

    @Override
    public void duplicate(MetricName metric, long timeMicros, boolean conflicting) {
        if (conflicting) {
            conflicts++;
        } else {
            duplicates++;
        }
    }

    @Override
    public void overflow(MetricName metric, long minuteStartMicros) {
        overflows++;
    }

    static WindowPolicy policy(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> WindowPolicy.DEFAULT;
            case 1 ->
                new WindowPolicy(
                        Duration.ZERO, Duration.ZERO, Duration.ZERO, 1_000, 10_000, 4, Duration.ZERO, 2, 2_000);
            case 2 ->
                new WindowPolicy(
                        Duration.ofSeconds(10),
                        Duration.ofMinutes(1),
                        Duration.ofSeconds(1),
                        30,
                        40,
                        8,
                        Duration.ofMinutes(1),
                        3,
                        100_000);
            default ->
                new WindowPolicy(
                        Duration.ofSeconds(30),
                        Duration.ofMinutes(15),
                        Duration.ofSeconds(5),
                        500,
                        800,
                        32,
                        Duration.ofMinutes(5),
                        4,
                        100_000);
        };
    }
}
