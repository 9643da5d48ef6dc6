package dev.heliograph.stream.device;

import dev.heliograph.model.alert.AlertEvents;
import dev.heliograph.model.alert.AlertTransition;
import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.id.MetricName;
import dev.heliograph.model.presence.DevicePresence;
import dev.heliograph.model.presence.PresenceState;
import dev.heliograph.model.window.SourcePosition;
import dev.heliograph.model.window.WindowEvents;
import dev.heliograph.model.window.WindowResult;
import dev.heliograph.model.wire.AlertTransitionRecord;
import dev.heliograph.model.wire.PresenceRecord;
import dev.heliograph.model.wire.WindowRecord;
import dev.heliograph.stream.StreamCounters;
import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/** Sends what the domain decided about the device at hand to the topics, and counts it. */
final class Telling implements WindowEvents, AlertEvents {
    private final ProcessorContext<String, byte[]> context;
    private final StreamCounters counters;
    private DeviceKey device;
    private String key = "";
    private long now;
    private Supplier<@Nullable SourcePosition> newest = () -> null;

    Telling(ProcessorContext<String, byte[]> context, StreamCounters counters, DeviceKey anyDevice) {
        this.context = context;
        this.counters = counters;
        this.device = anyDevice;
    }

    /** From now on, the talk is of this device; {@code newestSource}: the newest entry of the log behind what is told. */
    Telling about(DeviceKey newDevice, String newKey, long nowMicros, Supplier<@Nullable SourcePosition> newestSource) {
        newest = newestSource;
        device = newDevice;
        key = newKey;
        now = nowMicros;
        return this;
    }

    @Override
    public void result(WindowResult result) {
        counters.window(result.size(), result.phase());
        WindowRecord wire = WindowRecords.of(device, result, newest.get(), now);
        forward(WindowRecord.CODEC.encode(wire), DeviceTopology.WINDOWS_SINK);
    }

    @Override
    public void duplicate(MetricName metric, long timeMicros, boolean conflicting) {
        counters.duplicate(conflicting);
    }

    @Override
    public void overflow(MetricName metric, long minuteStartMicros) {
        counters.overflow();
    }

    @Override
    public void transition(AlertTransition step) {
        counters.transition();
        MetricName metric = step.metric();
        AlertTransitionRecord wire = new AlertTransitionRecord(
                dev.heliograph.model.wire.WireCodec.VERSION,
                step.id().toString(),
                step.alert().toString(),
                device.tenant().value(),
                device.device().value(),
                metric == null ? null : metric.value(),
                step.rule().toString(),
                step.ruleVersion(),
                step.ruleName(),
                step.kind(),
                step.severity().wireName(),
                step.from().wireName(),
                step.to().wireName(),
                step.value(),
                step.threshold(),
                step.dataMicros(),
                step.decidedMicros(),
                step.explanation());
        forward(AlertTransitionRecord.CODEC.encode(wire), DeviceTopology.ALERTS_SINK);
    }

    @Override
    public void outOfOrder(MetricName metric, long timeMicros) {
        counters.outOfOrder();
    }

    /** Tells the presence; {@code previous} equals the state where only the last-seen time or a metric's silence is new. */
    void presence(DevicePresence presence, @Nullable PresenceState previous, List<String> silentMetrics) {
        if (presence.state() != previous) {
            counters.presenceChange();
        }
        var interval = presence.expectedInterval();
        PresenceRecord wire = new PresenceRecord(
                dev.heliograph.model.wire.WireCodec.VERSION,
                device.tenant().value(),
                device.device().value(),
                presence.state().wireName(),
                previous == null ? null : previous.wireName(),
                presence.sinceMicros(),
                presence.lastSeenMicros(),
                presence.lastSampleMicros(),
                interval == null ? null : Long.valueOf(interval.toMillis()),
                presence.connected(),
                silentMetrics.isEmpty() ? null : silentMetrics);
        forward(PresenceRecord.CODEC.encode(wire), DeviceTopology.PRESENCE_SINK);
    }

    private void forward(byte[] value, String sink) {
        context.forward(new Record<>(key, value, Math.max(0, now / 1_000)), sink);
    }
}
