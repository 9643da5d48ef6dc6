package dev.heliograph.query.stream;

import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.id.TenantId;
import dev.heliograph.model.reading.Micros;
import dev.heliograph.model.reading.Reading;
import dev.heliograph.model.reading.ReadingFlag;
import dev.heliograph.model.reading.Sample;
import dev.heliograph.model.wire.AlertTransitionRecord;
import dev.heliograph.model.wire.CorrectionRecord;
import dev.heliograph.model.wire.PresenceRecord;
import dev.heliograph.model.wire.ReadingCodec;
import dev.heliograph.model.wire.WindowRecord;
import dev.heliograph.model.wire.WindowRevisionRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Turns the records of one tick and one tenant into fragments, by device. Not thread-safe. */
final class TickBuilder {
    private static final long MICROS_PER_MILLI = 1_000;

    private final TenantId tenant;
    private final JsonMapper json;
    private final Map<String, Map<String, Points>> numbers = new LinkedHashMap<>();
    private final Map<String, Map<String, Points>> states = new LinkedHashMap<>();
    private final Map<String, List<Fragment>> others = new LinkedHashMap<>();

    TickBuilder(TenantId tenant, JsonMapper json) {
        this.tenant = tenant;
        this.json = json;
    }

    /** The points of one series as the insides of two JSON arrays. */
    private static final class Points {
        final StringBuilder times = new StringBuilder();
        final StringBuilder values = new StringBuilder();
        int count;
        long newestMillis = Long.MIN_VALUE;
        String newest = "";

        void add(long timeMillis, String value) {
            if (count++ > 0) {
                times.append(',');
                values.append(',');
            }
            times.append(timeMillis);
            values.append(value);
            if (timeMillis >= newestMillis) {
                newestMillis = timeMillis;
                newest = value;
            }
        }
    }

    /**
     * Takes one record. The device of its key must be the one that its value names: a record that contradicts itself could
     * cross the wall between tenants.
     *
     * @throws dev.heliograph.model.wire.WireFormatException if the value is not what the topic holds
     */
    void add(StreamTopic topic, DeviceKey key, byte[] value) {
        switch (topic) {
            case SAMPLES -> {
                if (CorrectionRecord.isOne(value)) {
                    revised(key, CorrectionRecord.CODEC.decode(value));
                } else {
                    reading(key, ReadingCodec.decode(value));
                }
            }
            case WINDOWS -> window(key, WindowRecord.CODEC.decode(value));
            case REVISIONS -> changed(key, WindowRevisionRecord.CODEC.decode(value));
            case PRESENCE -> presence(key, PresenceRecord.CODEC.decode(value));
            case ALERTS -> alert(key, AlertTransitionRecord.CODEC.decode(value));
            case SYSTEM, LEDGER -> throw new IllegalArgumentException(topic + " comes from no topic of Kafka");
        }
    }

    private void reading(DeviceKey key, Reading reading) {
        // What tells of the past is no news; the views of history find it in the store.
        if (!reading.device().equals(key) || reading.flags().contains(ReadingFlag.BACKFILL)) {
            return;
        }
        String device = key.device().value();
        long millis = Math.floorDiv(reading.timeMicros(), MICROS_PER_MILLI);
        for (Sample sample : reading.samples()) {
            switch (sample) {
                case Sample.Measurement m ->
                    points(numbers, device, m.metric().value()).add(millis, Double.toString(m.value()));
                case Sample.Flag f ->
                    points(numbers, device, f.metric().value()).add(millis, f.value() ? "1" : "0");
                case Sample.State s ->
                    points(states, device, s.metric().value()).add(millis, json.writeValueAsString(s.text()));
            }
        }
    }

    /** A hint to fetch anew, given when the change is on its way: the correction's status tells when it is done. */
    private void revised(DeviceKey key, CorrectionRecord correction) {
        if (isOf(key, correction.tenant(), correction.device())) {
            byte[] shown = json.writeValueAsBytes(new Revised(
                    correction.correction(),
                    correction.device(),
                    correction.metric(),
                    Micros.toInstant(correction.from()),
                    Micros.toInstant(correction.to())));
            other(StreamTopic.SAMPLES, "revised", key, correction.metric(), null, shown);
        }
    }

    private record Revised(
            String correction, String device, @Nullable String metric, java.time.Instant from, java.time.Instant to) {}

    /** What the store has changed: the windows as results like any other, and the range for those who hold an answer about it. */
    private void changed(DeviceKey key, WindowRevisionRecord revision) {
        if (!isOf(key, revision.tenant(), revision.device())) {
            return;
        }
        List<WindowRecord> windows = revision.windows();
        if (windows != null) {
            windows.forEach(window -> window(key, window));
        }
        byte[] shown = json.writeValueAsBytes(new Changed(
                revision.device(),
                revision.metric(),
                Micros.toInstant(revision.from()),
                Micros.toInstant(revision.to()),
                windows != null));
        String range = revision.metric() + "/" + revision.from() + "/" + revision.to();
        other(StreamTopic.REVISIONS, "changed", key, revision.metric(), range, shown);
    }

    private record Changed(
            String device, String metric, java.time.Instant from, java.time.Instant to, boolean windowsTold) {}

    private static Points points(Map<String, Map<String, Points>> all, String device, String metric) {
        return all.computeIfAbsent(device, name -> new LinkedHashMap<>()).computeIfAbsent(metric, name -> new Points());
    }

    private void window(DeviceKey key, WindowRecord window) {
        if (isOf(key, window.tenant(), window.device()) && !window.phase().equals("repair")) {
            String series = window.metric() + "/" + window.size() + "/" + window.start();
            other(StreamTopic.WINDOWS, "windows", key, window.metric(), series, WindowRecord.CODEC.encode(window));
        }
    }

    private void presence(DeviceKey key, PresenceRecord presence) {
        if (isOf(key, presence.tenant(), presence.device())) {
            other(StreamTopic.PRESENCE, "presence", key, null, "", PresenceRecord.CODEC.encode(presence));
        }
    }

    private void alert(DeviceKey key, AlertTransitionRecord step) {
        if (isOf(key, step.tenant(), step.device())) {
            byte[] shown = json.writeValueAsBytes(AlertStep.of(step));
            other(StreamTopic.ALERTS, "alerts", key, step.metric(), null, shown);
        }
    }

    private boolean isOf(DeviceKey key, String valueTenant, String valueDevice) {
        return tenant.value().equals(valueTenant) && key.device().value().equals(valueDevice);
    }

    private void other(
            StreamTopic topic,
            String event,
            DeviceKey key,
            @Nullable String metric,
            @Nullable String newestOf,
            byte[] shown) {
        String device = key.device().value();
        String conflation = newestOf == null ? null : event + "/" + device + "/" + newestOf;
        others.computeIfAbsent(device, name -> new ArrayList<>())
                .add(new Fragment(topic, event, device, metric, conflation, shown));
    }

    /** All fragments by device. */
    Map<String, List<Fragment>> build() {
        Map<String, List<Fragment>> fragments = new LinkedHashMap<>();
        series("samples", numbers, fragments);
        series("states", states, fragments);
        others.forEach((device, list) ->
                fragments.computeIfAbsent(device, name -> new ArrayList<>()).addAll(list));
        return fragments;
    }

    // Names of devices and metrics have no character that JSON would escape.
    private static void series(
            String event, Map<String, Map<String, Points>> all, Map<String, List<Fragment>> fragments) {
        all.forEach((device, metrics) -> metrics.forEach((metric, points) -> fragments
                .computeIfAbsent(device, name -> new ArrayList<>())
                .add(series(event, device, metric, points))));
    }

    private static Fragment series(String event, String device, String metric, Points points) {
        String key = event + "/" + device + "/" + metric;
        byte[] all = entry(device, metric, points.times, points.values);
        byte[] last =
                points.count == 1 ? all : entry(device, metric, Long.toString(points.newestMillis), points.newest);
        Fragment newest = new Fragment(StreamTopic.SAMPLES, event, device, metric, key, last);
        return new Fragment(StreamTopic.SAMPLES, event, device, metric, key, all, newest);
    }

    private static byte[] entry(String device, String metric, CharSequence times, CharSequence values) {
        return ("{\"device\":\"" + device + "\",\"metric\":\"" + metric + "\",\"times\":[" + times + "],\"values\":["
                        + values + "]}")
                .getBytes(StandardCharsets.UTF_8);
    }

    /** A step of an alert as the stream shows it. */
    private record AlertStep(
            String id,
            String alert,
            String device,
            @Nullable String metric,
            String ruleId,
            String ruleName,
            String severity,
            String from,
            String to,
            @Nullable Double value,
            @Nullable Double threshold,
            java.time.Instant dataTime,
            java.time.Instant decidedAt,
            String explanation) {
        static AlertStep of(AlertTransitionRecord step) {
            return new AlertStep(
                    step.id(),
                    step.alert(),
                    step.device(),
                    step.metric(),
                    step.rule(),
                    step.ruleName(),
                    step.severity(),
                    step.from(),
                    step.to(),
                    step.value(),
                    step.threshold(),
                    Micros.toInstant(step.dataTime()),
                    Micros.toInstant(step.decidedAt()),
                    step.explanation());
        }
    }
}
