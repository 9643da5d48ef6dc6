package dev.heliograph.stream.device;

import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.id.MetricName;
import dev.heliograph.model.reading.Reading;
import dev.heliograph.model.reading.ReadingFlag;
import dev.heliograph.model.reading.Sample;
import dev.heliograph.model.reading.Transport;
import dev.heliograph.model.window.SourcePosition;
import dev.heliograph.model.window.SpanStore;
import dev.heliograph.model.window.WindowEvents;
import dev.heliograph.model.window.WindowPhase;
import dev.heliograph.model.window.WindowPolicy;
import dev.heliograph.model.window.WindowResult;
import dev.heliograph.model.window.WindowSize;
import dev.heliograph.model.wire.PresenceRecord;
import dev.heliograph.model.wire.ReadingCodec;
import dev.heliograph.model.wire.Topics;
import dev.heliograph.model.wire.WindowRecord;
import dev.heliograph.model.wire.WireCodec;
import dev.heliograph.writer.plan.Advance;
import dev.heliograph.writer.plan.Place;
import dev.heliograph.writer.plan.Planner;
import dev.heliograph.writer.plan.TopicRecord;
import dev.heliograph.writer.plan.Verdicts;
import dev.heliograph.writer.plan.WritePlan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One seeded history of two devices that share a partition, from the bytes of their readings to the rows of the store: the
 * domain as the stream carries it (its state is bytes between any two events, so each of them is a restart), the records
 * of its topics, the writer's plans of batches cut anywhere, and the tables. A {@link NaiveObserver} watches.
 *
 * <p>There is disorder, duplicates, conflicts, gaps, clocks of devices and of the platform that jump, data later than
 * anything is kept, and bounds that are too small for what comes.
 */
final class PipelineHistory implements WindowEvents {
    private static final long SECOND = 1_000_000;
    private static final long MINUTE = 60 * SECOND;
    private static final List<DeviceKey> DEVICES = List.of(DeviceKey.of("demo", "d0"), DeviceKey.of("demo", "d1"));
    private static final List<MetricName> METRICS = List.of(new MetricName("a"), new MetricName("b"));
    private static final List<String> TOPICS = List.of(Topics.READINGS, Topics.WINDOWS, Topics.PRESENCE);

    private final Random random;
    private final DevicePolicy policy;
    private final long pace;
    private final boolean wild;
    private final Map<String, List<TopicRecord>> log = new HashMap<>();
    private final Map<String, byte[]> state = new HashMap<>();
    private final Map<DeviceKey, Long> deviceTime = new HashMap<>();
    private final Map<Place, Long> positions = new HashMap<>();
    private final List<Reading> sent = new ArrayList<>();
    private DeviceKey told = DEVICES.getFirst();
    private Reading delivered = new Reading(
            told, 0, 0, null, List.of(new Sample.Flag(METRICS.getFirst(), true)), null, Transport.MQTT, Set.of());

    final NaiveObserver observer = new NaiveObserver();
    final ModelStore store;
    final int[] results = new int[WindowPhase.values().length];
    int overflows;
    int toldHours;
    long now = 1_790_000_000L * SECOND;

    PipelineHistory(long seed) {
        random = new Random(seed);
        policy = policy(random);
        pace = List.of(1L, 10L, 100L).get(random.nextInt(3));
        wild = random.nextInt(3) == 0;
        store = new ModelStore(1 + random.nextInt(5), () -> now);
        TOPICS.forEach(topic -> {
            log.put(topic, new ArrayList<>());
            positions.put(new Place(topic, 0), 0L);
        });
        DEVICES.forEach(device -> deviceTime.put(device, now));
    }

    /** Plays it to the end: every window closed and let go, every record written, every repair done. */
    void play() {
        int steps = 15 + random.nextInt(60);
        for (int i = 0; i < steps; i++) {
            step(random.nextInt(100));
            if (random.nextInt(6) == 0) {
                write(random.nextInt(40));
            }
            if (random.nextInt(15) == 0) {
                catchUp();
                checkPresence();
            }
        }
        drain();
    }

    private void step(int dice) {
        DeviceKey device = DEVICES.get(random.nextInt(4) == 0 ? 1 : 0);
        long time = deviceTime.getOrDefault(device, now);
        if (dice < 60) {
            pass((long) (random.nextDouble() * 3 * SECOND * pace));
            send(device, deviceTime.getOrDefault(device, now));
        } else if (dice < 70) {
            send(device, time - random.nextLong(2 * MINUTE * pace));
        } else if (dice < 73) {
            send(device, time - random.nextLong(30 * MINUTE * pace));
        } else if (dice < 75) {
            send(device, time - random.nextLong(90 * MINUTE * pace), Set.of(ReadingFlag.BACKFILL));
        } else if (dice < 84) {
            resend();
        } else if (dice < 90) {
            advanceAll();
        } else if (dice < 93) {
            pass(random.nextLong(3 * MINUTE * pace));
            advanceAll();
        } else if (dice < 96) {
            session(device);
        } else if (wild) {
            disturb(device);
        }
    }

    private void disturb(DeviceKey device) {
        switch (random.nextInt(4)) {
            case 0 -> deviceTime.merge(device, random.nextLong(10 * MINUTE), Long::sum);
            case 1 -> deviceTime.put(device, now - random.nextLong(120 * MINUTE));
            case 2 -> now += random.nextLong(60 * MINUTE);
            default -> now -= random.nextLong(10 * MINUTE);
        }
    }

    private void pass(long micros) {
        now += micros;
        deviceTime.replaceAll((device, time) -> time + micros);
    }

    private void send(DeviceKey device, long time) {
        send(device, time, Set.of());
    }

    private void send(DeviceKey device, long time, Set<ReadingFlag> flags) {
        List<Sample> samples = new ArrayList<>();
        for (MetricName metric : METRICS) {
            if (samples.isEmpty() || random.nextInt(4) > 0) {
                samples.add(new Sample.Measurement(
                        metric, random.nextInt(5) == 0 ? 0 : Math.round(random.nextGaussian() * 100) / 10.0));
            }
        }
        deliver(new Reading(device, time, now - random.nextLong(SECOND), null, samples, null, Transport.MQTT, flags));
    }

    private void resend() {
        if (!sent.isEmpty()) {
            Reading old = sent.get(Math.max(0, sent.size() - 1 - random.nextInt(20)));
            List<Sample> samples = random.nextBoolean()
                    ? old.samples()
                    : List.of(new Sample.Measurement(METRICS.getFirst(), random.nextBoolean() ? 0.0 : -0.0));
            deliver(new Reading(old.device(), old.timeMicros(), now, null, samples, null, Transport.MQTT, old.flags()));
        }
    }

    private void deliver(Reading reading) {
        sent.add(reading);
        observer.reading(reading, now);
        delivered = reading;
        long offset = append(Topics.READINGS, reading.device(), ReadingCodec.encode(reading));
        Reading read = ReadingCodec.decode(ReadingCodec.encode(reading));
        DeviceState device = open(read.device());
        if (read.flags().contains(ReadingFlag.BACKFILL)) {
            device.windows.note(read, new SourcePosition(0, offset));
        } else {
            device.windows.accept(read, new SourcePosition(0, offset), now, this);
            boolean wasAway = device.presence.onReading(read.receivedMicros(), read.timeMicros(), now);
            device.metrics.onReading(read.samples(), read.receivedMicros(), wasAway, now);
        }
        settle(device, read.device());
    }

    private void session(DeviceKey key) {
        boolean stands = random.nextBoolean();
        long at = now - random.nextLong(2 * SECOND);
        observer.session(key, stands, at);
        DeviceState device = open(key);
        device.presence.onSession(stands, at, null, at);
        settle(device, key);
    }

    private void advanceAll() {
        for (DeviceKey key : DEVICES) {
            if (state.containsKey(key.toString())) {
                DeviceState device = open(key);
                device.windows.advance(now, false, this);
                settle(device, key);
            }
        }
    }

    private DeviceState open(DeviceKey key) {
        told = key;
        byte[] bytes = state.get(key.toString());
        SpanStore minutes = new Spans(key + "@");
        SpanStore hours = new Spans(key + "@h");
        return bytes == null
                ? DeviceState.fresh(key, policy, minutes, hours)
                : DeviceState.fromBytes(bytes, key, policy, minutes, hours);
    }

    private void settle(DeviceState device, DeviceKey key) {
        device.presence.evaluate(now, false).ifPresent(change -> {
            PresenceRecord record = new PresenceRecord(
                    WireCodec.VERSION,
                    key.tenant().value(),
                    key.device().value(),
                    change.state().wireName(),
                    null,
                    change.atMicros(),
                    device.presence.lastSeenMicros(),
                    device.presence.lastSampleMicros(),
                    null,
                    device.presence.connected(),
                    null);
            append(Topics.PRESENCE, key, PresenceRecord.CODEC.encode(record));
        });
        state.put(key.toString(), device.toBytes(DevicePolicy.STATE_FORMAT));
    }

    private long append(String topic, DeviceKey key, byte[] value) {
        List<TopicRecord> records = log.getOrDefault(topic, List.of());
        long offset = records.size();
        records.add(new TopicRecord(new Place(topic, 0), offset, now / 1_000, key.toString(), value));
        return offset;
    }

    /** Writes a batch of so many records at most of each topic, in any mixture. */
    private int write(int most) {
        List<TopicRecord> batch = new ArrayList<>();
        for (String topic : TOPICS) {
            List<TopicRecord> records = log.getOrDefault(topic, List.of());
            int from = positions.getOrDefault(new Place(topic, 0), 0L).intValue();
            int count = Math.min(records.size() - from, most == 0 ? 0 : random.nextInt(most));
            batch.addAll(records.subList(from, from + count));
        }
        WritePlan plan = Planner.plan(batch, positions, Verdicts.NONE);
        if (!plan.quarantine().isEmpty()) {
            throw new AssertionError("refused: " + plan.quarantine());
        }
        store.apply(plan);
        for (Advance advance : plan.advances()) {
            positions.put(advance.place(), advance.next());
        }
        return batch.size();
    }

    private void catchUp() {
        advanceAll();
        while (left() > 0) {
            write(200);
        }
    }

    /** What is stored of the presence, while all is written, is what the definitions say now. */
    void checkPresence() {
        for (DeviceKey device : devices()) {
            String expected = observer.presence(device, now).wireName();
            PresenceRecord stored = store.presence.get(device);
            // Nothing is told of a device that was never heard of.
            String found = stored == null ? "unknown" : stored.state();
            if (!found.equals(expected)) {
                throw new AssertionError("presence of " + device + ": " + found + " for " + expected);
            }
        }
    }

    private void drain() {
        for (DeviceKey key : DEVICES) {
            for (int i = 0; i < 1_000 && state.containsKey(key.toString()); i++) {
                DeviceState device = open(key);
                if (device.windows.dueMicros() == Long.MAX_VALUE) {
                    break;
                }
                now = Math.max(now + 1, device.windows.dueMicros());
                device.windows.advance(now, false, this);
                settle(device, key);
            }
        }
        catchUp();
        Place readings = new Place(Topics.READINGS, 0);
        long end = positions.getOrDefault(readings, 0L);
        for (int i = 0; i < 10_000 && !store.repairs.isEmpty(); i++) {
            now = Math.max(now, store.nextRepairDue());
            store.apply(WritePlan.moving(List.of(new Advance(readings, end, end))));
        }
        // Time has passed: what was heard of a device is older now.
        catchUp();
    }

    private long left() {
        long left = 0;
        for (String topic : TOPICS) {
            left += log.getOrDefault(topic, List.of()).size() - positions.getOrDefault(new Place(topic, 0), 0L);
        }
        return left;
    }

    /** Spans that are still kept; none after the end. */
    long keptSpans() {
        return state.keySet().stream().filter(key -> key.contains("@")).count();
    }

    List<DeviceKey> devices() {
        return DEVICES.stream()
                .filter(device -> state.containsKey(device.toString()))
                .toList();
    }

    @Override
    public void result(WindowResult result) {
        results[result.phase().ordinal()]++;
        toldHours += result.size() == WindowSize.ONE_HOUR ? 1 : 0;
        append(Topics.WINDOWS, told, WindowRecord.CODEC.encode(WindowRecords.of(told, result, null, now)));
    }

    @Override
    public void duplicate(MetricName metric, long timeMicros, boolean conflicting) {
        boolean first = observer.isFirst(told, metric, timeMicros, delivered);
        if (first == conflicting) {
            throw new AssertionError(metric + " at " + timeMicros + ": a conflict to the stream is " + conflicting);
        }
    }

    @Override
    public void overflow(MetricName metric, long minuteStartMicros) {
        overflows++;
    }

    private final class Spans implements SpanStore {
        private final String prefix;

        Spans(String prefix) {
            this.prefix = prefix;
        }

        @Override
        public byte @Nullable [] load(long startMicros) {
            return state.get(prefix + startMicros);
        }

        @Override
        public void save(long startMicros, byte[] bytes) {
            state.put(prefix + startMicros, bytes);
        }

        @Override
        public void forget(long startMicros) {
            state.remove(prefix + startMicros);
        }
    }

    private static DevicePolicy policy(Random random) {
        WindowPolicy windows = switch (random.nextInt(4)) {
            case 0 -> WindowPolicy.DEFAULT;
            case 1 -> new WindowPolicy(Duration.ZERO, Duration.ZERO, Duration.ZERO, 4, 6, 2, Duration.ZERO, 2, 1_000);
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
                        20_000);
            default ->
                new WindowPolicy(
                        Duration.ofSeconds(30),
                        Duration.ofMinutes(60),
                        Duration.ofSeconds(5),
                        500,
                        800,
                        64,
                        Duration.ofMinutes(5),
                        4,
                        250_000);
        };
        return new DevicePolicy(
                windows,
                DevicePolicy.DEFAULT.presence(),
                Duration.ZERO,
                LagPolicy.DEFAULT,
                Duration.ofMillis(200),
                0.5,
                DevicePolicy.STATE_FORMAT);
    }
}
