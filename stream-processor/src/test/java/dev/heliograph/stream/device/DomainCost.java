package dev.heliograph.stream.device;

import dev.heliograph.model.alert.AlertEvents;
import dev.heliograph.model.alert.AlertRule;
import dev.heliograph.model.alert.AlertTransition;
import dev.heliograph.model.alert.Comparison;
import dev.heliograph.model.alert.Condition;
import dev.heliograph.model.alert.RuleBook;
import dev.heliograph.model.alert.RuleScope;
import dev.heliograph.model.alert.Severity;
import dev.heliograph.model.alert.WatchedRules;
import dev.heliograph.model.device.DeviceAttributes;
import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.id.MetricName;
import dev.heliograph.model.id.TenantId;
import dev.heliograph.model.reading.Reading;
import dev.heliograph.model.reading.Sample;
import dev.heliograph.model.reading.Transport;
import dev.heliograph.model.window.SourcePosition;
import dev.heliograph.model.window.SpanStore;
import dev.heliograph.model.window.WindowEvents;
import dev.heliograph.model.window.WindowResult;
import dev.heliograph.model.wire.ReadingCodec;
import dev.heliograph.model.wire.WindowRecord;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Core-seconds for a million readings from their bytes to the bytes of the results, state read and written as bytes, with
 * maps in place of stores. Run by hand; it prints a line for each shape of load.
 */
final class DomainCost implements WindowEvents, AlertEvents {
    private static final int DEVICES = 1_000;
    private static final int READINGS = 1_000_000;
    private static final long T0 = 1_790_000_040_000_000L;

    private final Map<String, byte[]> devices = new HashMap<>();
    private final Map<Long, byte[]>[] minutes;
    private final Map<Long, byte[]>[] hours;
    private final WatchedRules rules;
    private long results;
    private long resultBytes;
    private long stateBytes;
    private DeviceKey device = DeviceKey.of("demo", "d0");

    @SuppressWarnings({"unchecked", "rawtypes"})
    private DomainCost() {
        minutes = new Map[DEVICES];
        hours = new Map[DEVICES];
        for (int i = 0; i < DEVICES; i++) {
            minutes[i] = new HashMap<>();
            hours[i] = new HashMap<>();
        }
        var condition = new Condition.Threshold(new MetricName("metric0"), Comparison.GE, 46, 44);
        rules = new RuleBook(List.of(new AlertRule(
                        new TenantId("demo"),
                        new UUID(0, 1),
                        1,
                        true,
                        "Hot",
                        Severity.WARNING,
                        RuleScope.ALL,
                        condition,
                        Duration.ofSeconds(10),
                        Duration.ZERO)))
                .watching(device, DeviceAttributes.UNREGISTERED);
    }

    public static void main(String[] arguments) {
        for (int round = 0; round < 2; round++) {
            for (int metrics : new int[] {1, 3}) {
                for (long interval : new long[] {10_000_000, 1_000_000, 100_000}) {
                    new DomainCost().measure(metrics, interval);
                }
            }
        }
    }

    private void measure(int metrics, long interval) {
        List<DeviceKey> keys = new ArrayList<>();
        for (int i = 0; i < DEVICES; i++) {
            keys.add(DeviceKey.of("demo", "d" + i));
        }
        long cpu = 0;
        for (int batch = 0; batch < READINGS / DEVICES; batch++) {
            long time = T0 + batch * interval;
            List<byte[]> wire = new ArrayList<>(DEVICES);
            for (int i = 0; i < DEVICES; i++) {
                wire.add(reading(keys.get(i), time + i, metrics, batch));
            }
            long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            for (int i = 0; i < DEVICES; i++) {
                process(i, wire.get(i), time + i);
            }
            cpu += ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before;
        }
        System.out.printf(
                "%d metrics, one reading in %.1f s: %.1f core-s/M, %.2f results a reading, %d state bytes a reading%n",
                metrics,
                interval / 1e6,
                cpu / 1e9 / (READINGS / 1e6),
                (double) results / READINGS,
                stateBytes / READINGS);
    }

    private void process(int index, byte[] wire, long now) {
        Reading reading = ReadingCodec.decode(wire);
        device = reading.device();
        String key = device.toString();
        SpanStore minutesOfIt = new MapSpans(minutes[index]);
        SpanStore hoursOfIt = new MapSpans(hours[index]);
        byte[] bytes = devices.get(key);
        DeviceState state = bytes == null
                ? DeviceState.fresh(device, DevicePolicy.DEFAULT, minutesOfIt, hoursOfIt)
                : DeviceState.fromBytes(bytes, device, DevicePolicy.DEFAULT, minutesOfIt, hoursOfIt);
        state.alerts.follow(rules, state.metrics::lastSeenMicros, now, this);
        state.windows.accept(reading, new SourcePosition(0, 0), now, this);
        boolean wasAway = state.presence.onReading(now, reading.timeMicros(), now);
        state.metrics.onReading(reading.samples(), now, wasAway, now);
        state.alerts.onReading(reading, now, this);
        state.presence.evaluate(now, false);
        byte[] after = state.toBytes(DevicePolicy.STATE_FORMAT);
        stateBytes += after.length;
        devices.put(key, after);
    }

    private static byte[] reading(DeviceKey key, long time, int metrics, int batch) {
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < metrics; i++) {
            samples.add(new Sample.Measurement(new MetricName("metric" + i), 20 + (batch * 7 + i) % 30 / 10.0));
        }
        return ReadingCodec.encode(new Reading(key, time, time, null, samples, null, Transport.MQTT, Set.of()));
    }

    private final class MapSpans implements SpanStore {
        private final Map<Long, byte[]> map;

        MapSpans(Map<Long, byte[]> map) {
            this.map = map;
        }

        @Override
        public byte @Nullable [] load(long startMicros) {
            return map.get(startMicros);
        }

        @Override
        public void save(long startMicros, byte[] bytes) {
            stateBytes += bytes.length;
            map.put(startMicros, bytes);
        }

        @Override
        public void forget(long startMicros) {
            map.remove(startMicros);
        }
    }

    @Override
    public void result(WindowResult result) {
        results++;
        resultBytes += WindowRecord.CODEC.encode(WindowRecords.of(device, result, null, 0)).length;
    }

    @Override
    public void duplicate(MetricName metric, long timeMicros, boolean conflicting) {}

    @Override
    public void overflow(MetricName metric, long minuteStartMicros) {}

    @Override
    public void transition(AlertTransition transition) {}

    @Override
    public void outOfOrder(MetricName metric, long timeMicros) {}
}
